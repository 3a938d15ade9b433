//! `weak-secret`: a secret that is easily guessed.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::secret::strength::Strength;

pub(crate) static CHECK: Check = Check {
    id: "weak-secret",
    title: "a secret that is easily guessed",
    doc: r#"## What it does

Reports a filled secret that a word list or a few million guesses find: common passwords, words with digits, repeats, sequences, short values. An error in a production file, a warning where nothing says what the file is for, a note in a development or test file.

## Why it matters

A database that is reachable for an hour is tried with such values within that hour.

## What to do

Put a random one in its place: `envward generate password --into FILE KEY --replace`. A database keeps its old password until you change it there too.

## Facts

- `bytes`: how many random bytes its class takes
"#,
    group: Group::Secret,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::RandomSecrets, 1)],
    bad: &[Example {
        about: "a word from every list",
        steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD=postgres123\n")],
    }],
    good: &[
        Example { about: "random", steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD={password}\n")] },
        Example {
            about: "development may be weak: a note only is a finding, so none without a secret",
            steps: &[Step::File(".env.development", 0o600, "DB_HOST=localhost\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    for secret in file.in_use().filter(|secret| secret.strength() == Some(Strength::Weak)) {
        let help = match file.is_issued(secret) {
            _ if file.is_previous(secret) => super::CONFIRM,
            true => "set a random one where it is issued",
            false => "replace it by a random value: envward generate hex --bytes {bytes}",
        };
        findings.push(
            Finding::new(&CHECK, file.origin(), "{key}: easily guessed", help)
                .severity(by_environment(file.environment, Severity::Error))
                .fact("bytes", Fact::Number(secret.class.bytes()))
                .line(secret.line)
                .key(secret.key.as_ref()),
        );
    }
}
