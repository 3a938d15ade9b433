//! What is broken, hostile or not there: it is named, the rest is reported, the status is 2, and nothing hangs or runs.

mod command_line;
mod files;
mod nothing_runs;
mod output;
mod repositories;

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, problems, project, report, the};
use envward::checks::Step::{File, Git};
use serde_json::Value;

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

/// A file beside what is broken, whose finding must not get lost.
const REST: (&str, u32, &str) = ("rest/.env", 0o644, "REDIS_PASSWORD={password9}\n");
const REST_FOUND: &str = "error env-file-mode rest/.env";

fn with_rest() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(REST.0, REST.1, fill(REST.2));
    sandbox
}

#[track_caller]
fn check(sandbox: &Sandbox, code: i32) -> Value {
    report(sandbox, &["check"], code)
}

#[track_caller]
fn scan(sandbox: &Sandbox, code: i32) -> Value {
    report(sandbox, &["scan"], code)
}

/// A repository in which `.env` was added and removed, and `prod.env` is still there.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    for (name, text) in [(".env", GOOD), ("prod.env", "JWT_SECRET={hex64}\n")] {
        sandbox.file(name, 0o600, fill(text));
        sandbox.git(&["add", "-f", name]);
        sandbox.git(&["commit", "-qm", "add"]);
    }
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox
}

fn object(sandbox: &Sandbox, spec: &str) -> (String, String) {
    let id = sandbox.git(&["rev-parse", spec]);
    let path = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
    (id, path)
}

/// Changes bytes in the middle of a file of git's, which are read-only.
fn damage(sandbox: &Sandbox, path: &str) {
    let path = sandbox.path(path);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    bytes[middle + 1] ^= 0xff;
    fs::remove_file(&path).unwrap();
    fs::write(&path, bytes).unwrap();
}
