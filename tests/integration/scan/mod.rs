//! `envward scan`.

mod advice;
mod advice_here;
mod history;
mod live;
pub mod many;
