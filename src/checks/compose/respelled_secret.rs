//! `respelled-secret`: a secret that YAML reads as a number.

use super::about;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Kind as Scalar, Node};
use crate::env::Key;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "respelled-secret",
    title: "a secret that YAML reads as a number",
    doc: r#"## What it does

Reports a secret in `environment` or `build.args` without quotes that is a number in YAML: Docker Compose passes on its value, not its digits. `0123` becomes `83`, `0xdeadbeef` becomes `3735928559`, `1e3` becomes `1000`, and a number of 23 digits becomes `1.2345678901234568e+22`. Severity: error, note in a file for development or test.

## Why it matters

The container runs with another secret than the file says, often a weaker one: all numbers of more than 19 digits that begin alike become the same.

## What to do

Put the secret in quotes. Better still, remove it from the compose file.

## Facts

- `service`: the service

The key is the variable.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NoWrittenSecrets, 3)],
    bad: &[Example {
        about: "an octal number",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
    environment:
      ADMIN_PIN_PASSWORD: 01234567
"#,
        )],
    }],
    good: &[Example {
        about: "in quotes",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
    environment:
      ADMIN_PIN_PASSWORD: "01234567"
      PORT: 0x50
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Compose(stack, _) = artifact else { return };
    for service in stack.services() {
        for path in [&["environment"][..], &["build", "args"]] {
            for entry in service.at(path).map(Node::entries).unwrap_or_default() {
                let Some(scalar) = entry.node.scalar().filter(|scalar| scalar.respelled) else { continue };
                let value = scalar.value.as_str().as_bytes();
                if scalar.kind != Scalar::Number || context.config.class_of(entry.key.as_str(), value).is_none() {
                    continue;
                }
                findings.push(
                    about(
                        &CHECK,
                        &service,
                        entry.place,
                        "YAML reads {key} of {service} as a number and changes {it|them}",
                        "put the secret in quotes",
                    )
                    .key(Key::printable(entry.key.as_str().as_bytes()).as_ref())
                    .fact("service", Fact::Name(service.shown())),
                );
            }
        }
    }
}
