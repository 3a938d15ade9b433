//! `env-file-not-ignored`: an env file that git does not ignore.

use crate::check::{Check, Example, Fix, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-not-ignored",
    title: "an env file that git does not ignore",
    doc: r#"## What it does

Reports an untracked env file that no ignore rule of git covers. Severity: error if the file contains a filled secret, else warning. If there is a `.gitignore` but no repository, as in an unpacked release, envward applies its rules as git would.

## Why it matters

A single `git add .` puts the file into the next commit.

## What to do

`envward check --fix` adds the line to `.gitignore`.

## Facts

Only the path, the line and the key.
"#,
    group: Group::Git,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: Some(Fix::GitIgnore),
    checklist: &[],
    bad: &[
        Example {
            about: "an unpacked release whose rules do not cover the file",
            steps: &[
                Step::File(".gitignore", 0o644, "/.env\n"),
                Step::File("backend/.env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "no ignore rule",
            steps: &[Step::Git("init"), Step::File(".env", 0o600, "DB_PASSWORD={password}\n")],
        },
        Example {
            about: "the line `.env` does not cover a backup",
            steps: &[
                Step::Git("init"),
                Step::File(".gitignore", 0o644, ".env\n"),
                Step::File(".env.bak", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
    ],
    good: &[
        Example {
            about: "an unpacked release",
            steps: &[Step::File(".gitignore", 0o644, ".env\n"), Step::File(".env", 0o600, "DB_PASSWORD={password}\n")],
        },
        Example {
            about: "ignored",
            steps: &[
                Step::Git("init"),
                Step::File(
                    ".gitignore",
                    0o644,
                    r#"
.env*
!.env.example
"#,
                ),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example { about: "not in a repository", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let Some(git) = file.git.filter(|_| file.is_private()) else { return };
    if git.tracked || git.ignored {
        return;
    }
    let severity = if file.may_hold_secrets() { Severity::Error } else { Severity::Warning };
    findings.push(
        Finding::new(
            &CHECK,
            file.origin(),
            "git does not ignore this file: `git add .` would stage it",
            "ignore the file in .gitignore: envward check --fix",
        )
        .severity(severity),
    );
}
