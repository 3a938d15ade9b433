//! `container-without-healthcheck`: a container without a health check.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::inspect::{Health, State};
use crate::finding::{Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-without-healthcheck",
    title: "a container without a health check",
    doc: r#"## What it does

Reports a running container without a health check, neither from its image nor from its compose file.

The deployment checklist: "Health checks implemented for all critical services".

## Why it matters

For Docker, a process that hangs is running: Docker does not restart it, and services that depend on it start anyway.

## What to do

Add a `healthcheck:` to the compose file, or a `HEALTHCHECK` to the image, and recreate the container.

## Facts

Only the name of the container.
"#,
    group: Group::Running,
    severity: Severity::Warning,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "no health check",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Image":"api:1.2.3"}}]"#,
        )],
    }],
    good: &[Example {
        about: "a health check",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Name":"/api","State":{"Status":"running","Health":{"Status":"healthy"}},"HostConfig":{},"Config":{}}]"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    if container.health != Some(Health::None) || container.state == Some(State::Stopped) || container.labels.is_one_off
    {
        return;
    }
    let (what, help) = ("the container has no health check", "add a healthcheck: to the service in the compose file");
    findings.push(Finding::new(&CHECK, Origin::Runtime(container.name.clone()), what, help));
}
