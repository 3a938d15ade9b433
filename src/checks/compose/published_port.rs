//! `published-port`: a database or monitoring port that the network can reach.

use super::service_kind::{kind_of, kind_of_port};
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::Range;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "published-port",
    title: "a database or monitoring port that the network can reach",
    doc: r#"## What it does

Reports a published port of a database, cache, broker, search engine or monitor that is not bound to a loopback address. The service is recognised by its image or by the container's port. Short and long forms, ranges and IPv6 are read as Docker Compose reads them.

## Why it matters

The deployment checklist: "Network isolation configured (if using custom networks)" and "Firewall rules configured". A published port bypasses the firewall of the host: ufw and firewalld do not see it. Attackers find open databases within hours.

## What to do

Remove `ports:`: services of one network reach each other without it. For access from the host itself write `127.0.0.1:5432:5432`.

## Facts

- `port`: the port of the container
- `published`: the port of the host; null if Docker chooses one
- `service_kind`: what kind of service it is

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NetworkIsolation, 3), (Item::Firewall, 2)],
    bad: &[
        Example {
            about: "a database that everybody can reach",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
    ports: ["5432:5432"]
"#,
            )],
        },
        Example {
            about: "the long form, with another port on the host",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  cache:
    image: redis:7.2.3-alpine
    ports:
      - target: 6379
        published: 16379
"#,
            )],
        },
        Example {
            about: "reachable by everybody over IPv6",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  metrics:
    image: prom/prometheus:v2.48.1
    ports: ["[::]:9090:9090"]
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "only on a loopback address",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
    ports: ["127.0.0.1:5432:5432"]
"#,
            )],
        },
        Example {
            about: "a web server is meant to be reached",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  web:
    image: nginx:1.25.3
    ports: ["80:80", "443:443"]
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let by_image = kind_of(&service);
        for port in service.ports().iter().filter(|port| !port.is_loopback()) {
            let Some(kind) = by_image.or_else(|| kind_of_port(port.target)) else { continue };
            let what = match port.published {
                Some(_) => "the network can reach {key} ({service_kind}) on port {published}",
                None => "the network can reach port {port} of {key} ({service_kind}) on a port that Docker chooses",
            };
            let number = |range: Range| Fact::Number(u64::from(range.first));
            findings.push(
                about(
                    &CHECK,
                    &service,
                    port.place,
                    what,
                    "remove the port from `ports`, or bind the port to 127.0.0.1",
                )
                .fact("port", number(port.target))
                .fact("published", port.published.map_or(Fact::None, number))
                .fact("service_kind", Fact::Word(kind)),
            );
        }
    }
}
