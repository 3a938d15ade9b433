//! `envward summary`: many reports on one screen.

mod bad_input;

use crate::common::Sandbox;
use crate::common::schema::validate;
use crate::report::formats::{clean, everything_wrong, incomplete};
use crate::scan::many::{EVERY, SUMMARY, mirrors};
use serde_json::Value;

/// The lines of every mirror, in a file.
fn lines(sandbox: &Sandbox) -> String {
    let output = sandbox.envward(&["scan", "--recursive", "mirrors", "--format", "jsonl"]).code(2);
    sandbox.file("all.jsonl", 0o600, &output.stdout);
    output.stdout
}

#[track_caller]
fn json(sandbox: &Sandbox, files: &[&str], code: i32) -> Value {
    let output = sandbox.envward(&[&["summary", "--format", "json"], files].concat()).code(code);
    validate(SUMMARY, &output.stdout)
}

/// Without the name of the command.
fn content(mut summary: Value) -> Value {
    summary["command"] = Value::Null;
    summary
}

#[test]
fn lines_give_the_same_screen_as_the_scan_itself() {
    let sandbox = mirrors();
    lines(&sandbox);
    let scan = ["scan", "--recursive", "mirrors", "--summary"];
    let text = sandbox.envward(&scan).code(2).stdout;
    assert_eq!(sandbox.envward(&["summary", "all.jsonl"]).code(2).stdout, text);
    let scan = sandbox.envward(&[&scan[..], &["--format", "json"]].concat()).code(2).json();
    assert_eq!(content(json(&sandbox, &["all.jsonl"], 2)), content(scan));
    // From several machines, and in any order.
    let mut all: Vec<String> = lines(&sandbox).lines().map(|line| format!("{line}\n")).collect();
    all.reverse();
    sandbox.file("one.jsonl", 0o600, all[..2].concat());
    let run = sandbox.command(&["summary", "one.jsonl", "-"]).stdin(&all[2..].concat());
    assert_eq!(run.run().code(2).stdout, text);
}

/// A report alone, in lines, sorted by another program, indented otherwise: it is one report.
#[test]
fn a_report_of_any_layout_is_read() {
    let sandbox = mirrors();
    for name in EVERY {
        let path = format!("mirrors/{name}.git");
        let output = sandbox.envward(&["scan", &path, "--format", "json"]);
        sandbox.file(format!("{name}.json"), 0o600, &output.stdout);
        let value: Value = output.json();
        // serde_json sorts the keys.
        sandbox.file(format!("{name}.sorted"), 0o600, value.to_string());
        sandbox.file(format!("{name}.wide"), 0o600, output.stdout.replace("\n ", "\r\n \t    "));
    }
    for ending in ["json", "sorted", "wide"] {
        let files: Vec<String> = EVERY.iter().map(|name| format!("{name}.{ending}")).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let summary = json(&sandbox, &files, 2);
        let worst: Vec<_> = summary["worst"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        let expected = ["api", "odd", "web", "broken"].map(|name| Value::from(format!("{name}.{ending}")));
        assert_eq!((worst, summary["unread_count"].as_u64()), (expected.to_vec(), Some(0)), "{ending}");
        assert_eq!(summary["findings"]["error"], 4);
    }
}

#[test]
fn reports_of_every_command_are_read() {
    let (wrong, broken, good) = (everything_wrong(), incomplete(), clean());
    let sandbox = Sandbox::new();
    let mut errors = 0;
    for (from, command, code) in [
        (&wrong, "check", 1),
        (&wrong, "scan", 1),
        (&wrong, "preflight", 1),
        (&wrong, "trace", 0),
        (&broken, "check", 2),
        (&good, "check", 0),
    ] {
        let output = from.envward(&[command, "--format", "json"]);
        assert_eq!(output.code, code, "{command}: {}", output.stderr);
        let found = output.json()["findings"].as_array().unwrap().clone();
        errors += found.iter().filter(|one| one["severity"] == "error").count();
        sandbox.file(format!("{command}{code}.json"), 0o600, &output.stdout);
    }
    let files = ["check1.json", "scan1.json", "preflight1.json", "trace0.json", "check2.json", "check0.json"];
    let summary = json(&sandbox, &files, 2);
    assert_eq!(
        (summary["findings"]["error"].as_u64(), &summary["repositories"]["all"]),
        (Some(errors as u64), &6.into())
    );
    assert_eq!(summary["problems"][0]["kind"], "not-a-file");
    assert_eq!(json(&sandbox, &["check0.json"], 0)["status"], "clean");
    assert_eq!(json(&sandbox, &["check1.json"], 1)["status"], "findings");
    assert_eq!(json(&sandbox, &["check1.json", "--exit-zero"], 0)["status"], "findings");
    assert_eq!(json(&sandbox, &["check2.json", "--exit-zero"], 2)["status"], "incomplete");
    // A name from a repository does not reach a terminal as it is.
    let text = sandbox.envward(&[&["summary", "--all"], &files[..]].concat()).code(2).stdout;
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'), "{text:?}");
}

/// One report about several repositories tells of each.
#[test]
fn a_report_of_several_repositories_is_taken_apart() {
    let sandbox = mirrors();
    let whole = sandbox.envward(&["scan", "--recursive", "mirrors", "--format", "json"]).code(2).stdout;
    sandbox.file("whole.json", 0o600, whole);
    let summary = json(&sandbox, &["whole.json"], 2);
    let worst: Vec<_> = summary["worst"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(worst, ["mirrors/api.git", "mirrors/odd.git", "mirrors/web.git", "whole.json"]);
    assert_eq!((&summary["findings"]["error"], &summary["examined"]["commits"]), (&4.into(), &14.into()));
}

#[test]
fn days_that_differ_are_told() {
    let sandbox = mirrors();
    let scan = |name: &str, day: &str| {
        let path = format!("mirrors/{name}.git");
        sandbox.envward(&["scan", &path, "--format", "jsonl", "--as-of", day]).code(0).stdout
    };
    sandbox.file("days.jsonl", 0o600, scan("clean", "2026-06-01") + &scan("zero", "2026-06-30"));
    let text = sandbox.envward(&["summary", "days.jsonl"]).code(0).stdout;
    assert_eq!(text, "clean\nexamined 2 repositories, 2 commits; reports from 2026-06-01 to 2026-06-30\n");
    let summary = json(&sandbox, &["days.jsonl"], 0);
    assert_eq!((&summary["oldest"], &summary["as_of"]), (&"2026-06-01".into(), &"2026-06-30".into()));
}
