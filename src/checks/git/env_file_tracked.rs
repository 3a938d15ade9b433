//! `env-file-tracked`: an env file that git tracks.

use super::is_dummy;
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::git::Change;
use crate::project::FoundSecret;

pub(crate) static CHECK: Check = Check {
    id: "env-file-tracked",
    title: "an env file that git tracks",
    doc: r#"## What it does

Reports an env file, a copy of one or a file of private keys in git's index. Files that are meant to be committed pass: `.envrc` and `.flaskenv` without a secret, and encrypted files, recognised by their content. Severity: error if the file contains a filled secret; warning if all its secrets are empty, placeholders, or weak values of a development or test file. Before a commit that does not change the file: note, or error with `[hook] strict`.

## Why it matters

Every clone, every fork and every CI run contains what git tracks.

## What to do

First `git rm --cached .env`, ignore the file and commit: the file stays on disk, and no later commit publishes new values. Then replace every secret that the file contained: removing the file from the newest commit does not remove it from git history.

## Facts

- `secrets`: the number of filled secrets in the file
- `read`: whether envward read the content
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
        0 if file.document.is_some() => "git tracks this file, which contains no filled secret",
        0 => "git tracks this file; envward could not read its content",
        1 => "git tracks this file, which contains 1 filled secret",
        _ => "git tracks this file, which contains {secrets} filled secrets",
    };
    let help = match filled {
        0 => "{git} rm --cached -f {path:git}",
        // First, because else the next commit publishes the new values.
        _ => {
            "{git} rm --cached -f {path:git}; then ignore the file (envward check --fix), commit, and replace its secrets, because git history keeps the old values"
        }
    };
    findings.push(
        Finding::new(&CHECK, file.origin(), what, help)
            .severity(severity)
            .fact("secrets", Fact::Number(filled as u64))
            .fact("read", Fact::Flag(file.document.is_some())),
    );
}
