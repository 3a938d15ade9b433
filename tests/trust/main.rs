//! Repositories that were made to hurt whoever looks at them. Nothing of them ends the program, stops it, takes the
//! machine's memory, changes what lies elsewhere, or excuses itself.
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

mod elsewhere;
mod indexes;
mod loose;
mod meanwhile;
mod names;
mod packs;
mod pushes;
mod scene;
mod sizes;
