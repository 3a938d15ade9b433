//! What is very large, very deep, very many or a circle, and what is swapped while it is examined: an answer in ten seconds of a
//! processor and within a gibibyte, or a problem that names the limit.

mod circles;
mod deep;
mod large;
mod swapped;

use crate::common::Sandbox;
use crate::common::ordeal::{Ordeal, endure};

/// Runs envward in a sandbox.
fn run(sandbox: &Sandbox, line: &str) -> Ordeal {
    let args: Vec<&str> = line.split_whitespace().collect();
    endure(&mut sandbox.command(&args).into_command(), b"")
}

/// Fails unless the verb answers; where `limit` is given, unless it says that this was not examined.
#[track_caller]
fn assert_answers(sandbox: &Sandbox, line: &str, what: &str, limit: Option<&str>) {
    let ordeal = run(sandbox, line);
    assert_eq!(ordeal.fault(), None, "{what}: {line}: {} MiB", ordeal.peak >> 10);
    let told = format!("{}{}", ordeal.stdout, ordeal.stderr);
    if let Some(limit) = limit {
        assert_eq!(ordeal.code(), Some(2), "{what}: {line}: {told}");
        assert!(told.contains(limit), "{what}: {line}: {told}");
    }
}
