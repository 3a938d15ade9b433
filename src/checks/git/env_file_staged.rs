//! `env-file-staged`: an env file that the next commit or push would add or change.

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

Before a commit: reports an env file that the index adds, or whose filled secrets the index changes, compared with HEAD. Before a push: the same for each commit that no remote has, compared with its parents. Only the content in git counts, not the work tree. Severity: error; warning if the file contains no filled secret, or if no filled secret changes, unless `[hook] strict` is set. Removing the file from git always passes.

## Why it matters

Until the push the mistake costs nothing. After the push everyone who can read the repository knows the secret, and only replacing it helps.

## What to do

`git rm --cached .env`, then `envward check --fix`, which adds the file to `.gitignore`. Before a push, remove the file from the commit that added it; the pre-push hook prints the commands.

## Facts

- `change`: `added` or `modified`
- `secrets`: the number of filled secrets that are added or changed
- `commit`: before a push, the commit that adds or changes the file
"#,
    group: Group::Git,
    severity: Severity::Error,
    kinds: &[Kind::Staged],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "the first commit would contain the file",
            steps: &[
                Step::Git("init"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::Git("add -f .env"),
            ],
        },
        Example {
            about: "a tracked file gets a new value",
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
    let has_none = file.document.is_some() && !file.secrets.iter().any(FoundSecret::is_filled);
    let light = if context.config.hook.strict { Severity::Error } else { Severity::Warning };
    let (change, severity, what) = match (file.entry.change, &file.holder) {
        (Change::Unchanged, _) => return,
        (Change::Added, Holder::Index) if has_none => {
            ("added", light, "this commit would add an env file without a filled secret to git")
        }
        (Change::Added, Holder::Commit(_)) if has_none => {
            ("added", light, "commit {commit} adds this env file, which contains no filled secret")
        }
        (Change::Added, Holder::Index) => ("added", Severity::Error, "this commit would add an env file to git"),
        (Change::Added, Holder::Commit(_)) => ("added", Severity::Error, "commit {commit} adds this env file"),
        (_, Holder::Ref) => ("added", Severity::Error, "a ref points directly to this env file, without a commit"),
        (Change::Modified, Holder::Index) if is_new => {
            ("modified", Severity::Error, "this commit would add new secrets of this env file to git")
        }
        (Change::Modified, Holder::Commit(_)) if is_new => {
            ("modified", Severity::Error, "commit {commit} adds new secrets to this env file")
        }
        (Change::Modified, Holder::Index) => {
            ("modified", light, "this commit would change this env file, but no filled secret")
        }
        (Change::Modified, Holder::Commit(_)) => {
            ("modified", light, "commit {commit} changes this env file, but no filled secret")
        }
    };
    let help = match file.holder {
        Holder::Index => "git rm --cached -f {path:git} && envward check --fix",
        Holder::Commit(_) => "remove the file from that commit before you push: git rebase -i {commit:id}~",
        Holder::Ref => "delete the ref before you push; if it is a tag: git tag -d NAME",
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
