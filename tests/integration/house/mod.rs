//! The project itself.

mod architecture;
mod checks;
mod examples;
mod harness;
mod readme;
mod source;
