//! What is printed.

mod formats;
mod screen;
mod shown;
