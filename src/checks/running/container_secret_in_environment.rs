//! `container-secret-in-environment`: a secret in the environment of a running container.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::secret::class::{self, Class};
use crate::secret::strength::{self, Strength};
use crate::secret::{Secret, placeholder};

pub(crate) static CHECK: Check = Check {
    id: "container-secret-in-environment",
    title: "a secret in the environment of a running container",
    doc: r#"## What it does

Lists the secrets in the environment of a container. Severity: error for a secret that is easy to guess and for a placeholder. All others are a note, because the checklist wants secrets in the environment. Secrets that come from a file (`*_FILE`) are not reported.

The deployment checklist: "All secrets in environment variables (not hardcoded)".

## Why it matters

`docker inspect` shows the environment to everyone in the docker group, and every child process and crash report contains it. For a secret that is easy to guess, an attacker does not even need that.

## What to do

Replace secrets that are easy to guess. For the others, `secrets:` in the compose file and the `*_FILE` settings of the service keep them out of the environment.

## Facts

- `class`: the class of the secret
- `state`: `weak`, `placeholder` or `filled`
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "easy to guess",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["POSTGRES_PASSWORD=postgres"]}}]"#,
            )],
        },
        Example {
            about: "a strong secret, which is a note",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["POSTGRES_PASSWORD={password}"]}}]"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a secret from a file",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["POSTGRES_PASSWORD_FILE=/run/secrets/db","NODE_ENV=production"]}}]"#,
            )],
        },
        Example {
            about: "a public signing key",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568"]}}]"#,
            )],
        },
    ],
};

#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    for variable in &container.environment {
        let (name, value) = (variable.name.as_str(), variable.value.expose());
        let class = context.config.class_of(name, value).filter(|class| *class != Class::Hash);
        let Some(class) = class.filter(|_| !value.is_empty() && !class::is_fingerprint(name, value)) else { continue };
        let password = class::password(name, value).map(Secret::new);
        let part = password.as_ref().map_or(value, Secret::expose);
        let (severity, state, what) = if placeholder::of_key(name, part).is_some() {
            (Severity::Error, "placeholder", "the container runs with {a placeholder|placeholders} as {key}")
        } else if strength::of(part) == Strength::Weak {
            (Severity::Error, "weak", "the container runs with {a value|values} for {key} that {is|are} easy to guess")
        } else {
            (Severity::Note, "filled", "docker inspect shows {key} to everyone in the docker group")
        };
        let mut finding = Finding::new(
            &CHECK,
            Origin::Runtime(container.name.clone()),
            what,
            "replace the secret, then recreate the container: docker compose up -d",
        )
        .severity(severity)
        .fact("class", Fact::Word(class.word()))
        .fact("state", Fact::Word(state));
        finding.key = Key::printable(name.as_bytes());
        findings.push(finding);
    }
}
