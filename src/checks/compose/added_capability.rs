//! `added-capability`: a container with more capabilities than Docker gives.

use super::{about, capability, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::Node;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "added-capability",
    title: "a container with more capabilities than Docker gives",
    doc: r#"## What it does

Reports a capability in `cap_add` that Docker does not give by default. Severity: error if the capability is a way out of the container (SYS_ADMIN, NET_ADMIN, SYS_PTRACE and the like, ALL), else warning. The fourteen capabilities that Docker gives anyway pass, so `cap_drop: [ALL]` with the few that the service needs is not reported.

## Why it matters

Each of these weakens the isolation of the container. CIS Docker Benchmark 5.3; the OWASP Docker cheat sheet, rule 3.

## What to do

Remove the capability and test what no longer works. Often a newer image does not need it.

## Facts

- `capability`: the capability

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NetworkIsolation, 5)],
    bad: &[Example {
        about: "the most powerful capability",
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
        about: "all dropped except one",
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
                    "{key} {has|have} the additional capability {capability}",
                    "remove {capability} from cap_add, and test the service again",
                )
                .severity(by_environment(service.stack.environment, severity))
                .fact("capability", Fact::Word(word)),
            );
        }
    }
}
