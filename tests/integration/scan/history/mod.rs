//! `envward scan`: wherever in git an env file lies, what it exposed, and what of that is still in use.

mod hiding_places;
mod incomplete;
mod many_packs;
mod range;
mod repository;
mod several;
mod state;
mod unreachable;

use std::fs;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{accepted, findings, hidden, problems, project, report, state, the};
use envward::checks::Step::{Dir, File, Git};
use serde_json::{Value, json};

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

#[track_caller]
fn scan(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    report(sandbox, &[&["scan"], args].concat(), code)
}

/// A repository with an ordinary first commit, whose `.gitignore` keeps env files out.
fn repository() -> Sandbox {
    project(&[Git("init"), File(".gitignore", 0o644, ".env\n"), Git("add ."), Git("commit -m start")])
}

/// Commits an env file of this text, and gives the commit's id.
fn commit(sandbox: &Sandbox, path: &str, text: &str) -> String {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qm", "add"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

fn remove(sandbox: &Sandbox, path: &str) -> String {
    sandbox.git(&["rm", "-q", path]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

/// Forgets all that only a log remembers.
fn forget(sandbox: &Sandbox) {
    sandbox.git(&["reflog", "expire", "--expire=now", "--all"]);
    fs::remove_file(sandbox.path(".git/ORIG_HEAD")).unwrap_or_default();
}

/// A clone of one commit of three; `.env` came and went before it, `prod.env` in the middle, and is in no tip.
fn shallow() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "origin"]);
    let step = |args: &[&str]| sandbox.git_in("origin", args);
    sandbox.file("origin/.env", 0o600, fill(GOOD));
    step(&["add", "-f", ".env"]);
    step(&["commit", "-qm", "add"]);
    step(&["rm", "-q", ".env"]);
    sandbox.file("origin/prod.env", 0o600, fill("JWT_SECRET={hex64}\n"));
    step(&["add", "-f", "prod.env"]);
    step(&["commit", "-qm", "change"]);
    step(&["rm", "-q", "prod.env"]);
    step(&["commit", "-qm", "remove", "--allow-empty"]);
    let origin = format!("file://{}", sandbox.path("origin").display());
    sandbox.git(&["clone", "-q", "--depth=2", &origin, "clone"]);
    sandbox
}
