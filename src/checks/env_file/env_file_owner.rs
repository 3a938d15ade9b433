//! `env-file-owner`: an env file that somebody else owns.

use nix::unistd::User;

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::User as Reader;
use crate::finding::{Fact, Finding, Severity};
use crate::name::Name;

pub(crate) static CHECK: Check = Check {
    id: "env-file-owner",
    title: "an env file that somebody else owns",
    doc: r#"## What it does

Reports an env file that belongs neither to you, nor to root, nor to the owner of the project root, nor to a user in `[files] allowed_owners`, nor to the user of a container that is given the file as it is (`secrets:` and `volumes:` of a service with `user: "472"`).

## Why it matters

Whoever owns a file can read it and change its mode back, whatever it is set to.

## What to do

`chown` it to the user who deploys, or name the owner in `[files] allowed_owners`.

## Facts

- `uid`: the owner's number
- `owner`: the owner's name, where the system knows one
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::PrivateEnvFiles, 2)],
    bad: &[Example {
        about: "owned by nobody (needs root to show)",
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
    let is_given = |reader: &Reader| matches!(reader, Reader::Number(user, _) if *user == stat.uid);
    if context.project.file_readers(&file.path).iter().any(is_given) {
        return;
    }
    let name = User::from_uid(stat.uid.into()).ok().flatten().map(|user| user.name);
    if name.as_ref().is_some_and(|name| context.config.files.allowed_owners.contains(name)) {
        return;
    }
    let (what, owner) = match name {
        Some(name) => ("{owner} owns it", Fact::Name(Name(name.into_bytes()))),
        None => ("user {uid} owns it, whom this system does not know", Fact::None),
    };
    findings.push(
        Finding::new(&CHECK, file.origin(), what, "chown it to the user who deploys: chown \"$USER\" {path:sh}")
            .fact("uid", Fact::Number(stat.uid.into()))
            .fact("owner", owner),
    );
}
