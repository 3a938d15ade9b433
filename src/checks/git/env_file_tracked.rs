//! `env-file-tracked`: an env file in git's index.

use super::is_dummy;
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::git::Change;
use crate::project::FoundSecret;

pub(crate) static CHECK: Check = Check {
    id: "env-file-tracked",
    title: "an env file in git's index",
    doc: r#"## What it does

Reports an env file, a copy of one or a file of private keys that is in git's index. Not `.envrc` and `.flaskenv` without a secret, which are meant to be committed, and not ciphertext, by content. An error where it holds a filled secret, a warning where all its secrets are empty, placeholders, or weak ones of a development or test file, and a note before a commit that leaves it as it is (an error with `[hook] strict`).

## Why it matters

Every clone, every fork, every CI run has what is tracked.

## What to do

`git rm --cached .env`, ignore it, commit, and replace every secret that it held: removing it from the tip does not remove it from the history.

## Facts

- `secrets`: how many filled secrets it holds
- `read`: whether its content was read
"#,
    group: Group::Git,
    severity: Severity::Error,
    kinds: &[Kind::Staged],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "committed",
        steps: &[
            Step::Git("init"),
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::Git("add -f .env"),
            Step::Git("commit -m config"),
        ],
    }],
    good: &[
        Example {
            about: "ignored",
            steps: &[
                Step::Git("init"),
                Step::File(".gitignore", 0o644, ".env\n"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::Git("add ."),
                Step::Git("commit -m config"),
            ],
        },
        Example {
            about: "a template is meant to be tracked",
            steps: &[
                Step::Git("init"),
                Step::File(".env.example", 0o644, "DB_PASSWORD=\n"),
                Step::Git("add ."),
                Step::Git("commit -m template"),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Staged(file) = artifact else { return };
    if !file.is_private() || (context.staged_only && file.entry.change != Change::Unchanged) {
        return;
    }
    let filled = file.secrets.iter().filter(|secret| secret.is_filled()).count();
    let dummies =
        file.secrets.iter().filter_map(FoundSecret::strength).all(|strength| is_dummy(file.environment, strength));
    let severity = match filled {
        _ if context.staged_only && context.config.hook.strict => Severity::Error,
        _ if context.staged_only => Severity::Note,
        _ if dummies && file.document.is_some() => Severity::Warning,
        _ => Severity::Error,
    };
    let what = match filled {
        0 if file.document.is_some() => "git tracks it (no filled secret in it)",
        0 => "git tracks it; its content was not read",
        1 => "git tracks it, and it holds 1 filled secret",
        _ => "git tracks it, and it holds {secrets} filled secrets",
    };
    let help = match filled {
        0 => "git rm --cached {path:git}",
        _ => "take it out (git rm --cached), ignore it, replace its secrets: history keeps them",
    };
    findings.push(
        Finding::new(&CHECK, file.origin(), what, help)
            .severity(severity)
            .fact("secrets", Fact::Number(filled as u64))
            .fact("read", Fact::Flag(file.document.is_some())),
    );
}
