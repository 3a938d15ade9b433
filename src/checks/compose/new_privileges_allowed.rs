//! `new-privileges-allowed`: a container in which a program can gain more rights.

use super::{about, services};
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::Node;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "new-privileges-allowed",
    title: "a container in which a program can gain more rights",
    doc: r#"## What it does

Notes a service without `no-new-privileges` in `security_opt`.

## Why it matters

A set-uid program in the image (`su`, `ping`) can turn an intruder who is another user into root. The OWASP Docker cheat sheet, rule 4; CIS Docker Benchmark 5.25.

## What to do

`security_opt: [no-new-privileges:true]`

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
    security_opt: [no-new-privileges:true]
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let options = service.at(&["security_opt"]).map(Node::items).unwrap_or_default();
        let is_set = options.iter().filter_map(|option| option.text()).any(|option| {
            let option = option.replace('=', ":");
            option == "no-new-privileges" || option == "no-new-privileges:true"
        });
        if !is_set {
            findings.push(about(
                &CHECK,
                &service,
                service.place(),
                "programs in {key} can gain more rights (no-new-privileges is not set)",
                "set security_opt: [no-new-privileges:true]",
            ));
        }
    }
}
