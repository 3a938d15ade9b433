//! `weak-secret`: a secret that is easy to guess.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::project::{FoundSecret, ProjectFile};
use crate::secret::strength::Strength;

pub(crate) static CHECK: Check = Check {
    id: "weak-secret",
    title: "a secret that is easy to guess",
    doc: r#"## What it does

Reports a filled secret that a word list or a few million guesses find: common passwords, words with digits, repetitions, sequences, short values. A value that is weak only because Docker Compose expands its `$` is reported as `rewritten-by-compose`. Severity: error in a production file, warning if the environment is unknown, note in a development or test file, and for the old value that an open rotation keeps (`KEY_PREVIOUS`).

## Why it matters

Attackers try such values within an hour after a database becomes reachable.

## What to do

`envward rotation rotate KEY FILE` makes a random value and prints the steps to replace the old one, in the database too. Where nothing uses the secret yet: `envward generate password --into FILE KEY --replace`.

## Facts

- `class`: the class of the secret
- `bytes`: the number of random bytes for this class of secret
"#,
    group: Group::Secret,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::RandomSecrets, 1), (Item::DatabasePasswords, 2), (Item::JwtSecrets, 2)],
    bad: &[Example {
        about: "a common password",
        steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD=postgres123\n")],
    }],
    good: &[
        Example { about: "random", steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD={password}\n")] },
        Example {
            about: "a development file without a secret",
            steps: &[Step::File(".env.development", 0o600, "DB_HOST=localhost\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    for secret in file.in_use().filter(|secret| is_weak(file, secret)) {
        let help = match file.is_issued(secret) {
            _ if file.is_previous(secret) => super::CONFIRM,
            true => "set {a random value|random values} at your provider",
            false if secret.key.is_some() => super::rotate(file, secret),
            false => "replace {the|each} value with a random one: envward generate hex --bytes {bytes}",
        };
        findings.push(
            Finding::new(&CHECK, file.origin(), "{key} {is|are} easy to guess", help)
                .severity(super::severity_of(file, secret, context))
                .fact("class", Fact::Word(secret.class.word()))
                .fact("bytes", Fact::Number(secret.class.bytes()))
                .line(secret.line)
                .key(secret.key.as_ref()),
        );
    }
}

fn is_weak(file: &ProjectFile, secret: &FoundSecret) -> bool {
    secret.strength() == Some(Strength::Weak) && !file.is_cut_short(secret)
}
