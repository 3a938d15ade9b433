//! `container-runs-old-secret`: a container that runs with another secret than its env file has.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::Key;
use crate::finding::{Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-runs-old-secret",
    title: "a container that runs with another secret than its env file has",
    doc: r#"## What it does

Compares the environment of a container with what its compose service would get now from the env files and compose files of this project. Needs no ledger and no rotation. Only containers that Compose started from this project are compared, by their labels. A value that the ledger knows as replaced is reported by `container-secret-replaced` instead.

## Why it matters

Docker sets the environment of a container when it creates the container. After a change of the env file the container keeps the old value until it is recreated: the new secret is not in use, and the old one still is.

## What to do

Recreate the container: `docker compose up -d --force-recreate SERVICE`. If the container has the right value, correct the env file.

## Facts

Only the container and the key.
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "the env file was edited since the container was created",
        steps: &[
            Step::File("compose.yaml", 0o644, "services:\n  api:\n    image: api:1.0.0\n    env_file: .env\n"),
            Step::File(".env", 0o600, "JWT_SECRET={hex64-new}\n"),
            Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["JWT_SECRET={hex64}"],"Labels":{"com.docker.compose.service":"api","com.docker.compose.project.working_dir":"{root}"}}}]"#,
            ),
        ],
    }],
    good: &[Example {
        about: "created from the same env file",
        steps: &[
            Step::File("compose.yaml", 0o644, "services:\n  api:\n    image: api:1.0.0\n    env_file: .env\n"),
            Step::File(".env", 0o600, "JWT_SECRET={hex64}\n"),
            Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["JWT_SECRET={hex64}"],"Labels":{"com.docker.compose.service":"api","com.docker.compose.project.working_dir":"{root}"}}}]"#,
            ),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    for variable in container.environment.iter().filter(|variable| variable.is_outdated && !variable.is_replaced) {
        let origin = Origin::Runtime(container.name.clone());
        let what = "the container runs with {another value|other values} of {key} than the project has now";
        let help = "recreate the container: docker compose up -d --force-recreate SERVICE";
        let key = Key::printable(variable.name.as_bytes());
        findings.push(Finding::new(&CHECK, origin, what, help).key(key.as_ref()));
    }
}
