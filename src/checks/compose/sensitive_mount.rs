//! `sensitive-mount`: a part of the host that is the host.

use super::host_access::mount_gravity;
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::Port;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "sensitive-mount",
    title: "a container that holds a vital part of the host",
    doc: r#"## What it does

Reports bind mounts, short and long, and named volumes (`driver_opts: {device: …}`) of Docker's socket, `/`, `/etc`, `/root`, `/home`, `/proc`, `/sys`, `/dev`, `/boot`, `/run`, `/var/run` and `/var/lib/docker`, of `/etc/shadow`, `/etc/ssh` and directories of keys (`~/.ssh`, `~/.aws`, `~/.kube`), and of a whole home (`~`); the same where a service takes it over (`volumes_from`); `use_api_socket: true`; and disks and memory as `devices`. Read-only helps against writing and not against reading a key; on Docker's socket it does not help at all. What monitors the host (node exporter, cAdvisor, log shippers) may read parts of it: then it is a note. So it is for a known socket proxy (`tecnativa/docker-socket-proxy` and the like) with a read-only socket and no port that the network reaches.

## Why it matters

The deployment checklist: "Volume permissions verified". Who can talk to Docker's socket starts a privileged container and is root on the host. CIS Docker Benchmark 5.5 and 5.32; the OWASP Docker cheat sheet, rule 1.

## What to do

Mount the one file or directory that is needed, read-only. In front of Docker's socket put a proxy that lets only the few questions through that are needed, and give the socket to nobody else.

## Facts

- `mount`: which part of the host

The key is the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::VolumePermissions, 1)],
    bad: &[
        Example {
            about: "the engine's socket",
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
            about: "behind a name",
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
            let severity = mount_gravity(&given.vital, given.read_only, image.as_deref(), is_inner);
            findings.push(
                about(
                    &CHECK,
                    &service,
                    given.place,
                    "{key}: holds {mount} of the host",
                    "mount only the file that is needed, read-only",
                )
                .severity(by_environment(service.stack.environment, severity))
                .fact("mount", Fact::Word(given.vital.word)),
            );
        }
    }
}
