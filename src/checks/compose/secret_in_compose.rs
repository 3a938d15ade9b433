//! `secret-in-compose`: a secret that is written in a compose file.

use std::collections::BTreeSet;

use super::about;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::staged_literal::{self, Words};
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Service, Stack};
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::project::TextKind;
use crate::project::literal_secrets::{self, Held};

pub(crate) static CHECK: Check = Check {
    id: "secret-in-compose",
    title: "a secret that is written in a compose file",
    doc: r#"## What it does

Reports a literal secret in a compose file: in `environment` (both forms), `command`, `entrypoint`, `healthcheck.test`, `post_start`, `pre_stop`, `labels`, `annotations`, `build.args`, `logging.options`, `driver_opts` of volumes and networks, `configs.content`, and `x-` fields, used or not. In commands that is `--password=x`, `--token x`, `NAME=x`, and the options of known programs (`redis-cli -a x`, `mysqladmin -px`, `curl -u user:x`). The password of a URL counts everywhere in these places. So do the default value of a variable, `${DB_PASSWORD:-literal}`, also inside another default value, and text around a variable. Placeholders and weak values count, because the service runs with them. Severity: error, note in a file for development or test.

That is `preflight`. In git (`check`, `scan` and the hooks) only secrets that look real count, in each tracked file by itself. Severity there: error if the secret is strong, warning if it is fair, and note in a file for development or test. Before a commit and before a push, a secret that HEAD already contains and one in a file for development or test are warnings.

Not counted as secrets: `${DB_PASSWORD}`, `${DB_PASSWORD:?…}`, an empty value, values from `env_file:`, and a path in `…_FILE`.

## Why it matters

The deployment checklist: "All secrets in environment variables (not hardcoded)". Compose files are committed, copied into tickets and shown by `docker compose config`. A build argument stays in the history of the image. Every process can see a command line.

## What to do

Write the value into `.env` and refer to it as `${NAME:?}`, or into a file of mode 0600 that `secrets:` names. If the secret is in use, replace it first: git history keeps it.

## Facts

- `service`: the service, if the secret belongs to one
- `in`: where the secret is: `environment`, `command`, …
- `class`: the class of the secret
- `form`: `literal`, or `default` for the default value of a variable; not for a file in git
- `strength`: for a file in git, `fair` or `strong`
- `commit`: before a push, the commit that contains the secret

The key is the variable or the label.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose, Kind::StagedText],
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
            about: "a weak password in a list",
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
            about: "as a default value",
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
            about: "a required variable",
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
    let stack = match artifact {
        Artifact::Compose(stack, _) => stack,
        Artifact::StagedText(staged) if staged.text.kind == TextKind::Compose => {
            return staged_literal::findings(&CHECK, staged, &STAGED, context, findings);
        }
        _ => return,
    };
    for service in stack.services() {
        findings.extend(
            literal_secrets::of_service(&service, context.config).iter().map(|held| of_service(held, &service)),
        );
    }
    findings.extend(literal_secrets::of_rest(stack, context.config).iter().map(|held| of_stack(held, stack)));
    // An anchor gives one text to many services: report it once.
    let mut seen = BTreeSet::new();
    findings.retain(|one| {
        one.check.id != CHECK.id || seen.insert((one.origin.clone(), one.line, one.key.clone(), one.severity))
    });
}

fn of_service(held: &Held<'_>, service: &Service<'_>) -> Finding {
    let key = held.key.and_then(|key| Key::printable(key.as_bytes()));
    let what = match (key.is_some(), held.is_default) {
        (true, false) => "{in} of {service} contains {the secret|the secrets} {key}",
        (true, true) => "{in} of {service} contains {a secret|secrets} as default value of {key}",
        (false, _) => "{in} of {service} contains a secret",
    };
    let base = about(&CHECK, service, held.place, what, HELP);
    facts(base.key(key.as_ref()).fact("service", Fact::Name(service.shown())), held)
}

fn of_stack(held: &Held<'_>, stack: &Stack) -> Finding {
    let severity = by_environment(stack.environment, CHECK.severity);
    let origin = Origin::Worktree(stack.path(held.place));
    let finding = Finding::new(&CHECK, origin, "{in} contains a secret", HELP).severity(severity);
    let key = held.key.and_then(|key| Key::printable(key.as_bytes()));
    facts(finding.line(held.place.line).key(key.as_ref()), held)
}

fn facts(finding: Finding, held: &Held<'_>) -> Finding {
    let form = if held.is_default { "default" } else { "literal" };
    let class = Fact::Word(held.class.word());
    finding.fact("in", Fact::Word(held.part)).fact("class", class).fact("form", Fact::Word(form))
}

const STAGED: Words = Words {
    keyed: "{in} contains {the secret|the secrets} {key}, which {looks|look} real",
    nameless: "{in} contains a secret that looks real",
    help: "write the secret into .env, and use a variable here",
    committed: "replace the secret, because every clone contains it; write the new value into .env, and use a variable here",
    part: "in",
};

const HELP: &str = "replace the secret, and write the new value into .env or into a file that secrets: names";
