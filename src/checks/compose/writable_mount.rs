//! `writable-mount`: a bind mount that everybody on the host can change.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Location, MountKind};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "writable-mount",
    title: "a bind mount that everybody on the host can change",
    doc: r#"## What it does

Reports a bind mount of a directory or file of the project that every user of the host can write to.

## Why it matters

The deployment checklist: "Volume permissions verified". Any user or any compromised service can put its own configuration, code or data there, and the container uses it.

## What to do

`chmod o-w` the directory or file. Give it to the user that the container runs as, instead of opening it to all.

## Facts

- `mode`: the mode
- `source`: the directory or file

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::VolumePermissions, 2)],
    bad: &[Example {
        about: "open to all",
        steps: &[
            Step::Dir("data", 0o777),
            Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    volumes: [./data:/data]
"#,
            ),
        ],
    }],
    good: &[Example {
        about: "closed",
        steps: &[
            Step::Dir("data", 0o750),
            Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    volumes: [./data:/data]
"#,
            ),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Compose(_, deployment) = artifact else { return };
    for service in services(artifact) {
        for mount in service.mounts().iter().filter(|mount| mount.kind == MountKind::Bind) {
            let source = mount.source.as_deref().unwrap_or_default();
            let Location::Below(path) = service.stack.locate(mount.place, source) else { continue };
            let Some(mode) = deployment.mounted.get(&path).copied().filter(|mode| mode & 0o002 != 0) else {
                continue;
            };
            findings.push(
                about(
                    &CHECK,
                    &service,
                    mount.place,
                    "everybody on the host can write to {source}, which {key} {mounts|mount} (mode {mode})",
                    "chmod o-w {source:sh}",
                )
                .fact("source", Fact::Path(path))
                .fact("mode", Fact::Mode(mode)),
            );
        }
    }
}
