//! `secret-in-environment`: a secret in the environment that could be in a file.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Location, Service};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "secret-in-environment",
    title: "a secret in the environment that could be in a file",
    doc: r#"## What it does

Notes a service of a well-known image that can read its password from a file (`POSTGRES_PASSWORD_FILE`, `MYSQL_ROOT_PASSWORD_FILE` and the like), but gets it in its environment: from `environment` or an env file.

## Why it matters

The deployment checklist: "All secrets in environment variables (not hardcoded)", and beyond it "Use secrets managers in production". Both pass here. `docker inspect`, every child process and every crash report can show a variable; they do not show a file in `secrets:`.

## What to do

`secrets:` with `file:` or `external: true`, and `POSTGRES_PASSWORD_FILE: /run/secrets/…`. Compose mounts the file with the owner and mode that it has on the host: the user of the container must be able to read it.

## Facts

- `variable`: the variable

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Note,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::NoWrittenSecrets, 2)],
    bad: &[Example {
        about: "in a variable",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  db:
    image: postgres:15.5-alpine
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD:?}
"#,
        )],
    }],
    good: &[
        Example {
            about: "in a file",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
    secrets: [db]
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db
secrets:
  db: {external: true}
"#,
            )],
        },
        Example {
            about: "an image that does not read files",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    environment:
      APP_PASSWORD: ${APP_PASSWORD:?}
"#,
            )],
        },
    ],
};

/// Official images, and their variables that also exist with `_FILE` (their entry points, docker-library).
const VARIABLES: [(&str, &[&str]); 6] = [
    ("postgres", &["POSTGRES_PASSWORD"]),
    ("mysql", &["MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"]),
    ("mariadb", &["MARIADB_ROOT_PASSWORD", "MARIADB_PASSWORD", "MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"]),
    ("mongo", &["MONGO_INITDB_ROOT_PASSWORD"]),
    ("nextcloud", &["POSTGRES_PASSWORD", "MYSQL_PASSWORD", "NEXTCLOUD_ADMIN_PASSWORD"]),
    ("wordpress", &["WORDPRESS_DB_PASSWORD"]),
];

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let Some(name) = service.image_name() else { continue };
        let Some((_, variables)) = VARIABLES.iter().find(|(known, _)| *known == name) else { continue };
        let Some(variable) = variables.iter().find(|variable| is_set(&service, variable, context)) else { continue };
        findings.push(
            about(
                &CHECK,
                &service,
                service.place(),
                "{key} {has|have} {variable} in the environment, but a file would be less exposed",
                "use secrets: and {variable}_FILE",
            )
            .fact("variable", Fact::Word(variable)),
        );
    }
}

fn is_set(service: &Service<'_>, variable: &str, context: &Context<'_>) -> bool {
    let in_file = |location: &Location| match location {
        Location::Below(path) => context.project.files.iter().any(|file| {
            file.path == *path
                && file.assignments().any(|(_, one)| one.key.as_ref().is_some_and(|key| key.as_str() == variable))
        }),
        _ => false,
    };
    service.environment().iter().any(|entry| entry.key.as_str() == variable && !entry.node.is_null())
        || service.env_files().iter().any(|file| in_file(&file.location))
}
