//! `envward scan`.

mod advice;
mod history;
mod live;
pub mod many;
