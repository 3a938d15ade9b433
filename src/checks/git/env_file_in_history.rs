//! `env-file-in-history`: an env file in git history.

use super::is_dummy;
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{ExposedKey, Fact, Finding, KeyState, Severity};
use crate::git::{CommitRef, Reach};
use crate::leak::Exposure;

pub(crate) static CHECK: Check = Check {
    id: "env-file-in-history",
    title: "an env file in git history",
    doc: r#"## What it does

Reports an env file that git history still contains: reachable from a ref, a stash or a reflog, or unreachable and not yet deleted by git. Also reports a file with another name and the content of an env file, and a text without a file name (a note, a tag of a blob, a blob that no commit uses) that consists of assignments with a filled secret.

Severity: error if a filled secret is reachable and may still be valid. Warning if every secret was replaced, if only weak values of a development or test file are exposed, or if filled secrets are only in a stash, a reflog or an unreachable commit. Note if the file never contained a filled secret, or if no commit ever contained the file. dotenvx's `.env.keys` is critical.

## Why it matters

Deleting a file in a later commit removes it from the newest version only. Every clone still contains the older versions.

## What to do

First replace the secrets: only then are the exposed values useless. If you control every clone, then remove the file from history with git-filter-repo; `envward scan --advice` prints the steps. An ignore needs `through = "<commit>"`.

## Facts

- `added`: the first commit that added the file
- `last_changed`: the last commit that added or changed the file
- `removed`: the last commit that removed the file; null while the tip of a ref has the file
- `refs`: the refs from which the file is still reachable
- `reach`: `head`, `ref`, `stash`, `reflog` or `unreachable`
- `filled`: like `reach`, for the versions with a filled secret; null if there is none
- `versions`: the number of versions
- `same_as`: the env file with the same content, if the name of the file is not that of an env file; else null
- `environment`: the environment that the file name says
- `keys`: the secret keys of the file. `state` is `live`, `reused`, `replaced`, `unknown`, `placeholder` or `empty`; `strength` is `weak`, `fair` or `strong`. `unknown` means: no env file of the same directory, or of a directory to which the file moved, sets the key now for the same environment; or a tracked or deployed file still has the old value; or not all files could be read
"#,
    group: Group::Git,
    severity: Severity::Error,
    kinds: &[Kind::History],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "committed, then deleted",
        steps: &[
            Step::Git("init"),
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::Git("add -f .env"),
            Step::Git("commit -m add"),
            Step::Git("rm .env"),
            Step::Git("commit -m remove"),
        ],
    }],
    good: &[Example {
        about: "never committed",
        steps: &[
            Step::Git("init"),
            Step::File(".gitignore", 0o644, ".env\n"),
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::Git("add ."),
            Step::Git("commit -m start"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::History(exposure) = artifact else { return };
    if exposure.role == Role::Template || exposure.ciphertext {
        return;
    }
    let (severity, what, help) = judge(exposure);
    let history = &exposure.history;
    let commit = |commit: &Option<CommitRef>| commit.clone().map_or(Fact::None, Fact::Commit);
    findings.push(
        Finding::new(&CHECK, exposure.origin(), what, help)
            .severity(severity)
            .fact("added", commit(&history.added))
            .fact("last_changed", commit(&history.last_changed))
            .fact("removed", commit(&history.removed))
            .fact("refs", Fact::Names(history.refs.clone()))
            .fact("reach", Fact::Word(history.reach.word()))
            .fact("filled", exposure.filled.map_or(Fact::None, |reach| Fact::Word(reach.word())))
            .fact("versions", Fact::Number(history.blobs.len() as u64))
            .fact("same_as", history.same_as.clone().map_or(Fact::None, Fact::Path))
            .fact("environment", Fact::Word(exposure.environment.word()))
            .fact("keys", Fact::Exposed(exposure.keys.clone())),
    );
}

const REPLACE: &str = "replace the secrets first; if you control every clone, then remove the file from history: envward scan --advice{repository}";
const REWRITE: &str = "if you control every clone, remove the file from history: envward scan --advice{repository}";
const DANGLING: &str = "{git} gc --prune=now";

/// Only this clone contains it, so no rewriting is needed. The configured time spares the stashes, which `git reflog expire --all` takes.
const EXPIRE: &str = "git -c gc.reflogExpireUnreachable=now gc --prune=now";
const PRUNE: &str = "{git} gc --prune=now";
const REPLACE_EXPIRE: &str =
    "replace the secrets, then delete the unreachable commits: git -c gc.reflogExpireUnreachable=now gc --prune=now";
const REPLACE_PRUNE: &str = "replace the secrets, then delete the unreachable commits: {git} gc --prune=now";
const STASH: &str =
    "drop the stash that this command finds: git log -g --format='%gd %H %P' refs/stash | grep {added:id}";
const REPLACE_STASH: &str = "replace the secrets, then drop the stash that this command finds: git log -g --format='%gd %H %P' refs/stash | grep {added:id}";

fn judge(exposure: &Exposure) -> (Severity, &'static str, &'static str) {
    let is_open = |key: &&ExposedKey| matches!(key.state, KeyState::Live | KeyState::Reused | KeyState::Unknown);
    let open = exposure.keys.iter().any(|key| is_open(&key));
    let dummies = exposure.keys.iter().filter(is_open).all(|key| is_dummy(exposure.environment, key.strength));
    let reach = exposure.filled.unwrap_or(exposure.history.reach);
    let (replace, remove) = ways(reach);
    match exposure.filled {
        _ if exposure.is_dangling() && exposure.nameless => {
            (Severity::Note, "git stores a text that looks like an env file, but no commit contains it", DANGLING)
        }
        _ if exposure.is_dangling() => {
            (Severity::Note, "git still stores this file, but no commit contains it", DANGLING)
        }
        _ if exposure.role == Role::Keys => {
            (Severity::Critical, "git history contains this file, whose keys decrypt dotenvx files", replace)
        }
        Some(reach) if open && dummies => (Severity::Warning, weak(reach), remove),
        Some(Reach::Head | Reach::Ref) if open && exposure.nameless => {
            (Severity::Error, "a ref points to this text, and some of its secrets may still be valid", replace)
        }
        Some(Reach::Head | Reach::Ref) if open && exposure.history.is_numbered => (
            Severity::Error,
            "a git note contains the text of an env file, and some of its secrets may still be valid",
            replace,
        ),
        Some(Reach::Head | Reach::Ref) if open && exposure.history.same_as.is_some() => (
            Severity::Error,
            "git history contains {same_as} under this name too, and some of its secrets may still be valid",
            replace,
        ),
        Some(Reach::Head | Reach::Ref) if open => {
            (Severity::Error, "this file is in git history, and some of its secrets may still be valid", replace)
        }
        Some(Reach::Unreachable) if open => (
            Severity::Warning,
            "git still stores this file (unreachable), and some of its secrets may still be valid",
            replace,
        ),
        Some(_) if open => {
            (Severity::Warning, "a {filled} contains this file, and some of its secrets may still be valid", replace)
        }
        Some(reach) => (Severity::Warning, replaced(reach), remove),
        None if exposure.unread => {
            (Severity::Error, "this file is in git history; envward could not read its content", replace)
        }
        None => (Severity::Note, "this file is in git history, without a filled secret", "nothing to do"),
    }
}

/// What to do while the secrets may be in use, and when they are not.
fn ways(reach: Reach) -> (&'static str, &'static str) {
    match reach {
        Reach::Head | Reach::Ref => (REPLACE, REWRITE),
        Reach::Stash => (REPLACE_STASH, STASH),
        Reach::Reflog => (REPLACE_EXPIRE, EXPIRE),
        Reach::Unreachable => (REPLACE_PRUNE, PRUNE),
    }
}

fn weak(reach: Reach) -> &'static str {
    match reach {
        Reach::Head | Reach::Ref => "this file is in git history, with weak values for {environment}",
        Reach::Stash | Reach::Reflog => "a {filled} contains this file, with weak values for {environment}",
        Reach::Unreachable => "git still stores this file (unreachable), with weak values for {environment}",
    }
}

fn replaced(reach: Reach) -> &'static str {
    match reach {
        Reach::Head | Reach::Ref => "this file is in git history, but its secrets were replaced",
        Reach::Stash | Reach::Reflog => "a {filled} contains this file, but its secrets were replaced",
        Reach::Unreachable => "git still stores this file (unreachable), but its secrets were replaced",
    }
}
