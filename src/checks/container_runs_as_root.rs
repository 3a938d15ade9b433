//! `container-runs-as-root`: a container that root runs.

use super::image_runs_as_root::is_root;
use super::{Artifact, Check, Context, Example, Kind, Step};
use crate::finding::{Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-runs-as-root",
    title: "a running container of root's",
    doc: r#"## What it does

Reports a container that root runs: no user in its image and its compose file, `root`, or `0`.

The deployment checklist: "Non-root user configured in Dockerfile".

## Why it matters

Whoever takes the process over is root in the container, may write to every file of it and of what is mounted, and is one kernel bug away from root on the host.

## What to do

`USER app` in the Dockerfile, or `user: "1001:1001"` in the compose file.

## Facts

None besides the container's name.
"#,
    severity: Severity::Error,
    kinds: &[Kind::Container],
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
    good: &[Example {
        about: "a user",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"User":"1001"}}]"#,
        )],
    }],
    run,
};

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    if container.user.as_deref().is_some_and(is_root) {
        let (what, help) = ("root runs it", "name a user: USER in the Dockerfile, or user: in the compose file");
        findings.push(Finding::new(&CHECK, Origin::Runtime(container.name.clone()), what, help));
    }
}
