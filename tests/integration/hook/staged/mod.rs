//! The pre-commit hook, with real commits: what it stops, and what it lets pass.

mod index;
mod literals;
mod merges;
mod passing;
mod places;
mod stopped;
mod values;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::fill::fill;
use crate::common::listed::{findings, problems, project, report, the};
use crate::common::{Output, Sandbox};
use envward::checks::Step::{File, Git};

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

/// A repository with a first commit, and the hook in place.
fn guarded() -> Sandbox {
    let sandbox = project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")]);
    drop(sandbox.envward(&["hook", "install"]).code(0));
    sandbox
}

/// The same with an env file that was committed before.
fn tracked() -> Sandbox {
    let sandbox = guarded();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nPORT=1\n"));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "--quiet", "--no-verify", "-m", "old"]);
    sandbox
}

fn stage(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
}

/// Runs git, and what must not work does not: no new commit, and a message that says why. The message.
#[track_caller]
fn is_stopped(sandbox: &Sandbox, dir: &str, args: &[&str]) -> String {
    let head = || sandbox.git_command("", &["rev-parse", "--quiet", "--verify", "HEAD"]).run().stdout;
    let before = head();
    let output = sandbox.git_command(dir, args).run().code(1);
    assert_eq!(head(), before, "no commit was made");
    let text = output.stdout + &output.stderr;
    assert!(text.lines().count() <= 25, "{text}");
    text
}

#[track_caller]
fn passes(sandbox: &Sandbox, args: &[&str]) -> Output {
    let count = || sandbox.git_command("", &["rev-list", "--count", "HEAD"]).run().stdout.trim().to_owned();
    let before = count();
    let output = sandbox.git_command("", args).run().code(0);
    assert!(args.contains(&"--amend") || count() != before, "a commit was made");
    output
}

/// Runs git, which makes a commit; what was said meanwhile.
#[track_caller]
fn said(sandbox: &Sandbox, args: &[&str]) -> String {
    let output = passes(sandbox, args);
    output.stdout + &output.stderr
}

/// A guarded repository with an ignored env file, whose value is the second.
fn with_values() -> (Sandbox, String) {
    let sandbox = guarded();
    let value = fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    stage(&sandbox, ".gitignore", ".env\n");
    sandbox.git(&["commit", "--quiet", "-m", "ignore"]);
    (sandbox, value)
}
