//! `writable-root-filesystem`: a container that can change its own programs.

use super::{about, services};
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::Node;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "writable-root-filesystem",
    title: "a container that can change its own programs",
    doc: r#"## What it does

Notes a service without `read_only: true`.

## Why it matters

An intruder can put programs into the container, and they stay there until the container is recreated. The OWASP Docker cheat sheet, rule 8; CIS Docker Benchmark 5.12.

## What to do

`read_only: true`, with `tmpfs: [/tmp]` and volumes for what the service writes.

## Facts

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Note,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "not set",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
"#,
        )],
    }],
    good: &[Example {
        about: "set",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
    read_only: true
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let says = service.at(&["read_only"]);
        if !says.is_some_and(Node::is_true) {
            findings.push(about(
                &CHECK,
                &service,
                says.map_or(service.place(), |node| node.place),
                "{key} can change {its|their} own programs (read_only is not true)",
                "set read_only: true, with tmpfs for what the service writes",
            ));
        }
    }
}
