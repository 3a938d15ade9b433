//! The project itself.

mod architecture;
mod checks;
mod examples;
mod harness;
mod help;
mod limits;
mod readme;
mod source;
mod threat_model;
mod words;
