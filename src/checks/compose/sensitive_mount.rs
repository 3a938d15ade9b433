//! `sensitive-mount`: a container with access to a vital part of the host.

use super::host_access::mount_gravity;
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::Port;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "sensitive-mount",
    title: "a container with access to a vital part of the host",
    doc: r#"## What it does

Reports bind mounts (short and long form) and named volumes (`driver_opts: {device: …}`) of the Docker socket, `/`, `/etc`, `/root`, `/home`, `/proc`, `/sys`, `/dev`, `/boot`, `/run`, `/var/run` and `/var/lib/docker`, of `/etc/shadow`, `/etc/ssh` and directories of keys (`~/.ssh`, `~/.aws`, `~/.kube`), and of a whole home directory (`~`). Also reports the same through `volumes_from`, `use_api_socket: true`, and disks and memory as `devices`. A read-only mount prevents writing, but not reading a key; for the Docker socket it does not help at all.

Severity: error; note for a program that monitors the host (node exporter, cAdvisor, log shippers) with read-only access, and for a known socket proxy (`tecnativa/docker-socket-proxy` and the like) with a read-only socket and no port that the network can reach.

## Why it matters

The deployment checklist: "Volume permissions verified". Anyone who can talk to the Docker socket can start a privileged container and is root on the host. CIS Docker Benchmark 5.5 and 5.32; the OWASP Docker cheat sheet, rule 1.

## What to do

Mount only the file or directory that the service needs, read-only. Put a proxy in front of the Docker socket that lets only the necessary questions through, and give the socket to no other service.

## Facts

- `mount`: the part of the host

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::VolumePermissions, 1)],
    bad: &[
        Example {
            about: "the Docker socket",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
"#,
            )],
        },
        Example {
            about: "in a named volume",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    volumes: ["host:/host"]
volumes:
  host:
    driver_opts: {type: none, o: bind, device: /root}
"#,
            )],
        },
        Example {
            about: "the long form",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    volumes:
      - type: bind
        source: /etc
        target: /host/etc
"#,
            )],
        },
    ],
    good: &[Example {
        about: "one directory of the project",
        steps: &[
            Step::Dir("data", 0o755),
            Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    volumes:
      - ./data:/data
      - /etc/localtime:/etc/localtime:ro
"#,
            ),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let image = service.image_name();
        let is_inner = service.text(&["network_mode"]) != Some("host") && service.ports().iter().all(Port::is_loopback);
        for given in service.vitals() {
            // Read-only access to the socket is full access.
            let help = match given.vital.is_socket {
                true => "give the service a proxy of the Docker socket in its place: envward explain sensitive-mount",
                false => "mount only the file that the service needs, read-only",
            };
            let severity = mount_gravity(&given.vital, given.read_only, image.as_deref(), is_inner);
            findings.push(
                about(&CHECK, &service, given.place, "{key} {has|have} access to {mount} of the host", help)
                    .severity(by_environment(service.stack.environment, severity))
                    .fact("mount", Fact::Word(given.vital.word)),
            );
        }
    }
}
