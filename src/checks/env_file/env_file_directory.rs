//! `env-file-directory`: an env file in a directory that others can write.

use std::collections::BTreeSet;

use nix::unistd::{self, User};

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::files::{Directory, Listed};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-directory",
    title: "an env file in a directory that others can write",
    doc: r#"## What it does

Reports every directory on the way to an env file, up to the root of the file system, that others can write to: everyone, a group other than the owner's private group, or a user in an access list, unless the directory has the sticky bit. Also reports a directory that belongs to an account other than root, the owner of the project, the owner of the file and you. There is one finding for each directory, at the first env file below it.

## Why it matters

Anyone who can write to a directory can replace every file and directory in it. They cannot read the current `.env`, but they choose the next one.

## What to do

`chmod o-w` (or `g-w`) the directory, or `setfacl -b` it.

## Facts

- `mode`: the mode of the directory, in octal
- `directory`: the directory; its full name if it is above the project
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::PrivateEnvFiles, 3)],
    bad: &[
        Example {
            about: "a directory open to everyone",
            steps: &[Step::Dir("app", 0o777), Step::File("app/.env", 0o600, "DB_PASSWORD={password}\n")],
        },
        Example {
            about: "a directory further up",
            steps: &[
                Step::Dir("srv", 0o777),
                Step::Dir("srv/app", 0o755),
                Step::File("srv/app/.env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
    ],
    good: &[
        Example {
            about: "a private directory",
            steps: &[Step::Dir("app", 0o755), Step::File("app/.env", 0o600, "DB_PASSWORD={password}\n")],
        },
        Example {
            about: "open to everyone, but sticky",
            steps: &[Step::Dir("app", 0o1777), Step::File("app/.env", 0o600, "DB_PASSWORD={password}\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    let mut told = BTreeSet::new();
    for file in project.files.iter().filter(|file| file.is_private() && file.keeps_modes) {
        let owner = file.stat.map(|stat| stat.uid);
        let trusted: Vec<u32> = [ROOT, context.user].into_iter().chain(project.owner).chain(owner).collect();
        for (name, directory) in project.way(&file.path) {
            let Some((severity, what, help)) = open(directory, &trusted).filter(|_| told.insert(name.clone())) else {
                continue;
            };
            findings.push(
                Finding::new(&CHECK, file.origin(), what, help)
                    .severity(severity)
                    .fact("mode", Fact::Mode(directory.mode))
                    .fact("directory", Fact::Path(name)),
            );
        }
    }
}

const ROOT: u32 = 0;
/// What Linux shows for an account that a container does not know, its own root's superior among them.
const UNKNOWN: u32 = 65_534;

/// Who else can write to a directory, besides these accounts.
fn open(directory: &Directory, trusted: &[u32]) -> Option<(Severity, &'static str, &'static str)> {
    let Directory { uid, gid, .. } = *directory;
    let is_strange = |one: &Listed| match one {
        Listed::User(id) => !trusted.contains(id),
        Listed::Group(id) => !is_private_group(uid, *id),
    };
    match () {
        () if directory.is_sticky() => None,
        () if directory.is_open() => Some((
            Severity::Error,
            "everyone can replace this file, because {directory} has mode {mode}",
            "chmod o-w {directory:sh}",
        )),
        () if directory.listed.iter().any(is_strange) => Some((
            Severity::Warning,
            "the access list of {directory} lets others replace this file",
            "remove the access list (getfacl shows it): setfacl -b {directory:sh}",
        )),
        // A user's private group (same number, or the same name) is the user.
        () if directory.group_writes && !is_private_group(uid, gid) => Some((
            Severity::Warning,
            "a group can replace this file, because {directory} has mode {mode}",
            "chmod g-w {directory:sh}",
        )),
        () => None,
    }
    .or_else(|| {
        let is_theirs = !trusted.contains(&uid) && uid != UNKNOWN;
        is_theirs.then_some((
            Severity::Warning,
            "another account owns {directory} and can replace this file",
            "chown the directory or move the project; to see the owner: ls -ld {directory:sh}",
        ))
    })
}

fn is_private_group(uid: u32, gid: u32) -> bool {
    if uid == gid {
        return true;
    }
    let user = User::from_uid(uid.into()).ok().flatten();
    let group = unistd::Group::from_gid(gid.into()).ok().flatten();
    matches!((user, group), (Some(user), Some(group)) if user.name == group.name)
}
