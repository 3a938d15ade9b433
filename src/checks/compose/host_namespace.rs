//! `host-namespace`: a container that shares a namespace with the host.

use super::host_access::needs_namespace;
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "host-namespace",
    title: "a container that shares a namespace with the host",
    doc: r#"## What it does

Reports `network_mode: host`, and `pid`, `ipc`, `uts` or `userns_mode` of `host`. A node exporter, which measures the host, may share the network and the processes of the host.

## Why it matters

The deployment checklist: "Network isolation configured (if using custom networks)". In the network of the host, a container reaches services that listen only on localhost, and its own ports are open without being published. In the pid namespace of the host, it reads the environment of every process. CIS Docker Benchmark 5.9, 5.15, 5.16, 5.20.

## What to do

Put the service into its own network, and publish the ports that others need.

## Facts

- `namespace`: the namespace

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NetworkIsolation, 1)],
    bad: &[
        Example {
            about: "the network of the host",
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
            about: "the processes of the host",
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
            about: "its own network",
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
            about: "an exporter that measures the host",
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
                    "{key} {shares|share} the {namespace} namespace of the host",
                    "remove this setting; use a separate network, and publish the ports that others need",
                )
                .fact("namespace", Fact::Word(namespace)),
            );
        }
    }
}
