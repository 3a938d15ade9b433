//! `env-file-directory`: an env file in a directory that others can write.

use nix::unistd::{Group, User};

use super::{Artifact, Check, Context, Example, Kind, Step};
use crate::finding::{Fact, Finding, Severity};
pub(crate) static CHECK: Check = Check {
    id: "env-file-directory",
    title: "an env file in a directory that others can write",
    doc: r#"## What it does

Reports an env file whose directory everyone can write (without the sticky bit), or a group other than the owner's private one.

## Why it matters

Whoever can write a directory can replace every file in it: they cannot read the old `.env`, but they choose the next one.

## What to do

`chmod o-w` (or `g-w`) the directory.

## Facts

- `mode`: the directory's mode, in octal
- `directory`: the directory
"#,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    bad: &[Example {
        about: "a directory open to everyone",
        steps: &[Step::Dir("app", 0o777), Step::File("app/.env", 0o600, "DB_PASSWORD={password}\n")],
    }],
    good: &[
        Example {
            about: "a private directory",
            steps: &[Step::Dir("app", 0o755), Step::File("app/.env", 0o600, "DB_PASSWORD={password}\n")],
        },
        Example {
            about: "everyone's, but sticky",
            steps: &[Step::Dir("app", 0o1777), Step::File("app/.env", 0o600, "DB_PASSWORD={password}\n")],
        },
    ],
    run,
};

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let Some(directory) = file.directory.filter(|_| file.is_private() && file.keeps_modes) else { return };
    let sticky = directory.mode & 0o1000 != 0;
    let (severity, what, help) = match directory.mode {
        mode if mode & 0o002 != 0 && !sticky => {
            (Severity::Error, "everyone can replace it: its directory has mode {mode}", "chmod o-w {directory:sh}")
        }
        // A user's private group (same number, or the same name) is the user.
        mode if mode & 0o020 != 0 && !sticky && !is_private_group(directory.uid, directory.gid) => {
            (Severity::Warning, "a group can replace it: its directory has mode {mode}", "chmod g-w {directory:sh}")
        }
        _ => return,
    };
    let parent = file.path.parent();
    let shown = if parent.is_root() { crate::path::RelPath::from(".") } else { parent };
    findings.push(
        Finding::new(&CHECK, file.origin(), what, help)
            .severity(severity)
            .fact("mode", Fact::Mode(directory.mode))
            .fact("directory", Fact::Path(shown)),
    );
}

fn is_private_group(uid: u32, gid: u32) -> bool {
    if uid == gid {
        return true;
    }
    let user = User::from_uid(uid.into()).ok().flatten();
    let group = Group::from_gid(gid.into()).ok().flatten();
    matches!((user, group), (Some(user), Some(group)) if user.name == group.name)
}
