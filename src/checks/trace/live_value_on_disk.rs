//! `live-value-on-disk`: a secret in use that a file outside git contains.

use super::{severity, with_facts, with_reach};
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::git::replacement::Replacement;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::trace::{Part, PlaceKind, Reach};

pub(crate) static CHECK: Check = Check {
    id: "live-value-on-disk",
    title: "a secret in use that a file outside git contains",
    doc: r#"## What it does

`envward trace` searches files of this host for the secrets of the current env files: the project with its ignored files, dependency and build folders, and the histories, editors' files, settings, caches, downloads and coding agents' folders of the user; with `--host` also logs, settings, backups, web roots, temporary directories, homes and containers' logs. A secret is found in the same forms as by `scan` (plain, base64, hexadecimal, percent-encoded, JSON-escaped, shell-quoted, UTF-16, private keys in any notation), and inside zip, tar, gzip, zstd, xz and bzip2, eight levels deep.

The env files and templates of the project, the files that compose files use as env files or secrets, and the files of `--live` are no finding. A `.git` directory is not searched: `envward scan` does that.

Severity follows who can read the file, by its mode, its access list and every directory above it. Critical: every account, or a web server gives the file away. Error: the members of a group, or another account. Warning: only the owner of the project. Note: only root. A group whose only member is the owner does not count.

## Why it matters

A quarter of all incidents begin outside repositories: with a password in a log, a shell history, a backup or a build folder. Such files are copied, archived and read by people and programs that should not have the secret, and they stay after the secret is replaced in the env file.

## What to do

Replace the secret first, if others can read the file. Then clean the place: truncate a log, because a program keeps writing to the deleted file otherwise; remove a line of a shell history with the shell's own command; shred other files.

## Facts

- `in_use`: the env file that contains the value
- `form`: how the value is written: `plain`, `base64`, `hex`, `percent-encoded`, `JSON-escaped`, `shell-quoted`, `UTF-16` or `PEM`
- `part`: `content`, `archive` (packed) or `name`
- `member`: the member of an archive that contains the value, with `!` between the names in nested archives; null in other files
- `more`: how many more members of the same archive contain the value
- `offset`: how many bytes stand before the value, in the unpacked member if there is one
- `place`: what kind of place the file is, such as `history`, `log`, `agent`, `backup`, `web`, `cache`, `project`, `build`
- `reach`: who can read the file: `everyone`, `web`, `group`, `other-user`, `owner` or `root`
- `readers`: the same in words
- `owner`: the account that owns the file
- `mode`: the mode of the file
- `same_as`: the key that has the same value, as a URL and the password in it have; its command replaces both
- `same_as_in`: the file of that key, if it is another file of the same deployment
"#,
    group: Group::Trace,
    severity: Severity::Critical,
    kinds: &[Kind::Disk],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "pasted into a note that git ignores",
            steps: &[
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File("tmp/notes.txt", 0o600, "psql postgres://app:{password}@db/app\n"),
            ],
        },
        Example {
            about: "written to a log, as base64",
            steps: &[
                Step::File(".env", 0o600, "API_TOKEN={token}\n"),
                Step::File("logs/debug.log", 0o644, "GET /v1\nAuthorization: Bearer {token}\n"),
            ],
        },
    ],
    good: &[
        Example {
            about: "the env file, and a file that reads it",
            steps: &[
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File("backup.sh", 0o755, "#!/bin/sh\nPGPASSWORD=$DB_PASSWORD pg_dump -h db app\n"),
            ],
        },
        Example {
            about: "a file that a compose file gives to a container as its secret",
            steps: &[
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File("secrets/db", 0o600, "{password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:17.2
    secrets: [db]
secrets:
  db:
    file: secrets/db
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Traced(sighting) = artifact else { return };
    let Origin::Disk(_) = sighting.origin else { return };
    let replacement = Replacement::of(sighting.key.as_ref(), &sighting.in_use, context);
    let (what, then) = (
        what(sighting.part, sighting.member.is_some()),
        cleanup(sighting.kind, sighting.part, sighting.line.is_some()),
    );
    let finding = Finding::new(&CHECK, sighting.origin.clone(), what, replacement.help)
        // Of a place that could not be judged anybody may be a reader.
        .severity(severity(sighting.reach.unwrap_or(Reach::Everyone)))
        .then(then);
    let finding = with_reach(with_facts(finding, sighting), sighting).fact("place", Fact::Word(sighting.kind.word()));
    findings.push(replacement.facts(finding));
}

fn what(part: Part, has_member: bool) -> &'static str {
    match (part, has_member) {
        (Part::Name, _) => {
            "this name contains {the value|the values} of {key} from {in_use}{form:aside}; readable by {readers}"
        }
        (_, true) => {
            "{member} in this archive contains {the value|the values} of {key} from {in_use}{form:aside}; readable by {readers}"
        }
        (Part::Archive, false) => {
            "this compressed file contains {the value|the values} of {key} from {in_use}{form:aside}; readable by {readers}"
        }
        _ => "this file contains {the value|the values} of {key} from {in_use}{form:aside}; readable by {readers}",
    }
}

/// How a place is cleaned, once the secret is replaced.
fn cleanup(kind: PlaceKind, part: Part, has_line: bool) -> &'static str {
    match (kind, part) {
        (_, Part::Name) => "rename the file, so that its name contains no secret",
        (PlaceKind::ContainerLog | PlaceKind::Log, Part::Content) => {
            "find out what logs the secret, and empty the log: truncate -s 0 {path:sh}"
        }
        (PlaceKind::Journal, _) => {
            "find out what logs the secret, and remove old entries: journalctl --rotate --vacuum-time=1s"
        }
        (PlaceKind::BashHistory, _) => {
            "delete the line in a bash of this user, and save: history -d LINE && history -w"
        }
        (PlaceKind::ZshHistory, _) if has_line => {
            "close this user's zsh, and delete the line: sed -i {line}d {path:sh}"
        }
        (PlaceKind::FishHistory, _) => "delete the command in a fish of this user: history delete",
        (PlaceKind::History, _) if has_line => "close the program, and delete the line: sed -i {line}d {path:sh}",
        (PlaceKind::Editor, _) => "close the editor, and remove the file: shred -u {path:sh}",
        (PlaceKind::Agent, _) => {
            "delete the secret from the setting, or remove the transcript (the agent's provider may have it too): shred -u {path:sh}"
        }
        (PlaceKind::Login, _) => "write the new value here, if a program still needs this file",
        (PlaceKind::Settings | PlaceKind::Host, _) => {
            "read the secret from a file with mode 0600 here, or write the new value and set the mode to 0600"
        }
        (PlaceKind::Cron | PlaceKind::Unit, _) => {
            "let the job read the secret from the env file: EnvironmentFile= or LoadCredential= in a unit, a script for cron"
        }
        (PlaceKind::Container, _) => "recreate the container with the new value: docker compose up -d --force-recreate",
        (PlaceKind::Project, Part::Content) => "read the secret from the environment here, and delete the value",
        (PlaceKind::Build, _) => "delete what was built, and build again without the secret",
        _ => "delete the secret from the file, or remove the file: shred -u {path:sh}",
    }
}
