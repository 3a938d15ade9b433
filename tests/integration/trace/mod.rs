//! `envward trace`: where else on this host secrets in use are.

mod hostile;
mod images;
mod other_verbs;
mod packed;
mod places;
mod processes;
mod reach;
mod report;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed;
use crate::common::packed::{gzip, zip};
use serde_json::Value;

const ON_DISK: &str = "live-value-on-disk";
const NONE: [&str; 0] = [];

/// A project with one secret in use.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox
}

fn value() -> String {
    fill("{password}")
}

/// Writes a file of the sandbox, outside the project.
fn outside(sandbox: &Sandbox, path: &str, text: impl AsRef<[u8]>) {
    let path = sandbox.root().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[track_caller]
fn trace(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    // For root a private file is a note.
    listed::report(sandbox, &[&["trace", "--fail-on", "note"], args].concat(), code)
}

/// The paths with a finding, the sandbox's own taken out.
fn paths(sandbox: &Sandbox, report: &Value) -> Vec<String> {
    let root = format!("{}/", sandbox.root().display());
    let all = report["findings"].as_array().unwrap().iter();
    let mut paths: Vec<String> = all.map(|one| one["path"].as_str().unwrap().replace(&root, "")).collect();
    paths.sort();
    paths
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
