//! `capabilities-kept`: a container that keeps all default capabilities.

use super::{about, services};
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::Node;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "capabilities-kept",
    title: "a container that keeps all default capabilities",
    doc: r#"## What it does

Notes a service without `cap_drop: [ALL]`.

## Why it matters

Docker gives a container fourteen capabilities, and most programs need none of them. Each one is one more way out of the container. The OWASP Docker cheat sheet, rule 3; CIS Docker Benchmark 5.3.

## What to do

`cap_drop: [ALL]`, and `cap_add` for the few that the service needs.

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
    cap_drop: [ALL]
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let dropped = service.at(&["cap_drop"]).map(Node::items).unwrap_or_default();
        let is_set = dropped.iter().filter_map(|name| name.text()).any(|name| name.eq_ignore_ascii_case("ALL"));
        if !is_set {
            findings.push(about(
                &CHECK,
                &service,
                service.place(),
                "{key} {keeps|keep} all fourteen default capabilities",
                "set cap_drop: [ALL], and cap_add for what the service needs",
            ));
        }
    }
}
