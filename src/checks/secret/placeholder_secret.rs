//! `placeholder-secret`: a secret that is still a placeholder.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::project::Filling;

pub(crate) static CHECK: Check = Check {
    id: "placeholder-secret",
    title: "a secret that is still a placeholder",
    doc: r#"## What it does

Reports a secret whose value only stands for a value: `changeme`, `your-password-here`, `<INSERT_KEY>`, `xxxx`. An error in a production file, a warning where nothing says what the file is for, a note in a development or test file.

## Why it matters

Placeholders stand in public templates: they are the first thing that is tried.

## What to do

`envward init` fills every one of a file; `envward generate hex --into FILE KEY` one, without showing it. What another service issues (its API keys, the password of its mail server) comes from there.

## Facts

- `bytes`: how many random bytes its class takes
- `placeholder`: its kind: `change-me`, `blank`, `example`, `nothing`
"#,
    group: Group::Secret,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 5)],
    bad: &[Example {
        about: "never filled in",
        steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD=changeme\n")],
    }],
    good: &[
        Example { about: "filled", steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD={password}\n")] },
        Example { about: "no secret", steps: &[Step::File(".env.production", 0o600, "LOG_LEVEL=changeme\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    for secret in file.in_use() {
        let Filling::Placeholder(kind) = secret.filling else { continue };
        let help = match file.is_issued(secret) {
            _ if file.is_previous(secret) => super::CONFIRM,
            true => "put in the one that its issuer gives",
            false => "fill it: envward generate hex --bytes {bytes}",
        };
        findings.push(
            Finding::new(&CHECK, file.origin(), "{key}: still a placeholder", help)
                .severity(by_environment(file.environment, Severity::Error))
                .line(secret.line)
                .key(secret.key.as_ref())
                .fact("bytes", Fact::Number(secret.class.bytes()))
                .fact("placeholder", Fact::Word(kind.word())),
        );
    }
}
