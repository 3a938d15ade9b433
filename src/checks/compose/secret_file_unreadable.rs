//! `secret-file-unreadable`: a secret file that its service cannot read.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Location, User};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "secret-file-unreadable",
    title: "a secret file that its service cannot read",
    doc: r#"## What it does

Reports a file in `secrets:`, or a mounted env file or secret, that the service's `user:` (a number) cannot read: another user owns the file, and its mode keeps others out. Files on a file system without meaningful modes pass.

## Why it matters

The deployment checklist: "Volume permissions verified". Compose mounts the file with the owner and mode that it has on the host. The service does not start, or starts without its password. The usual workaround, a mode that lets everyone read the file, is worse.

## What to do

Give the file to that user: `chown 472 secrets/admin && chmod 600 secrets/admin`. If services with different users read the file, give each service its own copy: a file belongs to one user.

## Facts

- `file`: the file
- `user`: the user id

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Warning,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::VolumePermissions, 3)],
    bad: &[Example {
        about: "a file of another user",
        steps: &[
            Step::File("pw.txt", 0o600, "{password}\n"),
            Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  board:
    image: app:1.0
    user: "472"
    secrets: [pw]
secrets:
  pw: {file: ./pw.txt}
"#,
            ),
        ],
    }],
    good: &[
        Example {
            about: "a user name that only the image knows",
            steps: &[
                Step::File("pw.txt", 0o600, "{password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  board:
    image: app:1.0
    secrets: [pw]
secrets:
  pw: {file: ./pw.txt}
"#,
                ),
            ],
        },
        Example {
            about: "an env file, which Compose reads itself",
            steps: &[
                Step::File("board.env", 0o600, "PASSWORD={password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  board:
    image: app:1.0
    user: "472"
    env_file: board.env
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let user = service.user();
        let User::Number(number, _) = user else { continue };
        for given in service.given_files() {
            let Location::Below(path) = given.location else { continue };
            let known = context.project.files.iter().find(|file| file.path == path && file.keeps_modes);
            let Some(stat) = known.and_then(|file| file.stat) else { continue };
            // Additional entries of an access list are not examined.
            if stat.acl || user.reads(stat.mode, (stat.uid, stat.gid)) != Some(false) {
                continue;
            }
            let readers = context.project.file_readers(&path);
            let is_shared = readers.iter().filter_map(|reader| reader.number()).any(|other| other != number);
            let help = match is_shared {
                true => "give each service its own copy of {file}: services with different users read it",
                false => "chown {user} {file:sh} && chmod 600 {file:sh}",
            };
            let what = "{key} {runs|run} as user {user}, who cannot read {file}";
            findings.push(
                about(&CHECK, &service, given.place, what, help)
                    .fact("file", Fact::Path(path))
                    .fact("user", Fact::Number(u64::from(number))),
            );
        }
    }
}
