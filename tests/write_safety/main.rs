//! A private file is written whole or not at all, and nobody else can read it at any moment: killed or refused at every
//! system call, in every awkward place, and with others at work on the same file.
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

#[path = "../common/mod.rs"]
mod common;

mod killed;
mod meanwhile;
mod memory;
mod owners;
mod places;
mod refused;
mod scene;
