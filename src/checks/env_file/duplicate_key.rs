//! `duplicate-key`: a key that stands twice.

use std::collections::BTreeMap;

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::{Assignment, Key};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "duplicate-key",
    title: "a key that stands twice",
    doc: r#"## What it does

Reports a key that an env file sets more than once, at its last line. A note where all values are the same.

## Why it matters

Docker Compose and most readers take the last one; dotenvy takes the first. Whoever changes one of them changes half of the system.

## What to do

Keep one of the lines.

## Facts

- `lines`: every line it stands on
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
            true => (Severity::Note, "{key}: more than once, each time with the same value"),
            false => (Severity::Warning, "{key}: more than once; readers disagree which value counts"),
        };
        findings.push(
            Finding::new(&CHECK, file.origin(), what, "keep one of {lines}")
                .severity(severity)
                .line(last.line)
                .key(Some(key))
                .fact("lines", Fact::Lines(places.iter().map(|place| place.line).collect())),
        );
    }
}
