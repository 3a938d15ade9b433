//! `container-published-port`: a running database or monitor that the network can reach.

use std::collections::BTreeMap;

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::compose::service_kind::{kind_of_image, kind_of_port};
use crate::checks::{Artifact, Context};
use crate::docker::compose::is_loopback;
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-published-port",
    title: "a running database or monitor that the network can reach",
    doc: r#"## What it does

Reports a port of a running database, cache, broker, search engine or monitor that is published on another address than a loopback address. The service is recognised by its image or by the container's port, with the lists of `published-port`.

The deployment checklist: "Network isolation configured (if using custom networks)" and "Firewall rules configured".

## Why it matters

A published port bypasses the firewall of the host: ufw and firewalld do not see it.

## What to do

Remove `ports:` from the compose file, or bind the port to `127.0.0.1`, and recreate the container: `docker compose up -d`.

## Facts

- `port`: the port of the container
- `service_kind`: what kind of service it is
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "a database that everybody can reach",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/db","State":{"Status":"running"},"HostConfig":{},"Config":{"Image":"postgres:15.5"},"NetworkSettings":{"Ports":{"5432/tcp":[{"HostIp":"0.0.0.0","HostPort":"5432"}]}}}]"#,
            )],
        },
        Example {
            about: "in the output of docker ps",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"{"Names":"store","Image":"acme/store:1.2.3","State":"running","Status":"Up 2 days","Ports":"[::]:16379->6379/tcp"}"#,
            )],
        },
    ],
    good: &[Example {
        about: "loopback only, and a web server",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"{"Names":"db","Image":"postgres:15.5","State":"running","Status":"Up 2 days","Ports":"127.0.0.1:5432->5432/tcp"}{"Names":"web","Image":"caddy:2.7.6","State":"running","Status":"Up 2 days","Ports":"0.0.0.0:443->443/tcp"}"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    let by_image = container.image_name().as_deref().and_then(kind_of_image);
    let open = container.ports.iter().filter(|port| !port.host.as_deref().is_some_and(is_loopback));
    // Opened twice, by IPv4 and by IPv6, and named by each that was asked, it is one.
    let kinds: BTreeMap<u16, &str> =
        open.filter_map(|port| Some((port.target.first, by_image.or_else(|| kind_of_port(port.target))?))).collect();
    for (port, kind) in kinds {
        findings.push(
            Finding::new(
                &CHECK,
                Origin::Runtime(container.name.clone()),
                "the network can reach port {port} of this {service_kind}",
                "remove the port from `ports`, or bind the port to 127.0.0.1",
            )
            .fact("port", Fact::Number(u64::from(port)))
            .fact("service_kind", Fact::Word(kind)),
        );
    }
}
