//! Secrets in use that were leaked: in env files, and anywhere else in git.

mod commits;
mod found;
mod in_use;
mod repositories;
mod told;

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::common::fill::fill;
use crate::common::listed::{findings, problems, project, report, the};
use crate::common::packed::{gzip, zip};
use crate::common::{Sandbox, encode};
use envward::checks::Step::{File, Git};
use serde_json::{Value, json};

const CHECK: &str = "live-value-elsewhere";
const NONE: [&str; 0] = [];

#[track_caller]
fn scan(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    report(sandbox, &[&["scan"], args].concat(), code)
}

fn value() -> String {
    fill("{password}")
}

/// A repository whose env file is ignored, and was never committed.
fn repository() -> Sandbox {
    project(&[
        Git("init"),
        File(".gitignore", 0o644, ".env\n"),
        Git("add ."),
        Git("commit -m start"),
        File(".env", 0o600, "DB_PASSWORD={password}\n"),
    ])
}

fn commit(sandbox: &Sandbox, path: &str, text: impl AsRef<[u8]>) -> String {
    sandbox.file(path, 0o644, text);
    sandbox.git(&["add", "--force", "--", path]);
    sandbox.git(&["commit", "--quiet", "--message", "add"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

/// Text in lines of so many columns.
fn broken(text: &str, columns: usize, by: &str) -> String {
    let lines: Vec<&str> = text.as_bytes().chunks(columns).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join(by)
}
