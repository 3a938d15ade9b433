//! What is printed.

mod formats;
mod judged;
mod pages;
mod screen;
mod shown;
