//! `dependency-not-awaited`: a service that starts before its dependency is ready.

use super::image_healthcheck::brings_none;
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Node, Service};
use crate::finding::{Fact, Finding, Severity};
use crate::name::Name;

pub(crate) static CHECK: Check = Check {
    id: "dependency-not-awaited",
    title: "a service that starts before its dependency is ready",
    doc: r#"## What it does

Reports `depends_on` in its short form, which only waits until the other container exists (a warning); `service_started` for a service that has a health check (a note); and `service_healthy` for a service of the same file that has no health check and is not built from a Dockerfile (an error: Docker Compose waits, then fails).

## Why it matters

The deployment checklist: "Dependency health checks configured in docker-compose". The application starts before its database answers, and crashes, or runs without what it needs.

## What to do

`depends_on: {db: {condition: service_healthy}}`, and a health check for `db`.

## Facts

- `on`: the other service

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::DependencyHealth, 1)],
    bad: &[
        Example {
            about: "the short form",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    depends_on: [db]
  db:
    image: postgres:15.5-alpine
"#,
            )],
        },
        Example {
            about: "waiting for a service that has no health check",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    depends_on:
      db: {condition: service_healthy}
  db:
    image: postgres:15.5-alpine
"#,
            )],
        },
    ],
    good: &[Example {
        about: "waiting for a healthy service",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
    depends_on:
      db: {condition: service_healthy}
  db:
    image: postgres:15.5-alpine
    healthcheck:
      test: pg_isready
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        for dependency in service.dependencies() {
            let Some(other) = service.stack.service(dependency.name) else { continue };
            let checked = has_check(&other);
            let (severity, what) = match dependency.condition {
                "service_healthy" if checked == Some(false) => {
                    (Severity::Error, "{key} {waits|wait} until {on} is healthy, but {on} has no health check")
                }
                "service_started" if dependency.short => {
                    (Severity::Warning, "{key} {does|do} not wait until {on} is ready")
                }
                "service_started" if checked == Some(true) => {
                    (Severity::Note, "{key} {does|do} not wait until {on} is healthy")
                }
                _ => continue,
            };
            findings.push(
                about(
                    &CHECK,
                    &service,
                    dependency.place,
                    what,
                    "set condition: service_healthy, and add a health check to {on}",
                )
                .severity(by_environment(service.stack.environment, severity))
                .fact("on", Fact::Name(Name(dependency.name.as_bytes().to_vec()))),
            );
        }
    }
}

/// Whether a service has a health check; `None` if its image may have one.
fn has_check(service: &Service<'_>) -> Option<bool> {
    match service.at(&["healthcheck"]) {
        Some(check) if check.get("disable").is_some_and(Node::is_true) => Some(false),
        Some(check) => {
            Some(check.get("test").is_none_or(|test| test.items().first().and_then(|word| word.text()) != Some("NONE")))
        }
        None if brings_none(service) => Some(false),
        None => None,
    }
}
