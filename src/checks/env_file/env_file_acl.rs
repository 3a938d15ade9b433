//! `env-file-acl`: an env file with a hidden access list.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-acl",
    title: "an env file with a hidden access list",
    doc: r#"## What it does

Reports an env file of mode 0600 or stricter that still has a POSIX access list (ACL). An entry that is in effect shows in the group bits of the mode, and `env-file-mode` reports it.

## Why it matters

`chmod 600` hides the entries but keeps them: the next `chmod g+r` makes them effective again.

## What to do

`setfacl -b .env` removes the entries.

## Facts

Only the path, the line and the key.
"#,
    group: Group::EnvFile,
    severity: Severity::Note,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::PrivateEnvFiles, 4)],
    bad: &[Example {
        about: "an entry that chmod 600 hides",
        steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n"), Step::Acl(".env")],
    }],
    good: &[Example { about: "no entries", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    if file.stat.is_some_and(|stat| file.is_private() && stat.acl && stat.mode & 0o077 == 0) {
        findings.push(Finding::new(
            &CHECK,
            file.origin(),
            "this file has a hidden access list, which only its mode disables",
            "setfacl -b {path:sh}",
        ));
    }
}
