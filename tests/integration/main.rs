//! The tests of the program and of the library as others see them. One program: a folder for each verb, and for what verbs have
//! in common.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::use_debug,
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "a test harness fails by panicking"
)]

mod check;
mod common;
mod completions;
mod compose;
mod doctor;
mod env;
mod faults;
mod files;
mod generate;
mod git;
mod hook;
mod hostile;
mod house;
mod incident;
mod init;
mod key;
mod next_steps;
mod preflight;
mod report;
mod rotation;
mod scan;
mod status;
mod summary;
mod trace;
