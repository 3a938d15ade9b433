//! `env-file-upstream`: an env file that the next pull replaces.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-upstream",
    title: "an env file that the next pull replaces",
    doc: r#"## What it does

Reports an env file in use that git does not track here, but that the upstream branch contains, as of the last fetch.

## Why it matters

Git overwrites ignored files: `git pull`, `git switch` and `git reset` replace this file with the version of the branch, without asking. If the branch removes the file later, git deletes it here. The values in use are then lost.

## What to do

First remove the file from the branch (`git rm --cached`, on the machine where it was committed), and replace its secrets: everyone who can clone the repository knows them. Until then keep a copy outside the work tree, and before each pull look at what is new: `envward scan --range HEAD..@{u}`.

## Facts

Only the path.
"#,
    group: Group::Git,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "a commit that was fetched and not pulled yet adds the file",
        steps: &[
            Step::Git("init"),
            Step::File(".gitignore", 0o644, "/.env\n"),
            Step::Git("add ."),
            Step::Git("commit -m rules"),
            Step::Git("checkout -b upstream"),
            Step::File(".env", 0o600, "NODE_ENV=development\n"),
            Step::Git("add -f .env"),
            Step::Git("commit -m env"),
            Step::Git("checkout -"),
            Step::Git("branch --set-upstream-to=upstream"),
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
        ],
    }],
    good: &[Example {
        about: "the upstream branch contains only the template",
        steps: &[
            Step::Git("init"),
            Step::File(".gitignore", 0o644, "/.env\n"),
            Step::Git("add ."),
            Step::Git("commit -m rules"),
            Step::Git("checkout -b upstream"),
            Step::File(".env.example", 0o644, "DB_PASSWORD=\n"),
            Step::Git("add ."),
            Step::Git("commit -m template"),
            Step::Git("checkout -"),
            Step::Git("branch --set-upstream-to=upstream"),
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let is_upstream = file.git.is_some_and(|git| git.upstream);
    if file.role == Role::Env && is_upstream {
        findings.push(Finding::new(
            &CHECK,
            file.origin(),
            "the upstream branch contains this file: the next pull replaces or deletes it without asking",
            "copy this file to a safe place, and remove it from the upstream branch (git rm --cached) before you pull",
        ));
    }
}
