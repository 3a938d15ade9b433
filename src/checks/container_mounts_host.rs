//! `container-mounts-host`: a container that sees what runs the host.

use super::{Artifact, Check, Context, Example, Kind, Step};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-mounts-host",
    title: "a container that sees what runs the host",
    doc: r#"## What it does

Reports a container in which Docker's socket, the host's root, or one of `/etc`, `/root`, `/proc`, `/sys`, `/dev`, `/boot`, `/var/run` is mounted.

The deployment checklist: "Volume permissions verified".

## Why it matters

Docker's socket is root on the host: whoever reaches it starts a container with everything mounted. `read-only` does not change that.

## What to do

Take the mount out; what must ask Docker asks a proxy that lets only that question through.

## Facts

- `mount`: what of the host
"#,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    bad: &[
        Example {
            about: "the socket of Docker",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{},"Mounts":[{"Type":"bind","Source":"/var/run/docker.sock","Destination":"/var/run/docker.sock","RW":false}]}]"#,
            )],
        },
        Example {
            about: "the host's root",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{},"Mounts":[{"Type":"bind","Source":"/","Destination":"/host","RW":true}]}]"#,
            )],
        },
    ],
    good: &[Example {
        about: "a directory of its own",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{},"Mounts":[{"Type":"bind","Source":"/srv/app/etc","Destination":"/etc/app","RW":true}]}]"#,
        )],
    }],
    run,
};

/// What nobody but the host should see, and whether what lies below is meant, too.
const HOST: [(&[u8], &str, bool); 12] = [
    (b"/", "/", false),
    (b"/etc", "/etc", false),
    (b"/root", "/root", true),
    (b"/proc", "/proc", true),
    (b"/sys", "/sys", false),
    (b"/dev", "/dev", false),
    (b"/boot", "/boot", true),
    (b"/var/run", "/var/run", false),
    (b"/run", "/run", false),
    (b"/var/lib/docker", "/var/lib/docker", true),
    (b"/etc/shadow", "/etc/shadow", false),
    (b"/home", "/home", false),
];

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    for mount in &container.mounts {
        let Some(name) = host(&mount.source) else { continue };
        findings.push(
            Finding::new(
                &CHECK,
                Origin::Runtime(container.name.clone()),
                "{mount} of the host is mounted in it",
                "take the mount out of the compose file",
            )
            .fact("mount", Fact::Word(name)),
        );
    }
}

fn host(source: &[u8]) -> Option<&'static str> {
    let sockets = [b"docker.sock".as_slice(), b"containerd.sock", b"podman.sock", b"crio.sock"];
    if sockets.iter().any(|socket| source.ends_with(socket)) {
        return Some("docker.sock");
    }
    let source = if source.len() > 1 { source.strip_suffix(b"/").unwrap_or(source) } else { source };
    let is = |path: &[u8], below: bool| {
        source == path || below && source.strip_prefix(path).is_some_and(|rest| rest.starts_with(b"/"))
    };
    HOST.into_iter().find(|(path, _, below)| is(path, *below)).map(|(_, name, _)| name)
}
