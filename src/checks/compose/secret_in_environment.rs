//! `secret-in-environment`: a secret that could be a file.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Location, Service};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "secret-in-environment",
    title: "a secret in the environment of an image that takes a file",
    doc: r#"## What it does

Notes a service of a well-known image that takes its password as a file (`POSTGRES_PASSWORD_FILE`, `MYSQL_ROOT_PASSWORD_FILE` and the like), and has it in its environment: by `environment`, or by an env file.

## Why it matters

The deployment checklist: "All secrets in environment variables (not hardcoded)", and beyond it "Use secrets managers in production". Both pass here. A variable is seen by `docker inspect`, by every child process and by every crash report; a file behind `secrets:` is not.

## What to do

`secrets:` with `file:` or `external: true`, and `POSTGRES_PASSWORD_FILE: /run/secrets/…`. Compose gives the file the mode and owner that it has on the host: the container's user must be able to read it.

## Facts

- `variable`: the one that could be a file

The key is the service.
"#,
    group: Group::Compose,
    severity: Severity::Note,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::NoWrittenSecrets, 2)],
    bad: &[Example {
        about: "by a variable",
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
            about: "a file",
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
            about: "an image that takes none",
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

/// Official images, and the variables that they also take with `_FILE` (their entry points, docker-library).
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
                "{key}: has {variable} in its environment; a file would be seen by fewer",
                "use secrets: and the variable's _FILE form",
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
