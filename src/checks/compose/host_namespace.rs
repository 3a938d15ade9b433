//! `host-namespace`: a container that shares a namespace of the host.

use super::host_access::needs_namespace;
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "host-namespace",
    title: "a container that shares a namespace of the host",
    doc: r#"## What it does

Reports `network_mode: host`, and `pid`, `ipc`, `uts` or `userns_mode` of `host`. A node exporter, which measures the host, may share its network and its processes.

## Why it matters

The deployment checklist: "Network isolation configured (if using custom networks)". On the host's network a container reaches what listens on localhost only, and its own ports are open without being published; in the host's pid namespace it reads the environment of every process. CIS Docker Benchmark 5.9, 5.15, 5.16, 5.20.

## What to do

Put the service into a network of its own and publish what must be reached.

## Facts

- `namespace`: which one

The key is the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NetworkIsolation, 1)],
    bad: &[
        Example {
            about: "the host's network",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    network_mode: host
"#,
            )],
        },
        Example {
            about: "the host's processes",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    pid: host
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a network of its own",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    networks: [inner]
networks:
  inner: {}
"#,
            )],
        },
        Example {
            about: "an exporter measures the host",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  metrics:
    image: prom/node-exporter:v1.7.0
    pid: host
"#,
            )],
        },
    ],
};

const NAMESPACES: [(&str, &str); 5] =
    [("network_mode", "network"), ("pid", "pid"), ("ipc", "ipc"), ("uts", "uts"), ("userns_mode", "user")];

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let image = service.image_name();
        for (key, namespace) in NAMESPACES {
            let Some(node) = service.at(&[key]).filter(|node| node.text() == Some("host")) else { continue };
            if needs_namespace(image.as_deref(), namespace) {
                continue;
            }
            findings.push(
                about(
                    &CHECK,
                    &service,
                    node.place,
                    "{key}: shares the host's {namespace} namespace",
                    "take it out; use a network of its own, and publish what must be reached",
                )
                .fact("namespace", Fact::Word(namespace)),
            );
        }
    }
}
