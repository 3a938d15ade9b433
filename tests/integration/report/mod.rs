//! What is printed.

pub mod formats;
mod judged;
mod screen;
mod shown;
