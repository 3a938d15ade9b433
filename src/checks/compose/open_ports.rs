//! `open-ports`: a port that the network can reach.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "open-ports",
    title: "a port that the network can reach",
    doc: r#"## What it does

Notes each service that publishes ports on another address than a loopback address, so that one list shows what the network can reach.

## Why it matters

The deployment checklist: "Firewall rules configured". A published port bypasses the firewall of the host: it is open, whatever ufw or firewalld say.

## What to do

Compare the list with the ports that should be open. Firewall rules for containers belong in the DOCKER-USER chain, or in a firewall in front of the host.

## Facts

- `ports`: the number of ports
- `first`: the first of them

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Note,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::Firewall, 1)],
    bad: &[Example {
        about: "a web server",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  web:
    image: nginx:1.25.3
    ports: ["443:443"]
"#,
        )],
    }],
    good: &[Example {
        about: "behind a proxy on the same host",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
    ports: ["127.0.0.1:3000:3000"]
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let ports = service.ports();
        let open: Vec<_> = ports.iter().filter(|port| !port.is_loopback()).collect();
        let Some(first) = open.first() else { continue };
        let number = first.published.map_or(first.target.first, |range| range.first);
        findings.push(
            about(
                &CHECK,
                &service,
                first.place,
                "the network can reach {key} on port {first} ({ports} in all)",
                "make sure that each of these ports should be open",
            )
            .severity(Severity::Note)
            .fact("first", Fact::Number(u64::from(number)))
            .fact("ports", Fact::Number(open.len() as u64)),
        );
    }
}
