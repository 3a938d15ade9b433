//! `env-file-missing`: a file that a compose file needs and that does not exist.

use super::about;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Location, Place, Service};
use crate::env::names::{self, Role};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::path::RelPath;
use crate::project::ProjectFile;

pub(crate) static CHECK: Check = Check {
    id: "env-file-missing",
    title: "a file that a compose file needs and that does not exist",
    doc: r#"## What it does

Reports an `env_file:` that does not exist and is not `required: false`, and a file in `secrets:` that does not exist. Severity: error; warning if the project has a template of the file, as in a fresh clone; note for `stack.env`, which Portainer creates.

## Why it matters

The deployment checklist: "All `.env.example` files copied to `.env` with production secrets". Docker Compose does not start without the file.

## What to do

`envward init` creates the file from its template, if there is one. Without a template, create the file yourself with mode 0600.

## Facts

- `file`: the file
- `service`: the service, if the file is its `env_file`

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 2)],
    bad: &[
        Example {
            about: "never created",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    env_file: app.env
"#,
            )],
        },
        Example {
            about: "a secret file that does not exist",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    secrets: [key]
secrets:
  key: {file: ./key.txt}
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "the file exists",
            steps: &[
                Step::File("app.env", 0o600, "PORT=80\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  app:
    image: app:1.0
    env_file: app.env
"#,
                ),
            ],
        },
        Example {
            about: "not required",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    env_file:
      - path: app.env
        required: false
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Compose(stack, _) = artifact else { return };
    let gone = |location: &Location| match location {
        Location::Below(path) if context.project.absent.contains(path) => Some(path.clone()),
        _ => None,
    };
    for service in stack.services() {
        for file in service.env_files().iter().filter(|file| file.required) {
            if let Some(path) = gone(&file.location) {
                findings.push(of_service(&service, file.place, path, context));
            }
        }
    }
    for secret in stack.file_secrets() {
        let Some(path) = gone(&secret.location) else { continue };
        let origin = Origin::Worktree(stack.path(secret.place));
        findings.push(
            Finding::new(
                &CHECK,
                origin,
                "`secrets:` names {file}, which does not exist",
                "create {file} with mode 0600",
            )
            .severity(by_environment(stack.environment, Severity::Error))
            .line(secret.place.line)
            .fact("file", Fact::Path(path)),
        );
    }
}

fn of_service(service: &Service<'_>, place: Place, path: RelPath, context: &Context<'_>) -> Finding {
    let beside = |known: &&ProjectFile| known.role == Role::Template && known.path.parent() == path.parent();
    let mut templates = context.project.files.iter().filter(beside).peekable();
    let has_template = templates.peek().is_some();
    let is_its =
        |known: &ProjectFile| names::env_file_of(known.path.file_name()).is_some_and(|name| name == path.file_name());
    let help = match templates.any(is_its) {
        true => "create the file from its template: envward init",
        false => "create the file with mode 0600, or set `required: false` (there is no template)",
    };
    let finding = about(&CHECK, service, place, "the env file {file} of {key} does not exist", help);
    let severity = if has_template { Severity::Warning } else { Severity::Error };
    // Portainer creates `stack.env` from its form.
    let severity = if path.file_name() == b"stack.env" { Severity::Note } else { severity };
    let severity = by_environment(service.stack.environment, severity);
    finding.severity(severity).fact("file", Fact::Path(path))
}
