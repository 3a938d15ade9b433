//! A call that the system refuses under a verb that only judges: what it found without the fault is found, or it says that it
//! could not examine everything.

use std::collections::BTreeSet;

use serde_json::Value;

use super::calls::{Point, Start};
use super::fault::{Effort, effort, some};
use crate::common::fill::fill;
use crate::common::ordeal::Ordeal;
use crate::common::{Sandbox, trace};

/// How a hook says that something was not searched.
const SAID: [&str; 2] = ["cannot be read", "was not searched"];

/// A project with a secret in use in a commit, in the index and in a compose file, in a pack and in files of their own.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.file("deploy/.env", 0o600, fill("DB_PASSWORD={password}\nAPI_KEY={hex32}\n"));
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.file("compose.yaml", 0o644, "services:\n  db:\n    image: postgres:15.5\n    env_file: deploy/.env\n");
    sandbox.file("conf.py", 0o644, fill("password = '{password}'\n"));
    sandbox.git(&["add", "."]);
    sandbox.git(&["add", "-f", "deploy/.env"]);
    sandbox.git(&["commit", "-qm", "start"]);
    sandbox.git(&["tag", "-am", "first", "v1"]);
    sandbox.git(&["repack", "-adq"]);
    sandbox.git(&["rm", "-q", "--cached", "deploy/.env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox.file("notes.txt", 0o644, fill("the key is {hex32}\n"));
    sandbox.git(&["add", "notes.txt"]);
    sandbox
}

/// The findings of a JSON report.
fn findings(report: &Value) -> BTreeSet<String> {
    let found = report["findings"].as_array().into_iter().flatten();
    found.map(|one| format!("{} {} {} {}", one["check"], one["severity"], one["path"], one["key"])).collect()
}

/// Whether nothing was lost in silence; else what was.
fn judged(sound: &Ordeal, run: &Ordeal) -> Result<(), String> {
    if run.code() == Some(2) {
        return Ok(());
    }
    let Ok(expected) = serde_json::from_str(&sound.stdout) else {
        let is_said = SAID.iter().any(|words| run.stdout.contains(words));
        return if run.code() == sound.code() || is_said { Ok(()) } else { Err(format!("{run:?}")) };
    };
    let report: Value = serde_json::from_str(&run.stdout).map_err(|error| format!("{error}: {run:?}"))?;
    let is_said = report["problems"].as_array().is_some_and(|problems| !problems.is_empty());
    let (expected, found) = (findings(&expected), findings(&report));
    let lost: Vec<&String> = expected.difference(&found).collect();
    if is_said || lost.is_empty() { Ok(()) } else { Err(format!("lost: {lost:?}")) }
}

fn loses_nothing(args: &[&str], number: usize) {
    let sandbox = project();
    if !trace::is_possible(&sandbox) {
        return;
    }
    let start = Start::of(args);
    let (points, sound) = start.points(&sandbox);
    assert_eq!(sound.code(), Some(1), "{sound:?}");
    let points: Vec<&Point> = points.iter().filter(|point| point.touches && !point.writes).collect();
    // Where a call has to fail, or may as well.
    let is_expected = |point: &Point| point.line.contains(" = -1 ENOENT") && effort() < Effort::All;
    let points = some(points.into_iter().filter(|point| !is_expected(point)).collect(), 16, number);
    let errors = ["EIO", "EMFILE", "ENOMEM"];
    let (mut lost, mut tried) = (Vec::new(), 0);
    for (at, point) in points.iter().enumerate() {
        let errors = if effort() == Effort::All { &errors[..] } else { &errors[(number + at) % errors.len()..][..1] };
        for error in errors {
            let Some(run) = start.refused(&format!("{}:error={error}:when={}", point.name, point.nth), &sandbox) else {
                continue;
            };
            tried += 1;
            lost.extend(judged(&sound, &run).err().map(|why| format!("{error}: {}\n    {why}", point.line)));
        }
    }
    assert!(lost.is_empty(), "{args:?}: {} of {tried}:\n{}", lost.len(), lost.join("\n"));
    assert!(tried > 8, "{args:?}: {tried} of {} calls", points.len());
}

#[test]
fn check() {
    loses_nothing(&["check", "--format", "json"], 0);
}

#[test]
fn scan() {
    loses_nothing(&["scan", "--format", "json"], 1);
}

#[test]
fn scan_staged() {
    loses_nothing(&["scan", "--staged", "--format", "json"], 2);
}

#[test]
fn preflight() {
    loses_nothing(&["preflight", "--format", "json"], 3);
}

#[test]
fn hook_before_a_commit() {
    loses_nothing(&["hook", "run", "pre-commit"], 4);
}

#[test]
fn trace_of_a_directory() {
    loses_nothing(&["trace", "--format", "json", "."], 5);
}
