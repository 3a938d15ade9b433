//! A report as short lines, so that a test compares whole lists: what is not expected fails it, too.

use envward::checks::Step;
use serde_json::Value;

use super::Sandbox;

/// A sandbox in which these steps were taken.
pub fn project(steps: &[Step]) -> Sandbox {
    let sandbox = Sandbox::new();
    assert!(sandbox.run_steps(steps), "these steps can be taken everywhere");
    sandbox
}

/// The JSON report of a command of envward, which must end with this status.
#[track_caller]
pub fn report(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    sandbox.envward(&[args, &["--format", "json"]].concat()).code(code).json()
}

/// Each finding as `severity check path key`, in the report's order.
pub fn findings(report: &Value) -> Vec<String> {
    lines(report, "findings", &["severity", "check", "path", "key"])
}

/// The same of those that are hidden.
pub fn hidden(report: &Value) -> Vec<String> {
    lines(report, "hidden", &["severity", "check", "path", "key"])
}

/// Each problem as `kind path`.
pub fn problems(report: &Value) -> Vec<String> {
    lines(report, "problems", &["kind", "path"])
}

/// Each accepted problem as `kind path reason`.
pub fn accepted(report: &Value) -> Vec<String> {
    lines(report, "accepted", &["kind", "path", "reason"])
}

/// The one finding of this check at this path.
#[track_caller]
pub fn the<'r>(report: &'r Value, check: &str, path: &str) -> &'r Value {
    let all: Vec<&Value> =
        list(report, "findings").filter(|one| one["check"] == check && one["path"] == path).collect();
    assert_eq!(all.len(), 1, "{check} at {path}: {:#?}", findings(report));
    all[0]
}

/// The state and strength of a key in the facts of `env-file-in-history`: `live strong`.
#[track_caller]
pub fn state(report: &Value, path: &str, key: &str) -> String {
    let keys = &the(report, "env-file-in-history", path)["facts"]["keys"];
    let one = keys.as_array().unwrap().iter().find(|one| one["key"] == key);
    one.map_or_else(
        || format!("no {key} in {keys}"),
        |one| format!("{} {}", text(&one["state"]), text(&one["strength"])),
    )
}

fn list<'r>(report: &'r Value, name: &str) -> impl Iterator<Item = &'r Value> {
    report[name].as_array().unwrap().iter()
}

fn lines(report: &Value, name: &str, fields: &[&str]) -> Vec<String> {
    let line = |one: &Value| {
        let words: Vec<&str> = fields.iter().map(|field| text(&one[*field])).filter(|word| !word.is_empty()).collect();
        words.join(" ")
    };
    list(report, name).map(line).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
