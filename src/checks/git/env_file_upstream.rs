//! `env-file-upstream`: an env file in use that the upstream branch has, too.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-upstream",
    title: "an env file that the next pull replaces",
    doc: r#"## What it does

Reports an env file in use that git does not track here, and that the commit has which the branch's upstream was at when it was last fetched.

## Why it matters

Git takes an ignored file for one that nobody misses: `git pull`, `git switch` and `git reset` replace it with the one of the branch without a question, and when the branch removes it later, it is deleted here. The values in use are then gone.

## What to do

Take the file out of the branch first (`git rm --cached`, on the machine where it was committed), and replace its secrets, which everybody who can clone has. Until then keep a copy outside of the work tree, and look at what comes before each pull: `envward scan --range HEAD..@{u}`.

## Facts

None besides the path.
"#,
    group: Group::Git,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "it came with a commit that was not pulled yet",
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
        about: "the upstream has its template alone",
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
            "the upstream branch has it, too: the next pull replaces or deletes it without a question",
            "keep a copy outside, and take it out of that branch before you pull (git rm --cached)",
        ));
    }
}
