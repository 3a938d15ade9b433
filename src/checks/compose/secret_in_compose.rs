//! `secret-in-compose`: a secret that is written into a compose file.

use std::collections::BTreeSet;

use super::about;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Service, Stack};
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::project::literal_secrets::{self, Held};

pub(crate) static CHECK: Check = Check {
    id: "secret-in-compose",
    title: "a secret that is written into a compose file",
    doc: r#"## What it does

Reports a secret that is written into a compose file as a literal: in `environment` (both forms), `command`, `entrypoint`, `healthcheck.test`, `post_start`, `pre_stop`, `labels`, `annotations`, `build.args`, `logging.options`, `driver_opts` of volumes and networks, `configs.content`, and `x-` fields, used or not. Of a command that is `--password=x`, `--token x`, `NAME=x`, and the flags of known programs (`redis-cli -a x`, `mysqladmin -px`, `curl -u user:x`). The password of a URL counts anywhere there, and so do the default of a variable, `${DB_PASSWORD:-literal}`, also inside another default, and text around one. Placeholders and weak values count: they are what runs. A note in a file for development or tests.

No secret is `${DB_PASSWORD}`, `${DB_PASSWORD:?…}`, an empty value, what comes through `env_file:`, and a path behind `…_FILE`.

## Why it matters

The deployment checklist: "All secrets in environment variables (not hardcoded)". Compose files are committed, copied into tickets and shown by `docker compose config`; a build argument stays in the image's history; a command line is seen by every process.

## What to do

Put the value into `.env` and refer to it as `${NAME:?}`, or into a file of mode 0600 that `secrets:` names. Replace it first if it is in use: it stays in git's history.

## Facts

- `service`: the service, where it is one's
- `in`: where it stands: `environment`, `command`, …
- `class`: what kind of secret it is
- `form`: `literal`, or `default` for one that stands in for a variable

The key is the variable or the label.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NoWrittenSecrets, 1)],
    bad: &[
        Example {
            about: "a password in a map",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
    environment:
      POSTGRES_PASSWORD: {password}
"#,
            )],
        },
        Example {
            about: "in a list, and weak",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
    environment:
      - POSTGRES_PASSWORD=postgres
"#,
            )],
        },
        Example {
            about: "as a default",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD:-changeme}
"#,
            )],
        },
        Example {
            about: "in a URL of a command",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    command: migrate --database postgres://app:{password}@db/app
"#,
            )],
        },
        Example {
            about: "as a build argument",
            steps: &[
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  app:
    build:
      context: .
      args:
        NPM_TOKEN: {token}
"#,
                ),
                Step::File("Dockerfile", 0o644, "FROM scratch\n"),
            ],
        },
    ],
    good: &[
        Example {
            about: "a variable that must be there",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD:?}
      POSTGRES_USER: ${DB_USER:-app}
"#,
            )],
        },
        Example {
            about: "a file behind `secrets:`",
            steps: &[
                Step::File("db_password.txt", 0o600, "{password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:15.5-alpine
    secrets: [db_password]
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
secrets:
  db_password:
    file: ./db_password.txt
"#,
                ),
            ],
        },
        Example {
            about: "an env file",
            steps: &[
                Step::File(".env", 0o600, "POSTGRES_PASSWORD={password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:15.5-alpine
    env_file: .env
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Compose(stack, _) = artifact else { return };
    for service in stack.services() {
        findings.extend(
            literal_secrets::of_service(&service, context.config).iter().map(|held| of_service(held, &service)),
        );
    }
    findings.extend(literal_secrets::of_rest(stack, context.config).iter().map(|held| of_stack(held, stack)));
    // What an anchor gives to many services stands in one place.
    let mut seen = BTreeSet::new();
    findings.retain(|one| {
        one.check.id != CHECK.id || seen.insert((one.origin.clone(), one.line, one.key.clone(), one.severity))
    });
}

fn of_service(held: &Held<'_>, service: &Service<'_>) -> Finding {
    let key = held.key.and_then(|key| Key::printable(key.as_bytes()));
    let what = match (key.is_some(), held.is_default) {
        (true, false) => "{key}: a secret is written into the file, in {in} of {service}",
        (true, true) => "{key}: a secret is the default of a variable, in {in} of {service}",
        (false, _) => "a secret is written into {in} of {service}",
    };
    let base = about(&CHECK, service, held.place, what, HELP);
    facts(base.key(key.as_ref()).fact("service", Fact::Name(service.shown())), held)
}

fn of_stack(held: &Held<'_>, stack: &Stack) -> Finding {
    let severity = by_environment(stack.environment, CHECK.severity);
    let origin = Origin::Worktree(stack.path(held.place));
    let finding = Finding::new(&CHECK, origin, "a secret is written into {in}", HELP).severity(severity);
    let key = held.key.and_then(|key| Key::printable(key.as_bytes()));
    facts(finding.line(held.place.line).key(key.as_ref()), held)
}

fn facts(finding: Finding, held: &Held<'_>) -> Finding {
    let form = if held.is_default { "default" } else { "literal" };
    let class = Fact::Word(held.class.word());
    finding.fact("in", Fact::Word(held.part)).fact("class", class).fact("form", Fact::Word(form))
}

const HELP: &str = "replace it; put the new value into .env and refer to it there, or into a file that secrets: names";
