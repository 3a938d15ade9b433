//! `container-without-healthcheck`: a container that nobody asks whether it works.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::inspect::{Health, State};
use crate::finding::{Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-without-healthcheck",
    title: "a container without a health check",
    doc: r#"## What it does

Reports a running container that has no health check, neither from its image nor from compose.

The deployment checklist: "Health checks implemented for all critical services".

## Why it matters

A process that hangs is running as far as Docker knows: nothing restarts it, and what depends on it starts all the same.

## What to do

Give it a `healthcheck:` in the compose file, or its image a `HEALTHCHECK`, and start it again.

## Facts

None besides the container's name.
"#,
    group: Group::Running,
    severity: Severity::Warning,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "none",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Image":"api:1.2.3"}}]"#,
        )],
    }],
    good: &[Example {
        about: "one",
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
    let (what, help) = ("no health check", "give it a healthcheck: in the compose file");
    findings.push(Finding::new(&CHECK, Origin::Runtime(container.name.clone()), what, help));
}
