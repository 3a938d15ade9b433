//! `container-unhealthy`: a container that does not work.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::inspect::{Container, Health, State};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-unhealthy",
    title: "a container that does not work",
    doc: r#"## What it does

Reports a container whose health check fails, a container that Docker restarts again and again (`restarting`), and a container in which the kernel killed a process because its memory was used up. Severity: error. A container that Docker had to restart five times or more is a warning. So is a healthy container whose health check failed at least twice in the runs that Docker remembers.

The deployment checklist: "Monitoring Container Security", check container health.

## Why it matters

For everything else the container is running, but it does not answer.

## What to do

`docker inspect --format='{{json .State.Health}}' NAME` shows the output of the health check, `docker logs NAME` the output of the service.

## Facts

- `restarts`: how often Docker restarted the container, if known
- `asked`, `failed`: how many runs of the health check Docker remembers, and how many of them failed, if known
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "the health check fails",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running","Health":{"Status":"unhealthy"}},"HostConfig":{},"Config":{}}]"#,
            )],
        },
        Example {
            about: "Docker restarts it again and again",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"{"Names":"api","Image":"api:1.2.3","State":"restarting","Status":"Restarting (1) 5 seconds ago"}"#,
            )],
        },
        Example {
            about: "the kernel killed a process",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"exited","OOMKilled":true},"HostConfig":{},"Config":{}}]"#,
            )],
        },
        Example {
            about: "Docker restarted it nine times",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{},"RestartCount":9}]"#,
            )],
        },
    ],
    good: &[Example {
        about: "it works",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Name":"/api","State":{"Status":"running","Health":{"Status":"healthy"}},"HostConfig":{},"Config":{}}]"#,
        )],
    }],
};

/// From this number on, restarts are not an accident.
const MANY: u64 = 5;
/// From this number on, failed runs of a health check are not an accident.
const OFTEN: u64 = 2;

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    let Some((what, help, severity)) = judge(container) else { return };
    let count = |count: Option<u64>| count.map_or(Fact::None, Fact::Number);
    findings.push(
        Finding::new(&CHECK, Origin::Runtime(container.name.clone()), what, help)
            .severity(severity)
            .fact("restarts", count(container.restarts))
            .fact("asked", count(container.probes.map(|probes| probes.asked)))
            .fact("failed", count(container.probes.map(|probes| probes.failed))),
    );
}

fn judge(container: &Container) -> Option<(&'static str, &'static str, Severity)> {
    const LOGS: &str = "read the logs: docker logs {path:sh}";
    let is_unhealthy = container.health == Some(Health::Unhealthy);
    let flickers = container.probes.is_some_and(|probes| probes.failed >= OFTEN);
    match () {
        () if container.is_out_of_memory => Some((
            "the kernel killed a process of the container, because its memory was used up",
            "raise the memory limit, or find out what needs so much: docker stats {path:sh}",
            Severity::Error,
        )),
        () if container.state == Some(State::Restarting) => {
            Some(("the container crashes, and Docker restarts it again and again", LOGS, Severity::Error))
        }
        () if is_unhealthy && container.probes.is_some_and(|probes| probes.is_missing) => Some((
            "the health check of the container calls a program that is not in the image",
            "change healthcheck: in the compose file to call a program that the image contains",
            Severity::Error,
        )),
        () if is_unhealthy => Some(("the health check of the container fails", LOGS, Severity::Error)),
        () if container.restarts.unwrap_or(0) >= MANY => {
            Some(("Docker had to restart the container {restarts} times", LOGS, Severity::Warning))
        }
        () if container.health == Some(Health::Healthy) && flickers => Some((
            "the health check of the container failed {failed} of the last {asked} times",
            LOGS,
            Severity::Warning,
        )),
        () => None,
    }
}
