//! `container-as-root`: a service that is set to run as root.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-as-root",
    title: "a service that is set to run as root",
    doc: r#"## What it does

Reports a compose service with `user:` of `root` or `0`, whatever the group. A service that runs once, such as one that prepares a volume, is a warning. If the image itself sets the user, the Dockerfile is checked (`image-runs-as-root`).

## Why it matters

The deployment checklist: "Non-root user configured in Dockerfile". Root in a container becomes root on the host with one vulnerability, and can write to every file of a mounted directory. CIS Docker Benchmark 4.1; the OWASP Docker cheat sheet, rule 2.

## What to do

Remove `user:`, or set a user without special rights: `user: "1001:1001"`.

## Facts

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Deployment,
    fix: None,
    checklist: &[(Item::NonRootUser, 1)],
    bad: &[Example {
        about: "the user id of root",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
    user: "0:1001"
"#,
        )],
    }],
    good: &[
        Example {
            about: "a user without special rights",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    user: "1001:0"
"#,
            )],
        },
        Example {
            about: "the user of the image",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let Some(node) = service.at(&["user"]) else { continue };
        let user = node.text().and_then(|text| text.split(':').next()).unwrap_or_default();
        if !(user == "root" || !user.is_empty() && user.bytes().all(|digit| digit == b'0')) {
            continue;
        }
        let severity = if service.is_one_shot() { Severity::Warning } else { Severity::Error };
        findings.push(
            about(
                &CHECK,
                &service,
                node.place,
                "{key} {runs|run} as root",
                "remove `user`, or set a user without special rights",
            )
            .severity(by_environment(service.stack.environment, severity)),
        );
    }
}
