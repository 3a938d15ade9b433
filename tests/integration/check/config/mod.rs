//! `envward.toml` and inline ignores: what is refused and how, what hides a finding and for how long, what is accepted.

mod accepted;
mod comments;
mod ignored;
mod refused;
mod through;
mod which_file;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{accepted, findings, hidden, problems, project, report, the};
use envward::checks::Step::{File, Git};
use serde_json::Value;

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

fn with(config: &str) -> Sandbox {
    let sandbox = project(&[File(".env", 0o644, GOOD)]);
    sandbox.file("envward.toml", 0o644, config);
    sandbox
}

#[track_caller]
fn check(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    report(sandbox, &[&["check"], args].concat(), code)
}

/// The configuration is refused at this line, with this message and hint; nothing else is reported.
#[track_caller]
fn refused(config: &str, line: u32, message: &str, hint: &str) {
    let sandbox = with(config);
    let output = sandbox.envward(&["check", "--format", "json"]).code(2);
    let report = output.json();
    let expected = format!("envward.toml:{line}: {message}");
    assert_eq!(report["status"], "incomplete");
    assert_eq!((findings(&report), problems(&report)), (vec![], vec!["configuration".to_owned()]));
    assert_eq!(
        (report["problems"][0]["message"].as_str(), report["problems"][0]["help"].as_str()),
        (Some(&*expected), Some(hint))
    );
    // A long hint goes on below itself.
    let shown = output.stderr.replace("\n        ", " ");
    assert_eq!(shown, format!("error: {expected}\n  hint: {hint}\n"));
    assert!(output.stderr.lines().skip(1).all(|line| line.chars().count() <= 80), "{}", output.stderr);
}

fn commit(sandbox: &Sandbox, path: &str, text: &str) -> String {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qm", "change"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

fn through(sandbox: &Sandbox, commit: &str) {
    let ignore = |check: &str| {
        format!("[[ignore]]\ncheck = \"{check}\"\npath = \".env\"\nthrough = \"{commit}\"\nreason = \"replaced\"\n")
    };
    sandbox.file("envward.toml", 0o644, ignore("env-file-in-history"));
}
