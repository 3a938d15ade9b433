//! `envward check` on the work tree: who can open an env file, where it lies, and what is in it.

mod access;
mod content;
mod docker;
mod links;
mod output;
mod which_files;

use std::os::unix::fs::chown;

use crate::common::listed::{findings, problems, project, report, the};
use crate::common::{Sandbox, fill::fill};
use envward::checks::Step::{Acl, Dir, File, Git, HardLink, Link, Owner};

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

/// The findings of `check` alone, which must end with this status.
#[track_caller]
fn check(sandbox: &Sandbox, args: &[&str], code: i32) -> Vec<String> {
    findings(&report(sandbox, &[&["check"], args].concat(), code))
}
