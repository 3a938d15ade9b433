//! `secret-options-ignored`: an owner or mode of a secret that Compose ignores.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "secret-options-ignored",
    title: "an owner or mode of a secret that Compose ignores",
    doc: r#"## What it does

Reports `uid`, `gid` and `mode` of an entry in a service's `secrets:` or `configs:` that comes from a `file:`. Files for Swarm (`docker-stack.yml`), which obeys these options, pass. So do entries that come from a variable or whose content is in the compose file.

## Why it matters

The deployment checklist: "Volume permissions verified". Compose mounts the file with the owner and mode that it has on the host, and ignores these three options (docs.docker.com/reference/compose-file/services, "secrets", long syntax). Anyone who wrote `mode: 0400` believes that the file is protected.

## What to do

Remove the options, and set the owner and mode of the file itself.

## Facts

- `options`: the ignored options

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Warning,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::VolumePermissions, 4)],
    bad: &[Example {
        about: "a mode that Compose ignores",
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
            about: "from a variable, where Compose obeys the options",
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
                    "Compose ignores {options} of {key} for secrets that come from a file",
                    "remove these options, and set the owner and mode of the file itself",
                )
                .fact("options", Fact::Words(given.ignored)),
            );
        }
    }
}
