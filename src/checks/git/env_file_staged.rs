//! `env-file-staged`: an env file that the next commit would add or change.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::git::Change;
use crate::leak::{Holder, StagedFile};
use crate::project::FoundSecret;

pub(crate) static CHECK: Check = Check {
    id: "env-file-staged",
    title: "an env file that the next commit or push would add or change",
    doc: r#"## What it does

Reports, before a commit, an env file that the index adds, or changes in a filled secret, compared with HEAD; before a push the same of each commit that no remote has, compared with its parents. What counts is git's content, never the work tree's. A change that touches no filled secret is a warning, and an error with `[hook] strict`. Removing the file from git always passes.

## Why it matters

This is the last moment at which the mistake costs nothing: after a push the secret is public to everyone who can read the repository, and only replacing it helps.

## What to do

`git rm --cached .env`, then `envward check --fix`, which has git ignore it. Before a push, take it out of the commit that brought it: `git rebase -i`.

## Facts

- `change`: `added` or `modified`
- `secrets`: how many filled secrets it adds or alters
- `commit`: before a push, the commit that does
"#,
    group: Group::Git,
    severity: Severity::Error,
    kinds: &[Kind::Staged],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "the first commit would hold it",
            steps: &[
                Step::Git("init"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::Git("add -f .env"),
            ],
        },
        Example {
            about: "a tracked one gets a new value",
            steps: &[
                Step::Git("init"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::Git("add -f .env"),
                Step::Git("commit -m config"),
                Step::File(".env", 0o600, "DB_PASSWORD={password2}\n"),
                Step::Git("add .env"),
            ],
        },
    ],
    good: &[
        Example {
            about: "unstaged again",
            steps: &[
                Step::Git("init"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::Git("add -f .env"),
                Step::Git("rm --cached .env"),
            ],
        },
        Example {
            about: "a template",
            steps: &[Step::Git("init"), Step::File(".env.example", 0o644, "DB_PASSWORD=\n"), Step::Git("add .")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Staged(file) = artifact else { return };
    if !context.staged_only || !file.is_private() {
        return;
    }
    let altered = altered(file);
    let is_new = altered > 0 || file.document.is_none();
    let light = if context.config.hook.strict { Severity::Error } else { Severity::Warning };
    let (change, severity, what) = match (file.entry.change, &file.holder) {
        (Change::Unchanged, _) => return,
        (Change::Added, Holder::Index) => ("added", Severity::Error, "this commit would add it to git"),
        (Change::Added, Holder::Commit(_)) => ("added", Severity::Error, "commit {commit} adds it"),
        (_, Holder::Ref) => ("added", Severity::Error, "an env file that a ref leads to, without a commit"),
        (Change::Modified, Holder::Index) if is_new => {
            ("modified", Severity::Error, "this commit would put new secrets of it into git")
        }
        (Change::Modified, Holder::Commit(_)) if is_new => {
            ("modified", Severity::Error, "commit {commit} puts new secrets into it")
        }
        (Change::Modified, Holder::Index) => ("modified", light, "this commit would change it, in no filled secret"),
        (Change::Modified, Holder::Commit(_)) => ("modified", light, "commit {commit} changes it, in no filled secret"),
    };
    let help = match file.holder {
        Holder::Index => "git rm --cached -f {path:git} && envward check --fix",
        Holder::Commit(_) => "take it out of that commit before you push: git rebase -i",
        Holder::Ref => "delete that ref before you push (a tag: git tag -d)",
    };
    let finding = Finding::new(&CHECK, file.origin(), what, help)
        .severity(severity)
        .fact("change", Fact::Word(change))
        .fact("secrets", Fact::Number(altered as u64));
    findings.push(match &file.holder {
        Holder::Commit(commit) => finding.fact("commit", Fact::Commit(commit.clone())),
        Holder::Index | Holder::Ref => finding,
    });
}

/// How many filled secrets the index has that HEAD does not have under the same key.
fn altered(file: &StagedFile) -> usize {
    let is_new = |secret: &&FoundSecret| {
        secret.is_filled() && !file.head.iter().any(|old| old.name == secret.name && old.value.ct_eq(&secret.value))
    };
    file.secrets.iter().filter(is_new).count()
}
