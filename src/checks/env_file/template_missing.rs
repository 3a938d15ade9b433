//! `template-missing`: an env file without a template.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "template-missing",
    title: "an env file without a template",
    doc: r#"## What it does

Reports an env file in use without a template in the same directory (`.env.example`, `.env.production.example`). Severity: warning; note if there is one template for all environments instead of one each for development, test and production.

## Why it matters

The deployment checklist: "All `.env.example` files copied to `.env` with production secrets". Without a template nobody knows which keys are needed, and a new host gets a copy of the secrets of an old host.

## What to do

Write the keys without their secrets into `.env.development.example`, `.env.test.example` and `.env.production.example`; `envward init` fills them in.

## Facts

- `missing`: the environments without a template
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::Deployment],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 8)],
    bad: &[Example { about: "no template", steps: &[Step::File(".env", 0o600, "PORT=3000\n")] }],
    good: &[Example {
        about: "one template for each environment",
        steps: &[
            Step::File(".env", 0o600, "PORT=3000\n"),
            Step::File(".env.development.example", 0o644, "PORT=3000\n"),
            Step::File(".env.test.example", 0o644, "PORT=3000\n"),
            Step::File(".env.production.example", 0o644, "PORT=3000\n"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Deployment(deployment) = artifact else { return };
    let project = &deployment.project;
    let templates = project.templates();
    let mut seen = std::collections::BTreeSet::new();
    for file in project.files.iter().filter(|file| file.role == Role::Env && file.assignments().next().is_some()) {
        let dir = file.path.parent();
        if !seen.insert(dir.clone()) {
            continue;
        }
        let Some(there) = templates.get(&dir) else {
            findings.push(
                Finding::new(
                    &CHECK,
                    file.origin(),
                    "this env file has no template",
                    "write the keys of this file, without their secrets, into a .env.example",
                )
                .fact("missing", Fact::Words(WORDS.to_vec())),
            );
            continue;
        };
        let has = |word: &&&str| {
            there.iter().any(|file| project.environment_by_name(file).is_some_and(|known| known.word() == **word))
        };
        let missing: Vec<&'static str> = WORDS.iter().filter(|word| !has(word)).copied().collect();
        if !missing.is_empty() {
            findings.push(
                Finding::new(
                    &CHECK,
                    file.origin(),
                    "this env file has no template for {missing}",
                    "write one template for each, such as .env.production.example",
                )
                .severity(Severity::Note)
                .fact("missing", Fact::Words(missing)),
            );
        }
    }
}

const WORDS: [&str; 3] = ["development", "test", "production"];
