//! `same-as-example`: a secret with the value from the template.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::project::ProjectFile;

pub(crate) static CHECK: Check = Check {
    id: "same-as-example",
    title: "a secret with the value from the template",
    doc: r#"## What it does

Reports a filled secret with the same value that a template in the same directory contains for the same key. Severity: error in a production file, warning if the environment is unknown, note in a development or test file, and for the old value that an open rotation keeps (`KEY_PREVIOUS`).

## Why it matters

The template is in the repository. Everyone who can read the repository knows its values.

## What to do

Replace the value with your own. If a provider issued the value, get a new one from the provider.

## Facts

- `bytes`: the number of random bytes for this class of secret
- `example`: the template
"#,
    group: Group::Secret,
    severity: Severity::Error,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 6), (Item::RandomSecrets, 4)],
    bad: &[Example {
        about: "copied and not changed",
        steps: &[
            Step::File(".env.production.example", 0o644, "DB_PASSWORD=postgres123\n"),
            Step::File(".env.production", 0o600, "DB_PASSWORD=postgres123\n"),
        ],
    }],
    good: &[Example {
        about: "changed",
        steps: &[
            Step::File(".env.example", 0o644, "DB_PASSWORD=postgres123\n"),
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    let templates = project.templates();
    for file in &project.files {
        let Some(beside) = templates.get(&file.path.parent()) else { continue };
        for secret in file.in_use().filter(|secret| secret.is_filled()) {
            let published = |template: &&ProjectFile| {
                let mut theirs = template.secrets.iter().filter(|there| there.is_filled() && there.name == secret.name);
                theirs.any(|there| there.value.ct_eq(&secret.value))
            };
            let Some(template) = beside.iter().copied().find(published) else { continue };
            let help = match file.is_issued(secret) {
                _ if file.is_previous(secret) => super::CONFIRM,
                true => "get a new {value|value for each} from your provider",
                false if secret.key.is_some() => super::rotate(file, secret),
                false => "replace {the|each} value with a random one: envward generate hex --bytes {bytes}",
            };
            findings.push(
                Finding::new(
                    &CHECK,
                    file.origin(),
                    "{key} still {has the value|have the values} from the template {example}",
                    help,
                )
                .severity(super::severity_of(file, secret, context))
                .line(secret.line)
                .key(secret.key.as_ref())
                .fact("bytes", Fact::Number(secret.class.bytes()))
                .fact("example", Fact::Path(template.path.clone())),
            );
        }
    }
}
