//! The project itself.

mod checks;
mod examples;
mod harness;
mod readme;
mod source;
