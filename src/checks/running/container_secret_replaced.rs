//! `container-secret-replaced`: a container that runs with a value that was replaced.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::Key;
use crate::finding::{Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-secret-replaced",
    title: "a container that runs with a secret that was replaced",
    doc: r#"## What it does

Compares what a container's environment holds with the fingerprints of the replaced values that the rotation ledger knows of this project, under whatever name the container has it. A value that is in use again is none; neither is one under `KEY_PREVIOUS` before its rotation is confirmed.

## Why it matters

Docker gives a container its environment when it is made: a new env file changes nothing for it, and `docker compose restart` reads none. The container goes on with the old password, which the database will refuse at the next connection, or with the key that leaked.

## What to do

Make the container anew: `docker compose up -d` with its service's name.

## Facts

None besides the container and the key.
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "the env file has another value since",
        steps: &[
            Step::File(".env", 0o600, "JWT_SECRET={hex64}\n"),
            Step::Envward("rotation status"),
            Step::File(".env", 0o600, "JWT_SECRET={hex64-new}\n"),
            Step::Envward("rotation status"),
            Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["JWT_SECRET={hex64}"]}}]"#,
            ),
        ],
    }],
    good: &[Example {
        about: "made anew since",
        steps: &[
            Step::File(".env", 0o600, "JWT_SECRET={hex64}\n"),
            Step::Envward("rotation status"),
            Step::File(".env", 0o600, "JWT_SECRET={hex64-new}\n"),
            Step::Envward("rotation status"),
            Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["JWT_SECRET={hex64-new}"]}}]"#,
            ),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    for variable in container.environment.iter().filter(|variable| variable.is_replaced) {
        let origin = Origin::Runtime(container.name.clone());
        let what = "{key}: it was replaced, and the container runs with the old value";
        let help = "make it anew: docker compose up -d SERVICE (a restart reads no env file)";
        let key = Key::printable(variable.name.as_bytes());
        findings.push(Finding::new(&CHECK, origin, what, help).key(key.as_ref()));
    }
}
