//! What is printed.

mod formats;
mod judged;
mod screen;
mod shown;
