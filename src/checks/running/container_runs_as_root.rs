//! `container-runs-as-root`: a container that root runs.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::dockerfile::user::is_root;
use crate::checks::{Artifact, Context};
use crate::docker::image::{Reference, Server, server};
use crate::finding::{Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-runs-as-root",
    title: "a running container of root's",
    doc: r#"## What it does

Reports a container that root runs: no user in its image and its compose file, `root`, or `0`. Where nobody names a user, images pass whose entry point starts the server as somebody else (PostgreSQL, Redis, MySQL, Gitea, those of linuxserver.io and others), unless another entry point or a shell as the command takes that away; those whose root's master only starts workers of somebody else's (nginx, httpd) are a note.

The deployment checklist: "Non-root user configured in Dockerfile".

## Why it matters

Whoever takes the process over is root in the container, may write to every file of it and of what is mounted, and is one kernel bug away from root on the host.

## What to do

`USER app` in the Dockerfile, or `user: "1001:1001"` in the compose file.

## Facts

None besides the container's name.
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
            about: "root's number",
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
            about: "the entry point starts it as somebody else",
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
    // One that somebody asked for is root's, whatever the entry point does.
    let image = container.image.as_deref().filter(|_| user.is_empty() && container.steps_down);
    let (what, severity) = match image.and_then(|image| server(&Reference::of(image))) {
        Some(Server::Other) => return,
        Some(Server::Workers) => ("root runs its master, somebody else the workers", Severity::Note),
        None => ("root runs it", Severity::Error),
    };
    let help = "name a user: USER in the Dockerfile, or user: in the compose file";
    findings.push(Finding::new(&CHECK, Origin::Runtime(container.name.clone()), what, help).severity(severity));
}
