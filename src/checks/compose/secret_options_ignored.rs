//! `secret-options-ignored`: an owner or a mode that Compose does not set.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "secret-options-ignored",
    title: "an owner or mode of a secret that Compose ignores",
    doc: r#"## What it does

Reports `uid`, `gid` and `mode` of an item of a service's `secrets:` or `configs:` that comes from a `file:`. Files for Swarm (`docker-stack.yml`), which obeys them, are left out, and so is what comes from a variable or stands in the file.

## Why it matters

The deployment checklist: "Volume permissions verified". Compose mounts the file as it is on the host, with its owner and mode there, and ignores these three (docs.docker.com/reference/compose-file/services, "secrets", long syntax). Whoever wrote `mode: 0400` believes that the file is closed.

## What to do

Take them out, and set owner and mode of the file itself.

## Facts

- `options`: which of them

The key is the service.
"#,
    group: Group::Compose,
    severity: Severity::Warning,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::VolumePermissions, 4)],
    bad: &[Example {
        about: "a mode that nobody sets",
        steps: &[
            Step::File("pw.txt", 0o600, "{password}\n"),
            Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    secrets:
      - {source: pw, uid: "103", mode: 0400}
secrets:
  pw: {file: ./pw.txt}
"#,
            ),
        ],
    }],
    good: &[
        Example {
            about: "none of the three",
            steps: &[
                Step::File("pw.txt", 0o600, "{password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  app:
    image: app:1.0
    secrets:
      - {source: pw, target: password}
secrets:
  pw: {file: ./pw.txt}
"#,
                ),
            ],
        },
        Example {
            about: "from a variable, where they are obeyed",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    secrets:
      - {source: pw, mode: 0400}
secrets:
  pw: {environment: PW}
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact).filter(|service| !service.stack.is_swarms()) {
        for given in service.given_files().into_iter().filter(|given| !given.ignored.is_empty()) {
            findings.push(
                about(
                    &CHECK,
                    &service,
                    given.place,
                    "{key}: Compose ignores {options} for secrets that come from a file",
                    "remove these options, and set the owner and mode of the file itself",
                )
                .fact("options", Fact::Words(given.ignored)),
            );
        }
    }
}
