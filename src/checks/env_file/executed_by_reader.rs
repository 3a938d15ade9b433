//! `executed-by-reader`: a value that some readers execute.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_workplace;
use crate::checks::{Artifact, Context};
use crate::env::readers;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "executed-by-reader",
    title: "a value that some readers execute",
    doc: r#"## What it does

Reports `$(...)` and backticks outside single quotes. Severity: error, or warning in an env file for development or test.

## Why it matters

Shells, dotenvx and dotenv-expand run such text as a command when they load the file. Docker Compose passes it on as text. If somebody else can edit the env file, their commands run with your rights.

## What to do

Write the value itself. If the characters are meant as text, use single quotes.

## Facts

Only the path, the line and the key.
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example { about: "a command", steps: &[Step::File(".env", 0o600, "VERSION=$(git describe)\n")] }],
    good: &[Example { about: "text", steps: &[Step::File(".env", 0o600, "VERSION='$(git describe)'\n")] }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    if file.is_script() {
        return;
    }
    let Some(document) = &file.document else { return };
    for (index, assignment) in file.assignments() {
        if readers::is_executed(document, index) {
            findings.push(
                Finding::new(
                    &CHECK,
                    file.origin(),
                    "shells, dotenvx and dotenv-expand execute a part of {key}",
                    "write the value itself, or put the value in single quotes",
                )
                .severity(by_workplace(file.environment, Severity::Error))
                .line(assignment.line)
                .key(assignment.key.as_ref()),
            );
        }
    }
}
