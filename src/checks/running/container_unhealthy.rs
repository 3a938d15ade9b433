//! `container-unhealthy`: a container that does not work.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::inspect::{Container, Health, State};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-unhealthy",
    title: "a container that does not work",
    doc: r#"## What it does

Reports a container whose own health check fails, one that Docker starts again and again (`restarting`), and one of which the kernel killed a process for want of memory. A container that it had to start again five times or more is a warning, and so is one that is called healthy, and whose check failed at least twice of the last times that it was asked.

The deployment checklist: "Monitoring Container Security", check container health.

## Why it matters

It is running as far as everything else knows, and does not answer.

## What to do

`docker inspect --format='{{json .State.Health}}' NAME` shows what the check printed, `docker logs NAME` what the service says.

## Facts

- `restarts`: how often it was started again, where that is known
- `asked`, `failed`: how many answers Docker keeps of its health check, and how many of them were failures, where that is known
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "its check fails",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running","Health":{"Status":"unhealthy"}},"HostConfig":{},"Config":{}}]"#,
            )],
        },
        Example {
            about: "it does not stay up",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"{"Names":"api","Image":"api:1.2.3","State":"restarting","Status":"Restarting (1) 5 seconds ago"}"#,
            )],
        },
        Example {
            about: "the kernel killed it",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"exited","OOMKilled":true},"HostConfig":{},"Config":{}}]"#,
            )],
        },
        Example {
            about: "it was started again nine times",
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

/// From here on a restart is no accident.
const MANY: u64 = 5;
/// And from here on a check that failed.
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
    const LOGS: &str = "docker logs {path:sh}";
    let is_unhealthy = container.health == Some(Health::Unhealthy);
    let flickers = container.probes.is_some_and(|probes| probes.failed >= OFTEN);
    match () {
        () if container.is_out_of_memory => Some((
            "the kernel killed a process of it: its memory was used up",
            "find what needs that much, or raise its limit: docker stats {path:sh}",
            Severity::Error,
        )),
        () if container.state == Some(State::Restarting) => {
            Some(("it does not stay up: Docker starts it again", LOGS, Severity::Error))
        }
        () if is_unhealthy && container.probes.is_some_and(|probes| probes.is_missing) => Some((
            "its health check cannot start: what it calls is not in the image",
            "call something that the image has: healthcheck: in the compose file",
            Severity::Error,
        )),
        () if is_unhealthy => Some(("its health check fails", LOGS, Severity::Error)),
        () if container.restarts.unwrap_or(0) >= MANY => {
            Some(("Docker had to start it again {restarts} times", LOGS, Severity::Warning))
        }
        () if container.health == Some(Health::Healthy) && flickers => {
            Some(("its health check failed {failed} of the last {asked} times", LOGS, Severity::Warning))
        }
        () => None,
    }
}
