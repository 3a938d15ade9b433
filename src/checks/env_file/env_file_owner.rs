//! `env-file-owner`: an env file that another user owns.

use nix::unistd::User;

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::User as Reader;
use crate::finding::{Fact, Finding, Severity};
use crate::name::Name;

pub(crate) static CHECK: Check = Check {
    id: "env-file-owner",
    title: "an env file that another user owns",
    doc: r#"## What it does

Reports an env file that belongs neither to you, nor to root, nor to the owner of the project root, nor to a user in `[files] allowed_owners`, nor to the user of a container into which the file is mounted (`secrets:` and `volumes:` of a service with `user: "472"`). If only the image knows the user of that container, an id that this system does not know passes.

## Why it matters

The owner of a file can always read it, whatever its mode, because the owner can change the mode.

## What to do

`chown` the file to the user who deploys, or add the owner to `[files] allowed_owners`. A file that is mounted into a container belongs to the user of that container (`chown 472`).

## Facts

- `uid`: the user id of the owner
- `owner`: the name of the owner, if the system knows one
- `reader`: the user id of the container into which the file is mounted
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::PrivateEnvFiles, 2)],
    bad: &[Example {
        about: "owned by the user nobody (needs root)",
        steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n"), Step::Owner(".env", 65534)],
    }],
    good: &[Example { about: "owned by you", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let Some(stat) = file.stat.filter(|_| file.is_private()) else { return };
    if stat.uid == context.user || stat.uid == 0 || Some(stat.uid) == context.project.owner {
        return;
    }
    let readers = context.project.file_readers(&file.path);
    if readers.iter().any(|reader| reader.number() == Some(stat.uid)) {
        return;
    }
    let name = User::from_uid(stat.uid.into()).ok().flatten().map(|user| user.name);
    // It may be the user of that container: nobody else here has this id.
    if name.is_none() && readers.contains(&Reader::Unknown) {
        return;
    }
    if name.as_ref().is_some_and(|name| context.config.files.allowed_owners.contains(name)) {
        return;
    }
    let (what, owner) = match name {
        Some(name) => ("user {owner} owns this file", Fact::Name(Name(name.into_bytes()))),
        None => ("user id {uid} owns this file; this system does not know that user", Fact::None),
    };
    let (help, reader) = match readers.as_slice() {
        [] => ("give this file to the user who deploys: chown \"$USER\" {path:sh}", Fact::None),
        [Reader::Number(user, _)] => {
            ("give this file to the user of its container: chown {reader} {path:sh}", Fact::Number((*user).into()))
        }
        _ => ("give this file to the user of its container: chown UID {path:sh}", Fact::None),
    };
    findings.push(
        Finding::new(&CHECK, file.origin(), what, help)
            .fact("uid", Fact::Number(stat.uid.into()))
            .fact("owner", owner)
            .fact("reader", reader),
    );
}
