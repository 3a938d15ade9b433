//! Repositories, against git itself.

mod fixture;
mod history;
mod index;
mod open;
mod random;
mod shapes;
mod values;
