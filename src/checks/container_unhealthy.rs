//! `container-unhealthy`: a container that does not work.

use super::{Artifact, Check, Context, Example, Kind, Step};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::inspect::{Health, State};

pub(crate) static CHECK: Check = Check {
    id: "container-unhealthy",
    title: "a container that does not work",
    doc: r#"## What it does

Reports a container whose own health check fails, and one that Docker starts again and again (`restarting`). A container that it had to start again five times or more is a warning.

The deployment checklist: "Monitoring Container Security", check container health.

## Why it matters

It is running as far as everything else knows, and does not answer.

## What to do

`docker inspect --format='{{json .State.Health}}' NAME` shows what the check printed, `docker logs NAME` what the service says.

## Facts

- `restarts`: how often it was started again, where that is known
"#,
    severity: Severity::Error,
    kinds: &[Kind::Container],
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
    run,
};

/// From here on a restart is no accident.
const MANY: u64 = 5;

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    let restarts = container.restarts.unwrap_or(0);
    let (what, severity) = match (container.state, container.health) {
        (Some(State::Restarting), _) => ("it does not stay up: Docker starts it again", Severity::Error),
        (_, Some(Health::Unhealthy)) => ("its health check fails", Severity::Error),
        _ if restarts >= MANY => ("Docker had to start it again {restarts} times", Severity::Warning),
        _ => return,
    };
    findings.push(
        Finding::new(&CHECK, Origin::Runtime(container.name.clone()), what, "docker logs {path:sh}")
            .severity(severity)
            .fact("restarts", container.restarts.map_or(Fact::None, Fact::Number)),
    );
}
