//! `container-restart-policy`: a container that Docker does not start again.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::inspect::{Restart, State};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-restart-policy",
    title: "a container that Docker does not start again",
    doc: r#"## What it does

Reports a running container whose restart policy is `no` or `on-failure`; `unless-stopped` is a note. A task of Swarm, a pod of Kubernetes and a systemd unit (Quadlet) pass, because those start them again themselves. What `docker compose run` started passes too.

The deployment checklist: "Restart policy set to `always` for production".

## Why it matters

After a crash or a reboot of the host the container is gone until somebody notices.

## What to do

`restart: always` in the compose file; for a running container, `docker update --restart always NAME`.

## Facts

- `policy`: the restart policy
"#,
    group: Group::Running,
    severity: Severity::Warning,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "never",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"RestartPolicy":{"Name":"no"}},"Config":{}}]"#,
            )],
        },
        Example {
            about: "only after a failure",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"RestartPolicy":{"Name":"on-failure"}},"Config":{}}]"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "always",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"RestartPolicy":{"Name":"always"}},"Config":{}}]"#,
            )],
        },
        Example {
            about: "a task that its swarm starts again",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/shop_api.1.x2k9","State":{"Status":"running"},"HostConfig":{"RestartPolicy":{"Name":""}},"Config":{"Labels":{"com.docker.swarm.task.id":"x2k9"}}}]"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    let (policy, severity) = match container.restart {
        Some(Restart::No) => ("no", Severity::Warning),
        Some(Restart::OnFailure) => ("on-failure", Severity::Warning),
        Some(Restart::UnlessStopped) => ("unless-stopped", Severity::Note),
        Some(Restart::Always) | None => return,
    };
    if container.state == Some(State::Stopped) || container.labels.is_minded || container.labels.is_one_off {
        return;
    }
    findings.push(
        Finding::new(
            &CHECK,
            Origin::Runtime(container.name.clone()),
            "the container has the restart policy {policy}, not always",
            "docker update --restart always {path:sh}",
        )
        .severity(severity)
        .fact("policy", Fact::Word(policy)),
    );
}
