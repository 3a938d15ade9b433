//! `rewritten-by-compose`: a value that Docker Compose changes.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::Dollar;
use crate::finding::{Fact, Finding, Severity};
use crate::project::Stand;

pub(crate) static CHECK: Check = Check {
    id: "rewritten-by-compose",
    title: "a value that Docker Compose changes",
    doc: r#"## What it does

Reports a value whose `$` Docker Compose expands to a variable that this file does not define, drops, or halves: `pa$word` becomes `pa`, `a$$b` becomes `a$b`. Severity: error for a secret, else warning. A reference to a key above, or one with a default value, is intended and passes. A hash is reported as `hash-rewritten`.

## Why it matters

The application gets another password than the file says, and no error tells you. Compose only warns that a variable is not set.

## What to do

Put the value in single quotes: Compose does not change it then. Better still, use a value without `$`.

## Facts

- `class`: the class of the secret; null for a setting
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::DatabasePasswords, 5), (Item::JwtSecrets, 5)],
    bad: &[Example {
        about: "a password with a dollar sign",
        steps: &[Step::File(".env", 0o600, "DB_PASSWORD=abc$def{password}\n")],
    }],
    good: &[
        Example { about: "single quotes", steps: &[Step::File(".env", 0o600, "DB_PASSWORD='abc$def{password}'\n")] },
        Example {
            about: "a hash, which hash-rewritten reports",
            steps: &[Step::File(".env", 0o600, "ADMIN_HASH=\"$2b$12$abcdefghijklmnopqrstuv\"\n")],
        },
        Example {
            about: "a reference to a key above",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
HOST=db
URL=http://${HOST}/
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    if file.is_script() || context.project.is_taken_as_written(&file.path) {
        return;
    }
    let hashes: Vec<_> = file.hashes().collect();
    for (index, assignment) in file.assignments() {
        let is_hash = hashes.iter().any(|hash| hash.assignment.line == assignment.line);
        if assignment.dollar != Dollar::Rewritten || is_hash {
            continue;
        }
        let secret = file.secrets.iter().find(|secret| secret.stand == Stand::Assignment(index));
        findings.push(
            Finding::new(
                &CHECK,
                file.origin(),
                "docker compose changes {key}, which contains `$`",
                "put the value in single quotes, or use a value without `$`",
            )
            .severity(if secret.is_some() { Severity::Error } else { Severity::Warning })
            .line(assignment.line)
            .key(assignment.key.as_ref())
            .fact("class", secret.map_or(Fact::None, |secret| Fact::Word(secret.class.word()))),
        );
    }
}
