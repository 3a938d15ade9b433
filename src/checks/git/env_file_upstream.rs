//! `env-file-upstream`: an env file that the upstream branch contains.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{Fact, Finding, Severity};
use crate::project::Upstream;

pub(crate) static CHECK: Check = Check {
    id: "env-file-upstream",
    title: "an env file that the upstream branch contains",
    doc: r#"## What it does

Reports an env file in use that git does not track here, but that the upstream branch contains, as of the last fetch: because the branch has commits that are not here, or because the removal of the file is not pushed yet.

## Why it matters

Git overwrites ignored files: `git pull`, `git switch` and `git reset` replace this file with the version of the branch, without asking. If the branch removes the file later, git deletes it here. The values in use are then lost. Until the removal is pushed, every new clone contains the file.

## What to do

If you removed the file yourself (`git rm --cached`): commit, then `git push`. If commits that are not pushed contain other versions of the file, put them into one commit first, so that the push does not publish these versions: `git reset --soft @{u}`, then `git commit`.

If the branch has commits that are not here: first remove the file from the branch (`git rm --cached`, on the machine where it was committed). Until then keep a copy outside the work tree, and before each pull look at what is new: `envward scan --range HEAD..@{u}`.

In each case replace the secrets of the file: everyone who can clone the repository knows them.

## Facts

- `in`: the repository in the project that contains the file, if it is one of its own; else null
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

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let upstream = file.git.map(|git| git.upstream).unwrap_or_default();
    if file.role != Role::Env || upstream == Upstream::Nothing {
        return;
    }
    let dirs = context.project.nested.iter().map(|nested| &nested.dir).filter(|dir| file.path.strip_dir(dir).is_some());
    let inner = dirs.max_by_key(|dir| dir.as_bytes().len());
    let (what, help) = words(upstream, inner.is_some());
    let finding = Finding::new(&CHECK, file.origin(), what, help);
    findings.push(finding.fact("in", inner.map_or(Fact::None, |dir| Fact::Path(dir.clone()))));
}

/// What is wrong, and what to do; in a repository inside the project git is told where.
fn words(upstream: Upstream, is_inner: bool) -> (&'static str, &'static str) {
    match upstream {
        Upstream::Nothing | Upstream::Incoming => (
            "the upstream branch contains this file: the next pull replaces or deletes it without asking",
            "copy this file to a safe place, and remove it from the upstream branch (git rm --cached) before you pull",
        ),
        Upstream::RemovalStaged if is_inner => {
            (STAGED, "commit the removal: git -C {in:sh} commit; then git -C {in:sh} push")
        }
        Upstream::RemovalStaged => (STAGED, "commit the removal: git commit; then git push"),
        Upstream::RemovalCommitted { is_plain: false } => {
            (COMMITTED, "push the commit that removes the file to the upstream branch")
        }
        Upstream::RemovalCommitted { is_plain: true } if is_inner => (COMMITTED, "git -C {in:sh} push"),
        Upstream::RemovalCommitted { is_plain: true } => (COMMITTED, "git push"),
        Upstream::VersionsUnpushed if is_inner => (
            VERSIONS,
            "put these commits into one before you push: git -C {in:sh} reset --soft {upstream}; then git -C {in:sh} commit",
        ),
        Upstream::VersionsUnpushed => {
            (VERSIONS, "put these commits into one before you push: git reset --soft {upstream}; then git commit")
        }
    }
}

const STAGED: &str = "the upstream branch still contains this file, and its removal is not committed yet";
const COMMITTED: &str = "the upstream branch still contains this file, because its removal is not pushed yet";
const VERSIONS: &str = "the upstream branch contains this file, and commits that are not pushed contain other versions of \
                        it, which a push would publish";
