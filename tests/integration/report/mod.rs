//! What is printed.

pub mod formats;
mod judged;
mod pages;
mod screen;
mod shown;
