//! `reused-secret`: two keys with the same secret.

use std::collections::BTreeMap;

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::environment::Environment;
use crate::finding::{Fact, Finding, Severity};
use crate::project::{FoundSecret, ProjectFile};
use crate::rotation::credential;
use crate::secret::Tag;

pub(crate) static CHECK: Check = Check {
    id: "reused-secret",
    title: "two keys with the same secret",
    doc: r#"## What it does

Reports a filled secret that two keys have in the env files of one environment. Not reported: a password and the URL that contains it, the same key in two files, a key that refers to another key (`${DB_PASSWORD}`), and the usual names of one database password (`DB_PASSWORD`, `POSTGRES_PASSWORD`, `PGPASSWORD`).

## Why it matters

Anyone who learns one of the two knows both. Replacing one leaves the other as it was.

## What to do

Give each key its own value.

## Facts

- `with`: the other place: path, key, line
"#,
    group: Group::Secret,
    severity: Severity::Warning,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::RandomSecrets, 2)],
    bad: &[Example {
        about: "one value for two purposes",
        steps: &[Step::File(
            ".env",
            0o600,
            r#"
JWT_SECRET={hex64}
SESSION_SECRET={hex64}
"#,
        )],
    }],
    good: &[
        Example {
            about: "a password and the URL that contains it",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
DB_PASSWORD={password}
DATABASE_URL=postgres://app:{password}@db/app
"#,
            )],
        },
        Example {
            about: "the same key in two files",
            steps: &[
                Step::File(".env", 0o600, "JWT_SECRET={hex64}\n"),
                Step::File("backend/.env", 0o600, "JWT_SECRET={hex64}\n"),
            ],
        },
        Example {
            about: "two names of one database password",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
DB_PASSWORD={password}
POSTGRES_PASSWORD={password}
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    let mut first_of: BTreeMap<(Environment, Tag), Place<'_>> = BTreeMap::new();
    for file in &project.files {
        for secret in file.in_use().filter(|secret| secret.is_filled() && !secret.in_url && !file.is_reference(secret))
        {
            let place = Place { file, secret };
            let group = (file.environment, context.group.tag(&secret.value));
            let Some(first) = first_of.get(&group) else {
                first_of.insert(group, place);
                continue;
            };
            if credential(&first.secret.name) == credential(&secret.name) {
                continue;
            }
            findings.push(
                Finding::new(
                    &CHECK,
                    file.origin(),
                    "{key} {has|have} the same value as {with}",
                    "give each key its own value",
                )
                .line(secret.line)
                .key(secret.key.as_ref())
                .fact("with", first.fact()),
            );
        }
    }
}

struct Place<'a> {
    file: &'a ProjectFile,
    secret: &'a FoundSecret,
}

impl Place<'_> {
    fn fact(&self) -> Fact {
        Fact::Place { path: self.file.path.clone(), key: self.secret.key.clone(), line: self.secret.line }
    }
}
