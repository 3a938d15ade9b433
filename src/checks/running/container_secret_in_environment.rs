//! `container-secret-in-environment`: secrets in a running container's environment.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::secret::class::{self, Class};
use crate::secret::strength::{self, Strength};
use crate::secret::{Secret, placeholder};

pub(crate) static CHECK: Check = Check {
    id: "container-secret-in-environment",
    title: "a secret in a running container's environment",
    doc: r#"## What it does

Names the secrets in a container's environment. An easily guessed one and a placeholder are errors; any other is a note, for the environment is where the document wants them. Secrets that come as a file (`*_FILE`) are none.

The deployment checklist: "All secrets in environment variables (not hardcoded)".

## Why it matters

`docker inspect` shows the environment to everyone in the docker group, and every child process and crash report has it. A guessable one needs not even that.

## What to do

Replace what can be guessed. For the rest, `secrets:` in the compose file and the service's `*_FILE` settings keep it out of the environment.

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
            about: "easily guessed",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["POSTGRES_PASSWORD=postgres"]}}]"#,
            )],
        },
        Example {
            about: "a note: it is there",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["POSTGRES_PASSWORD={password}"]}}]"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a file",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":["POSTGRES_PASSWORD_FILE=/run/secrets/db","NODE_ENV=production"]}}]"#,
            )],
        },
        Example {
            about: "the key of a signature, which is public",
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
        let password = class::url_password(value).map(Secret::new);
        let part = password.as_ref().map_or(value, Secret::expose);
        let (severity, state, what) = if placeholder::of_key(name, part).is_some() {
            (Severity::Error, "placeholder", "{key}: still a placeholder, and it runs with it")
        } else if strength::of(part) == Strength::Weak {
            (Severity::Error, "weak", "{key}: easily guessed, and it runs with it")
        } else {
            (Severity::Note, "filled", "{key}: docker inspect shows it to the docker group")
        };
        let mut finding = Finding::new(
            &CHECK,
            Origin::Runtime(container.name.clone()),
            what,
            "replace it, and start the container again",
        )
        .severity(severity)
        .fact("class", Fact::Word(class.word()))
        .fact("state", Fact::Word(state));
        finding.key = Key::printable(name.as_bytes());
        findings.push(finding);
    }
}
