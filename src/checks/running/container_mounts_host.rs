//! `container-mounts-host`: a container with access to a vital part of the host.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::compose::host_access::mount_gravity;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Vital, is_loopback};
use crate::docker::inspect::{Mount, Published};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-mounts-host",
    title: "a container with access to a vital part of the host",
    doc: r#"## What it does

Reports a container into which a vital part of the host is mounted, or given as a device: the Docker socket, the root directory, `/etc`, `/root`, `/proc`, directories with keys, disks and so on (the list of `sensitive-mount`). A program that monitors the host (node exporter, cAdvisor, log shippers) and has read-only access is a note. So is a known socket proxy without reachable ports.

The deployment checklist: "Volume permissions verified".

## Why it matters

Access to the Docker socket is root access to the host: anyone who reaches it starts a container with everything mounted. Mounting the socket read-only does not change that.

## What to do

Remove the mount. If a service must ask Docker something, put a proxy in between that lets only those questions through.

## Facts

- `mount`: the part of the host
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "the Docker socket",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{},"Mounts":[{"Type":"bind","Source":"/var/run/docker.sock","Destination":"/var/run/docker.sock","RW":false}]}]"#,
            )],
        },
        Example {
            about: "the root directory of the host",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{},"Mounts":[{"Type":"bind","Source":"/","Destination":"/host","RW":true}]}]"#,
            )],
        },
    ],
    good: &[Example {
        about: "directories of the project",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{},"Mounts":[{"Type":"bind","Source":"/srv/app/etc","Destination":"/etc/app","RW":true},{"Type":"bind","Source":"/root/app/data","Destination":"/data","RW":true}]}]"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    let image = container.image_name();
    let is_open = |port: &Published| !port.host.as_deref().is_some_and(is_loopback);
    let is_inner = !container.privileges.contains(&"network") && !container.ports.iter().any(is_open);
    let devices = container.devices.iter().filter_map(|device| Some((Vital::of_device(device)?, false)));
    for (vital, read_only) in container.mounts.iter().filter_map(vital).chain(devices) {
        findings.push(
            Finding::new(
                &CHECK,
                Origin::Runtime(container.name.clone()),
                "the container has access to {mount} of the host",
                "remove this mount from the compose file, or mount only the file that is needed",
            )
            .severity(mount_gravity(&vital, read_only, image.as_deref(), is_inner))
            .fact("mount", Fact::Word(vital.word)),
        );
    }
}

/// What vital part of the host a mount is, and whether it can only be read.
fn vital(mount: &Mount) -> Option<(Vital, bool)> {
    let path = std::str::from_utf8(&mount.source).ok()?;
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    Some((Vital::of_path(path)?, !mount.writable))
}
