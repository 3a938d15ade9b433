//! `duplicate-key`: a key that is set twice.

use std::collections::BTreeMap;

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::{Assignment, Key};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "duplicate-key",
    title: "a key that is set twice",
    doc: r#"## What it does

Reports a key that an env file sets more than once, at its last line. Severity: warning, or note if all values are the same.

## Why it matters

Docker Compose and most readers use the last value; dotenvy uses the first. Anyone who changes one line changes half of the system.

## What to do

Keep one line and delete the others.

## Facts

- `lines`: the lines that set the key
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 7)],
    bad: &[Example {
        about: "set twice",
        steps: &[Step::File(
            ".env",
            0o600,
            r#"
PORT=3000
PORT=4000
"#,
        )],
    }],
    good: &[Example { about: "set once", steps: &[Step::File(".env", 0o600, "PORT=3000\n")] }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    if file.is_script() {
        return;
    }
    let mut by_name: BTreeMap<&Key, Vec<&Assignment>> = BTreeMap::new();
    for (_, assignment) in file.assignments() {
        if let Some(key) = &assignment.key {
            by_name.entry(key).or_default().push(assignment);
        }
    }
    for (key, places) in by_name {
        let [first, .., last] = places.as_slice() else { continue };
        let same = places.iter().all(|place| place.value.ct_eq(&first.value));
        let (severity, what) = match same {
            true => (Severity::Note, "{key} {is|are} set more than once, always to the same value"),
            false => (Severity::Warning, "{key} {is|are} set more than once, and readers use different values"),
        };
        findings.push(
            Finding::new(&CHECK, file.origin(), what, "keep one of {lines} and delete the rest")
                .severity(severity)
                .line(last.line)
                .key(Some(key))
                .fact("lines", Fact::Lines(places.iter().map(|place| place.line).collect())),
        );
    }
}
