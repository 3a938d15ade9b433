//! What was made to hurt.

mod any_bytes;
mod bad_input;
mod canary;
mod claims;
mod extremes;
mod fuzz_repositories;
mod memory;
mod no_program_runs;
mod odd_repositories;
pub mod trust;
