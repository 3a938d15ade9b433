//! The hooks beside pre-commit, with real pushes, checkouts and rebases; and how all are put in place.

mod after;
mod install;
mod push;
mod steps;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::common::fill::fill;
use crate::common::listed::project;
use crate::common::{Sandbox, own_uid_is_root, skip_without_root};
use envward::checks::Step::{File, Git};

const HOOKS: [&str; 6] = ["pre-commit", "pre-merge-commit", "pre-push", "post-checkout", "post-merge", "post-rewrite"];
const GOOD: &str = "DB_PASSWORD={password}\n";

/// A repository with a first commit, the hooks in place, and a remote that has that commit.
fn with_remote() -> Sandbox {
    let sandbox = project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")]);
    sandbox.git(&["init", "-q", "--bare", "../remote.git"]);
    sandbox.git(&["remote", "add", "origin", "../remote.git"]);
    sandbox.git(&["push", "-q", "origin", "main"]);
    drop(sandbox.envward(&["hook", "install"]).code(0));
    sandbox
}

fn commit(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qnm", path]);
}

/// Pushes, which must not work; what was said.
#[track_caller]
fn is_refused(sandbox: &Sandbox, args: &[&str]) -> String {
    let refs = || sandbox.git_command("", &["ls-remote", "../remote.git"]).run().stdout;
    let before = refs();
    let output = sandbox.git_command("", &[&["push", "-q"], args].concat()).run().code(1);
    assert_eq!(refs(), before, "nothing was pushed");
    let text = output.stdout + &output.stderr;
    assert!(text.lines().filter(|line| !line.starts_with("error: ")).count() <= 12, "{text}");
    text
}

#[track_caller]
fn pushes(sandbox: &Sandbox, args: &[&str]) -> String {
    let output = sandbox.git_command("", &[&["push", "-q"], args].concat()).run().code(0);
    output.stdout + &output.stderr
}
