//! What no name says alone: templates that were filled, files behind secrets, doubtful names.
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

mod common;

use common::Sandbox;
use common::fill::fill;
use common::listed::{findings, project, report, the};
use envward::checks::Step::{File, Git};
use serde_json::{Value, json};

const NONE: [&str; 0] = [];

#[track_caller]
fn scan(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    report(sandbox, &[&["scan"], args].concat(), code)
}

fn repository() -> Sandbox {
    project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")])
}

/// Commits a file of this text, and gives the commit's id.
fn commit(sandbox: &Sandbox, path: &str, text: &str) -> String {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qm", "change"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

fn remove(sandbox: &Sandbox, path: &str) -> String {
    sandbox.git(&["rm", "-qf", path]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

// Templates in history.

#[test]
fn a_template_that_was_removed_had_a_secret_from_here_to_there() {
    let sandbox = repository();
    commit(&sandbox, "api/example.env", "PORT=1\n");
    let since = commit(&sandbox, "api/example.env", "PORT=1\nSIGNING_SECRET={hex32}\n");
    commit(&sandbox, "api/example.env", "PORT=2\nSIGNING_SECRET={hex32}\n");
    let until = remove(&sandbox, "api/example.env");
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error template-with-secret api/example.env SIGNING_SECRET"]);
    let facts = &the(&report, "template-with-secret", "api/example.env")["facts"];
    assert_eq!((&facts["commit"]["commit"], &facts["until"]["commit"]), (&json!(since), &json!(until)));
    // An example value that opens nothing is ignored up to a commit.
    let ignore = format!("[[ignore]]\ncheck = \"template-with-secret\"\nthrough = \"{until}\"\nreason = \"made up\"\n");
    sandbox.file("envward.toml", 0o644, ignore);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}

/// The order of the versions says nothing of what HEAD has: it was put back.
#[test]
fn a_value_that_was_put_back_has_no_end() {
    let sandbox = repository();
    let since = commit(&sandbox, ".env.sample", "TOKEN={token}\n");
    commit(&sandbox, ".env.sample", "TOKEN=\n");
    commit(&sandbox, ".env.sample", "TOKEN={token}\n");
    let report = scan(&sandbox, &[], 1);
    let facts = &the(&report, "template-with-secret", ".env.sample")["facts"];
    assert_eq!((&facts["commit"]["commit"], &facts["until"]), (&json!(since), &Value::Null));
    assert_eq!(facts["reach"], "head");
}

#[test]
fn only_a_stash_has_the_filled_template() {
    let sandbox = repository();
    commit(&sandbox, "prod.env.dist", "TOKEN=\n");
    sandbox.file("prod.env.dist", 0o644, fill("TOKEN={token}\n"));
    sandbox.git(&["stash", "-q"]);
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["warning template-with-secret prod.env.dist TOKEN"]);
}

/// What is in use is told as that, and what was replaced is less grave.
#[test]
fn a_templates_value_beside_todays() {
    let sandbox = repository();
    sandbox.file(".gitignore", 0o644, ".env\n");
    commit(&sandbox, ".env.example", "API_TOKEN={token}\n");
    commit(&sandbox, ".env.example", "API_TOKEN=\n");
    sandbox.file(".env", 0o600, fill("API_TOKEN={token}\n"));
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["critical secret-still-live .env.example API_TOKEN"]);
    sandbox.file(".env", 0o600, fill("API_TOKEN={token2}\n"));
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["warning template-with-secret .env.example API_TOKEN"]);
}

#[test]
fn what_templates_are_full_of_is_nothing_in_history_either() {
    let sandbox = repository();
    for text in ["DB_PASSWORD=changeme\n", "DB_PASSWORD=secret\nTOKEN=<token>\n", "DB_PASSWORD=\nTOKEN=your-token-here\n"]
    {
        commit(&sandbox, ".env.template", text);
    }
    remove(&sandbox, ".env.template");
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}
