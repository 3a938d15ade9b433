//! `password-mismatch`: a URL with another password than its server.

use std::collections::BTreeSet;

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Service, Stack};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::path::RelPath;
use crate::project::{Project, Server};
use crate::rotation::address::{Address, addresses, decoded};
use crate::secret::{Secret, placeholder};

pub(crate) static CHECK: Check = Check {
    id: "password-mismatch",
    title: "a URL with another password than its server",
    doc: r#"## What it does

Compares the password in a URL or connection string of a compose service with the password that the server is started with. The server is a service of the same stack, with the same user. Its password comes from `POSTGRES_PASSWORD`, `MYSQL_PASSWORD`, `MYSQL_ROOT_PASSWORD` and those of MariaDB, `--requirepass`, `MONGO_INITDB_ROOT_PASSWORD`, `RABBITMQ_DEFAULT_PASS` and their `_FILE` variants. Two users have two passwords, which is not a mismatch. Values from the environment of the host are not known here.

## Why it matters

The server refuses the connection. A rotation that was only half done leaves this behind.

## What to do

Write the server's password into the URL. PostgreSQL and MySQL use the setting only on their first start: if the password was changed in the database since, the URL may contain the right one.

## Facts

- `service`: the service of the server
"#,
    group: Group::Compose,
    severity: Severity::Warning,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "only one of the two was changed",
            steps: &[
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:15.5
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}
  api:
    image: api:1.0.0
    env_file: .env
"#,
                ),
                Step::File(
                    ".env",
                    0o600,
                    r#"
POSTGRES_PASSWORD={password}
DATABASE_URL=postgres://shop:{password2}@db:5432/shop
"#,
                ),
            ],
        },
        Example {
            about: "a cache with another password",
            steps: &[
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  cache:
    image: redis:7.2.4
    command: ["redis-server", "--requirepass", "${REDIS_PASSWORD}"]
  api:
    image: api:1.0.0
    environment:
      REDIS_URL: redis://:${OLD_PASSWORD}@cache:6379/0
"#,
                ),
                Step::File(
                    ".env",
                    0o600,
                    r#"
REDIS_PASSWORD={password}
OLD_PASSWORD={password2}
"#,
                ),
            ],
        },
    ],
    good: &[
        Example {
            about: "one password",
            steps: &[
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:15.5
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}
  api:
    image: api:1.0.0
    env_file: .env
"#,
                ),
                Step::File(
                    ".env",
                    0o600,
                    r#"
POSTGRES_PASSWORD={password}
DATABASE_URL=postgres://shop:{password}@db:5432/shop
"#,
                ),
            ],
        },
        Example {
            about: "two users",
            steps: &[
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:15.5
    environment:
      POSTGRES_USER: owner
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}
  api:
    image: api:1.0.0
    env_file: .env
"#,
                ),
                Step::File(
                    ".env",
                    0o600,
                    r#"
POSTGRES_PASSWORD={password}
DATABASE_URL=postgres://shop:{password2}@db:5432/shop
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    let mut said = BTreeSet::new();
    for stack in &project.stacks {
        let servers = project.servers(stack);
        if servers.is_empty() {
            continue;
        }
        for service in stack.services() {
            of_service(project, stack, &service, &servers, &mut said, findings);
        }
    }
}

/// The places that were reported: several stacks read one file.
type Said = BTreeSet<(RelPath, std::num::NonZeroU32)>;

fn of_service(
    project: &Project,
    stack: &Stack,
    service: &Service<'_>,
    servers: &[Server<'_>],
    said: &mut Said,
    findings: &mut Vec<Finding>,
) {
    for (name, given) in project.given(service) {
        let value = open(&given.value);
        let differs = |address: &Address| {
            servers.iter().find(|server| leads_to(address, server) && has_another(&name, value, address, server))
        };
        let Some(server) = addresses(value).iter().find_map(differs) else { continue };
        if !said.insert((given.path.clone(), given.line)) {
            continue;
        }
        findings.push(
            Finding::new(
                &CHECK,
                Origin::Worktree(given.path),
                "{key} {contains|contain} another password than {service} is started with",
                "write the password of the server into the URL",
            )
            .severity(by_environment(stack.environment, Severity::Warning))
            .line(given.line)
            .key(given.key.as_ref())
            .fact("service", Fact::Name(server.service.shown())),
        );
    }
}

fn leads_to(address: &Address, server: &Server<'_>) -> bool {
    let is_host = |name: &str| address.host.as_deref().is_some_and(|host| host.eq_ignore_ascii_case(name.as_bytes()));
    address.scheme.as_deref().is_none_or(|scheme| server.engine.speaks(scheme))
        && server.service.hosts().iter().any(|name| is_host(name))
}

/// Whether the server knows the user, and another password.
fn has_another(name: &str, value: &[u8], address: &Address, server: &Server<'_>) -> bool {
    let user = address.user.as_deref().unwrap_or(b"default");
    let Some(account) = server.accounts.iter().find(|account| account.user == user) else { return false };
    let Some(password) = decoded(value, address) else { return false };
    let is_open = |password: &[u8]| password.starts_with(b"$") || placeholder::of_key(name, password).is_some();
    !is_open(&password) && !is_open(open(&account.password)) && *password != open(&account.password)
}

#[expect(clippy::disallowed_methods, reason = "two passwords are compared")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}
