//! `container-runs-as-root`: a container running as root.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::dockerfile::user::is_root;
use crate::checks::{Artifact, Context};
use crate::docker::image::{Reference, Server, server};
use crate::finding::{Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-runs-as-root",
    title: "a container running as root",
    doc: r#"## What it does

Reports a container that runs as root: neither its image nor its compose file sets a user, or the user is `root` or `0`. If nothing sets a user, images pass whose entry point starts the server as another user (PostgreSQL, Redis, MySQL, Gitea, those of linuxserver.io and others), unless another entry point or a shell as the command prevents that. Images with a root master process and workers of another user (nginx, httpd) are a note.

The deployment checklist: "Non-root user configured in Dockerfile".

## Why it matters

Anyone who takes over the process is root in the container, can write to every file in it and in its mounts, and is one kernel bug away from root on the host.

## What to do

`USER app` in the Dockerfile, or `user: "1001:1001"` in the compose file.

## Facts

Only the name of the container.
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "no user",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"User":""}}]"#,
            )],
        },
        Example {
            about: "the user id of root",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"User":"0:0"}}]"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a user",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"User":"1001"}}]"#,
            )],
        },
        Example {
            about: "the entry point starts the server as another user",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/db","State":{"Status":"running"},"HostConfig":{},"Config":{"User":"","Image":"postgres:15.5","Entrypoint":["docker-entrypoint.sh"],"Cmd":["postgres"]}}]"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    let Some(user) = container.user.as_deref().filter(|user| is_root(user)) else { return };
    // If root was set explicitly, the entry point does not change the user.
    let image = container.image.as_deref().filter(|_| user.is_empty() && container.steps_down);
    let (what, severity) = match image.and_then(|image| server(&Reference::of(image))) {
        Some(Server::Other) => return,
        Some(Server::Workers) => ("the main process runs as root, its workers run as another user", Severity::Note),
        None => ("the container runs as root", Severity::Error),
    };
    let help = "set a user: USER in the Dockerfile, or user: in the compose file";
    findings.push(Finding::new(&CHECK, Origin::Runtime(container.name.clone()), what, help).severity(severity));
}
