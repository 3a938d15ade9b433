//! `env-file-copy`: a forgotten copy of an env file.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::Key;
use crate::env::names::Role;
use crate::finding::{Finding, Severity};
use crate::project::ProjectFile;
use crate::rotation::{PENDING, PREVIOUS_VALUES};

pub(crate) static CHECK: Check = Check {
    id: "env-file-copy",
    title: "a forgotten copy of an env file",
    doc: r#"## What it does

Reports backups, editor swap files, renamed copies and archives of env files: `.env.bak`, `.env~`, `.env.swp`, `.env (copy)`, `.env.zip`. Also reports the file in which `envward rotation rotate` keeps a new value until it is promoted. Severity: warning; note for the files of a rotation that is open in the ledger.

## Why it matters

A copy contains the same secrets as the file, but nobody looks after it: the ignore line `.env` does not cover it, a rotation does not change it, and a web server may serve it by mistake.

## What to do

Delete the copy: `rm .env.bak`.

## Facts

Only the path, the line and the key.
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example { about: "a backup", steps: &[Step::File(".env.bak", 0o600, "DB_PASSWORD={password}\n")] },
        Example { about: "an archive", steps: &[Step::File(".env.zip", 0o600, "PK")] },
    ],
    good: &[
        Example { about: "the file alone", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] },
        Example { about: "a template", steps: &[Step::File(".env.example", 0o644, "DB_PASSWORD=\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let what = match file.role {
        Role::Copy => "this file is a forgotten copy of an env file",
        Role::Archive => "this file is an archive of an env file; envward did not open it",
        _ => return,
    };
    // This file may be the only place that contains a database's new password: do not advise to delete it.
    let (what, help) = match file.path.file_name() {
        name if name.ends_with(PENDING) => {
            ("this file contains a new value that waits to be promoted", "envward rotation status")
        }
        name if name.ends_with(PREVIOUS_VALUES) && is_of_rotation(file) => {
            ("this file contains the old value of a rotation that is not confirmed", "envward rotation status")
        }
        _ => (what, "rm {path:sh}"),
    };
    let severity = if context.is_kept_by_rotation(&file.path) { Severity::Note } else { CHECK.severity };
    findings.push(Finding::new(&CHECK, file.origin(), what, help).severity(severity));
}

/// Whether `rotation promote` wrote it: people name their own copies `.env.previous`.
fn is_of_rotation(file: &ProjectFile) -> bool {
    let keys = file.assignments().filter_map(|(_, one)| one.key.as_ref());
    let names: Vec<&str> = keys.map(Key::as_str).take(2).collect();
    names == ["OLD", "NEW"]
}
