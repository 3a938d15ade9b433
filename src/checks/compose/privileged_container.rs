//! `privileged-container`: a container that is the host.

use super::host_access::is_unconfined;
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::Node;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "privileged-container",
    title: "a container with all rights on the host",
    doc: r#"## What it does

Reports `privileged: true` (also `yes` and `on`, which Docker Compose takes for it), and `security_opt` that switches seccomp, AppArmor or SELinux off.

## Why it matters

Whoever gets into a privileged container is root on the host: it sees every device, and nothing stands between it and the kernel. CIS Docker Benchmark 5.4 and 5.2; the OWASP Docker cheat sheet, rule 3.

## What to do

Take it out. What needs one right gets that one by `cap_add`, what needs one device gets it by `devices`.

## Facts

The key is the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NetworkIsolation, 4)],
    bad: &[
        Example {
            about: "privileged, as Compose reads it",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    privileged: yes
"#,
            )],
        },
        Example {
            about: "no seccomp",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    security_opt: [seccomp:unconfined]
"#,
            )],
        },
    ],
    good: &[Example {
        about: "not privileged",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
    privileged: false
    security_opt: [no-new-privileges:true]
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        if let Some(node) = service.at(&["privileged"]).filter(|node| node.is_true()) {
            findings.push(about(
                &CHECK,
                &service,
                node.place,
                "{key}: privileged: it has all rights on the host",
                "take `privileged` out; cap_add gives single rights",
            ));
        }
        let options = service.at(&["security_opt"]).map(Node::items).unwrap_or_default();
        if let Some(option) = options.iter().find(|option| option.text().is_some_and(is_unconfined)) {
            findings.push(about(
                &CHECK,
                &service,
                option.place,
                "{key}: the kernel's fences are switched off",
                "take it out of security_opt",
            ));
        }
    }
}
