//! `one-network`: a database in the same network as every other service.

use super::service_kind::kind_of;
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::Service;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "one-network",
    title: "a database in the same network as every other service",
    doc: r#"## What it does

Notes a stack of three or more services in which no service names a network, so that a database or monitor shares the default network with a service whose port is published.

## Why it matters

The deployment checklist: "Network isolation configured (if using custom networks)". Anyone who breaks into the web server can talk to the database directly. CIS Docker Benchmark 5.30.

## What to do

Use two networks: one for the web server and the application, and one with `internal: true` for the application and the database.

## Facts

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Note,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::NetworkIsolation, 2)],
    bad: &[Example {
        about: "one network for all",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  web: {image: nginx:1.25.3, ports: ["80:80"]}
  app: {image: app:1.0}
  db: {image: postgres:15.5-alpine}
"#,
        )],
    }],
    good: &[Example {
        about: "two networks",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  web: {image: nginx:1.25.3, ports: ["80:80"], networks: [front]}
  app: {image: app:1.0, networks: [front, back]}
  db: {image: postgres:15.5-alpine, networks: [back]}
networks:
  front: {}
  back: {internal: true}
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let all: Vec<Service<'_>> = services(artifact).collect();
    let faces =
        |service: &Service<'_>| kind_of(service).is_none() && service.ports().iter().any(|port| !port.is_loopback());
    let is_named = |service: &Service<'_>| !service.networks().is_empty() || service.at(&["network_mode"]).is_some();
    if all.len() < 3 || all.iter().any(is_named) || !all.iter().any(faces) {
        return;
    }
    if let Some(inner) = all.iter().find(|service| kind_of(service).is_some()) {
        findings.push(about(
            &CHECK,
            inner,
            inner.place(),
            "{key} {is|are} in one network with every other service",
            "put the service into a separate network with internal: true",
        ));
    }
}
