//! `privileged-container`: a container with all rights on the host.

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

Reports `privileged: true` (also `yes` and `on`, which mean the same to Docker Compose), and `security_opt` that disables seccomp, AppArmor or SELinux.

## Why it matters

Anyone who breaks into a privileged container is root on the host: the container sees every device, and nothing separates it from the kernel. CIS Docker Benchmark 5.4 and 5.2; the OWASP Docker cheat sheet, rule 3.

## What to do

Remove the setting. Give a single capability with `cap_add`, and a single device with `devices`.

## Facts

The key is the name of the service.
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
            about: "seccomp disabled",
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
                "{key} {is|are} privileged, with all rights on the host",
                "remove `privileged`; use cap_add for single capabilities",
            ));
        }
        let options = service.at(&["security_opt"]).map(Node::items).unwrap_or_default();
        if let Some(option) = options.iter().find(|option| option.text().is_some_and(is_unconfined)) {
            findings.push(about(
                &CHECK,
                &service,
                option.place,
                "{key} {has|have} seccomp, AppArmor or SELinux disabled",
                "remove this option from security_opt",
            ));
        }
    }
}
