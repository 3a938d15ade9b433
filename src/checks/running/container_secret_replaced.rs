//! `container-secret-replaced`: a container that runs with a replaced secret.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::Key;
use crate::finding::{Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-secret-replaced",
    title: "a container that runs with a replaced secret",
    doc: r#"## What it does

Compares the environment of a container with the fingerprints of replaced values that the ledger contains for this project, whatever the name of the variable. A value that is in use again is not reported; neither is a value under `KEY_PREVIOUS` before its rotation is confirmed.

## Why it matters

Docker sets the environment of a container when it creates the container. A changed env file changes nothing in it, and `docker compose restart` does not read env files. The container keeps using the old password, which the database will refuse at the next connection, or the key that leaked.

## What to do

Recreate the container: `docker compose up -d --force-recreate SERVICE`.

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
        about: "the env file has a new value",
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
        about: "recreated since then",
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
        let what = "the container still runs with the old {value|values} of {key}";
        let help =
            "recreate the container (a restart does not read env files): docker compose up -d --force-recreate SERVICE";
        let key = Key::printable(variable.name.as_bytes());
        findings.push(Finding::new(&CHECK, origin, what, help).key(key.as_ref()));
    }
}
