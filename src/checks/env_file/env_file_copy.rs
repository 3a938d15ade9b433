//! `env-file-copy`: a forgotten copy of an env file.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{Finding, Severity};
use crate::rotation::PENDING;

pub(crate) static CHECK: Check = Check {
    id: "env-file-copy",
    title: "a forgotten copy of an env file",
    doc: r#"## What it does

Reports backups, editor swap files, renamed copies and archives of env files: `.env.bak`, `.env~`, `.env.swp`, `.env (copy)`, `.env.zip`; also the file in which `envward rotation rotate` keeps a new secret until it is put to use.

## Why it matters

A copy holds the same secrets as the file, and nobody looks after it: an ignore line `.env` does not cover it, a rotation does not reach it, and it is what a web server serves by mistake.

## What to do

Delete it: `rm .env.bak`.

## Facts

None besides the path, the line and the key.
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

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let what = match file.role {
        Role::Copy => "a forgotten copy of an env file",
        Role::Archive => "an archive of an env file; it was not opened",
        _ => return,
    };
    // To remove this one may lose the only place where a database's new password stands.
    let (what, help) = match file.path.file_name().ends_with(PENDING) {
        true => ("a new secret that waits for its rotation to be finished", "envward rotation status"),
        false => (what, "rm {path:sh}"),
    };
    findings.push(Finding::new(&CHECK, file.origin(), what, help));
}
