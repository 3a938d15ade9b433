//! `service-without-authentication`: a database or monitor without authentication.

use super::authentication::{is_judged, missing};
use super::service_kind::kind_of;
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::Port;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "service-without-authentication",
    title: "a database or monitor without authentication",
    doc: r#"## What it does

Knows well-known images and what enables their authentication. Reports: Grafana with the default admin password (`admin`) or anonymous access; Elasticsearch and OpenSearch with security disabled; Elasticsearch before version 8 without security enabled; Prometheus, Alertmanager and node exporter without `--web.config.file`; Redis and its relatives without `requirepass`; MongoDB without a root user; mongo-express and MinIO with their default passwords; RabbitMQ with `guest`; PostgreSQL with `trust`; MySQL and MariaDB with an empty password, and other services that allow one (`ALLOW_EMPTY_PASSWORD`, `--requirepass ''`); Neo4j with `NEO4J_AUTH=none`; Meilisearch, Qdrant and redis-commander without a key or password; Traefik with `--api.insecure`.

Severity: error if a port is published on another address than a loopback address, else warning. Settings are looked up in `environment`, env files, variables and the command. A mounted configuration file is not opened: such a service is not reported.

## Why it matters

The deployment checklist: "Monitoring stack secured with authentication". One compromised container in the same network can read all metrics, all logs and all data.

## What to do

Set what is missing; the finding names it.

## Facts

- `missing`: what would enable authentication
- `published`: whether a port is published on another address than a loopback address
- `service_kind`: what kind of service it is

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::MonitoringAuthentication, 1)],
    bad: &[
        Example {
            about: "a Grafana with admin/admin",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  grafana:
    image: grafana/grafana:10.2.3
    ports: ["3000:3000"]
"#,
            )],
        },
        Example {
            about: "a Redis without a password",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  cache:
    image: redis:7.2.3-alpine
"#,
            )],
        },
        Example {
            about: "an Elasticsearch with security disabled",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  search:
    image: docker.elastic.co/elasticsearch/elasticsearch:8.11.3
    environment: [xpack.security.enabled=false]
"#,
            )],
        },
        Example {
            about: "a PostgreSQL that trusts everybody",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
    environment: {POSTGRES_HOST_AUTH_METHOD: trust}
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "passwords from variables",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  grafana:
    image: grafana/grafana:10.2.3
    environment:
      GF_SECURITY_ADMIN_PASSWORD: ${GRAFANA_PASSWORD:?}
  cache:
    image: redis:7.2.3-alpine
    command: redis-server --requirepass ${REDIS_PASSWORD:?}
  db:
    image: postgres:15.5-alpine
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db
"#,
            )],
        },
        Example {
            about: "a mounted configuration file",
            steps: &[
                Step::File("web.yml", 0o644, "basic_auth_users: {}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  prometheus:
    image: prom/prometheus:v2.48.1
    command: ["--web.config.file=/etc/prometheus/web.yml"]
    volumes: ["./web.yml:/etc/prometheus/web.yml:ro"]
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let Some(name) = service.image_name() else { continue };
        let is_kind = is_judged(&service) || kind_of(&service).is_some();
        let Some(missing) = missing(service, &name, context.project).filter(|_| is_kind) else { continue };
        // A proxy's other ports are there to be reached.
        let answers = |port: &Port| name != "traefik" || port.target.contains(8080);
        let published = service.ports().iter().any(|port| !port.is_loopback() && answers(port));
        let severity = if published { Severity::Error } else { Severity::Warning };
        let kind = kind_of(&service).unwrap_or("service");
        findings.push(
            about(
                &CHECK,
                &service,
                service.place(),
                "anybody who reaches {key} ({service_kind}) can use {it|them}: {missing} is not set",
                "set {missing}",
            )
            .severity(by_environment(service.stack.environment, severity))
            .fact("missing", Fact::Word(missing))
            .fact("published", Fact::Flag(published))
            .fact("service_kind", Fact::Word(kind)),
        );
    }
}
