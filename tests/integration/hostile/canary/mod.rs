//! The canary: a value planted wherever values get to, every command run over it, and everything written searched.
//!
//! One case is left out on purpose: a PATH argument that does not exist. What somebody types in place of a path is
//! theirs, their shell has kept it already, and an error that does not name it helps nobody. It is only escaped:
//! [`a_path_that_does_not_exist_is_named_escaped`].

mod agents;
mod docker;
mod env_files;
mod failures;
mod history;
mod itself;
mod keys;
mod names;
mod places;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::common::canary::{Case, FORMATS, case, failure, marker, observe, run, run_with, unexpected};
use crate::common::fill::base62;
use crate::common::leak::Marker;
use crate::common::{Sandbox, encode};

/// A case whose env file has this text.
fn in_env(name: &'static str, text: fn(&str) -> String) -> Case {
    case(name, move |sandbox, marker| env(sandbox, &text(marker)))
}

/// A case whose compose file has this text.
fn in_compose(name: &'static str, text: fn(&str) -> String) -> Case {
    case(name, move |sandbox, marker| sandbox.file("compose.yaml", 0o644, text(marker)))
}

fn in_dockerfile(name: &'static str, text: fn(&str) -> String) -> Case {
    case(name, move |sandbox, marker| sandbox.file("Dockerfile", 0o644, text(marker)))
}

/// A Dockerfile with a line that Docker refuses.
fn broken_dockerfile(name: &'static str, text: fn(&str) -> String) -> Case {
    let setup = move |sandbox: &Sandbox, marker: &str| sandbox.file("Dockerfile", 0o644, text(marker));
    failure(name, setup, &[&["preflight"], &["preflight", "--no-history"]])
}

const INSPECT: &[&[&str]] = &[&["preflight", "--inspect", "inspect.json"]];

/// A case whose `inspect.json` has this text.
fn inspection(name: &'static str, text: fn(&str) -> String) -> Case {
    Case { commands: INSPECT, ..case(name, move |sandbox, marker| sandbox.file("inspect.json", 0o600, text(marker))) }
}

/// The same, where it is not what Docker writes.
fn broken_inspection(name: &'static str, text: fn(&str) -> String) -> Case {
    Case { incomplete: true, ..inspection(name, text) }
}

/// A case whose `scan.json` has this text, beside something to deploy.
fn scanned(name: &'static str, text: fn(&str) -> String) -> Case {
    let setup = move |sandbox: &Sandbox, marker: &str| {
        sandbox.file("compose.yaml", 0o644, "services:\n  a: {image: 'x:1.0.0'}\n");
        sandbox.file("scan.json", 0o644, text(marker));
    };
    Case { commands: &[&["preflight", "--scan-report", "scan.json"]], ..case(name, setup) }
}

/// A compose file that cannot be read, beside an env file with the marker as a value.
fn broken_compose(name: &'static str, text: fn(&str) -> String) -> Case {
    let setup = move |sandbox: &Sandbox, marker: &str| {
        plain(sandbox, marker);
        sandbox.file("compose.yaml", 0o644, text(marker));
    };
    failure(name, setup, &[&["check"], &["preflight"], &["preflight", "--no-history"]])
}

fn in_example(name: &'static str, text: fn(&str) -> String) -> Case {
    case(name, move |sandbox, marker| sandbox.file(".env.example", 0o644, text(marker)))
}

fn env(sandbox: &Sandbox, text: &(impl AsRef<[u8]> + ?Sized)) {
    sandbox.file(".env", 0o600, text);
}

fn plain(sandbox: &Sandbox, marker: &str) {
    if !sandbox.path(".git").exists() {
        sandbox.git(&["init"]);
    }
    env(sandbox, &format!("DB_PASSWORD={marker}\n"));
}

fn commit(sandbox: &Sandbox) {
    commit_as(sandbox, "Ada", "change");
}

fn commit_as(sandbox: &Sandbox, author: &str, message: &str) {
    sandbox.git(&["add", "--all"]);
    let command = sandbox.git_command("", &["commit", "--quiet", "--message", message]);
    drop(command.env("GIT_AUTHOR_NAME", author).env("GIT_COMMITTER_NAME", author).run().code(0));
}

/// Replaces a file of git's, which are often read-only.
fn overwrite(sandbox: &Sandbox, path: &str, text: &str) {
    let _ = fs::remove_file(sandbox.path(path));
    sandbox.file(path, 0o644, text);
}

/// A case whose `envward.toml` has this text, beside an env file with the marker as a value.
fn config(name: &'static str, text: fn(&str) -> String) -> Case {
    let setup = move |sandbox: &Sandbox, marker: &str| {
        plain(sandbox, marker);
        sandbox.file("envward.toml", 0o644, text(marker));
        // What is staged is judged by the staged configuration.
        sandbox.git(&["add", "envward.toml"]);
    };
    Case { is_setting: true, ..case(name, setup) }
}

/// The same, where it must be refused.
fn bad_config(name: &'static str, text: fn(&str) -> String) -> Case {
    Case { incomplete: true, is_setting: false, ..config(name, text) }
}

fn ignore(check: &str, reason: &str, until: &str) -> String {
    format!("[[ignore]]\ncheck = \"{check}\"\nreason = \"{reason}\"\nuntil = \"{until}\"\n")
}
