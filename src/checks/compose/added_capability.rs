//! `added-capability`: a right that Docker does not give by itself.

use super::{about, capability, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::Node;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "added-capability",
    title: "a container with more rights than Docker gives by itself",
    doc: r#"## What it does

Reports `cap_add` of a capability that Docker leaves out on purpose: an error where it is a way out of the container (SYS_ADMIN, NET_ADMIN, SYS_PTRACE and the like, ALL), a warning else. The fourteen that Docker gives anyway pass, so that `cap_drop: [ALL]` with the few that are needed is no finding.

## Why it matters

Each of these breaks one of the walls around the container. CIS Docker Benchmark 5.3; the OWASP Docker cheat sheet, rule 3.

## What to do

Take it out, and see what no longer works; often a newer image needs it no more.

## Facts

- `capability`: which one

The key is the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NetworkIsolation, 5)],
    bad: &[Example {
        about: "the widest of all",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
    cap_add: [SYS_ADMIN]
"#,
        )],
    }],
    good: &[Example {
        about: "all dropped but one",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE]
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        for item in service.at(&["cap_add"]).map(Node::items).unwrap_or_default() {
            let Some((word, severity)) = item.text().and_then(capability::gravity) else { continue };
            findings.push(
                about(
                    &CHECK,
                    &service,
                    item.place,
                    "{key}: has the capability {capability}",
                    "take it out of cap_add, if it works without",
                )
                .severity(by_environment(service.stack.environment, severity))
                .fact("capability", Fact::Word(word)),
            );
        }
    }
}
