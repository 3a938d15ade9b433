//! `env-file-in-history`: an env file that git's history still has.

use super::is_dummy;
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{ExposedKey, Fact, Finding, KeyState, Severity};
use crate::git::{CommitRef, Reach};
use crate::leak::Exposure;

pub(crate) static CHECK: Check = Check {
    id: "env-file-in-history",
    title: "an env file that git's history still has",
    doc: r#"## What it does

Reports an env file that git still stores, whoever reaches it: refs, stashes, reflogs, or nothing any more. Also a file with another name that has the content of an env file, and a content without a name of its own (a note, a tag of a blob, a dangling blob) that consists of assignments with a filled secret. An error where a filled secret is reachable and not known to be replaced; a warning where every secret is replaced, or a weak one of a development or test file, or filled ones stand only in a stash, a reflog or an unreachable commit; a note where nothing filled was in it, or no commit ever held it. dotenvx's `.env.keys` is critical.

## Why it matters

Deleting a file in a later commit removes it from the newest version only: every clone has the old ones.

## What to do

Replace the secrets first: that is what closes the door. Then, if you own all clones, rewrite the history with git-filter-repo. An ignore needs `through = "<commit>"`.

## Facts

- `added`: the first commit that added it
- `last_changed`: the last commit that added or changed it
- `removed`: the last commit that removed it; null while a ref's tip has it
- `refs`: the refs that still reach it
- `reach`: `head`, `ref`, `stash`, `reflog` or `unreachable`
- `filled`: the same for the contents with a filled secret; null where there is none
- `versions`: how many contents it had
- `same_as`: the env file whose content it has, where its own name says nothing; else null
- `environment`: what the file is for, by its name
- `keys`: its secret keys: `state` is `live`, `reused`, `replaced`, `unknown` (no env file of its directory, or of where git saw it move, has the key now for the same environment, or a tracked or deployed file still has the old value, or not all could be read), `placeholder` or `empty`; `strength` is `weak`, `fair` or `strong`
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

const REPLACE: &str = "replace its secrets first; then rewrite the history, if you own all clones";
const REWRITE: &str = "rewrite the history, if you own all clones";
const DANGLING: &str = "git gc --prune=now";

/// What only this clone has: no rewriting. The configured time spares the stashes, which `git reflog expire --all` takes.
const EXPIRE: &str = "git -c gc.reflogExpireUnreachable=now gc --prune=now";
const PRUNE: &str = "git gc --prune=now";
const REPLACE_EXPIRE: &str = "replace its secrets, then: git -c gc.reflogExpireUnreachable=now gc --prune=now";
const REPLACE_PRUNE: &str = "replace its secrets, then: git gc --prune=now";
const STASH: &str = "drop the stash that this finds: git log -g --format='%gd %H %P' refs/stash | grep {added:id}";
const REPLACE_STASH: &str = "replace its secrets, then drop the stash that this finds: git log -g --format='%gd %H %P' refs/stash | grep {added:id}";

fn judge(exposure: &Exposure) -> (Severity, &'static str, &'static str) {
    let is_open = |key: &&ExposedKey| matches!(key.state, KeyState::Live | KeyState::Reused | KeyState::Unknown);
    let open = exposure.keys.iter().any(|key| is_open(&key));
    let dummies = exposure.keys.iter().filter(is_open).all(|key| is_dummy(exposure.environment, key.strength));
    let reach = exposure.filled.unwrap_or(exposure.history.reach);
    let (replace, remove) = ways(reach);
    match exposure.filled {
        _ if exposure.is_dangling() && exposure.nameless => {
            (Severity::Note, "a text like an env file, which no commit ever held", DANGLING)
        }
        _ if exposure.is_dangling() => (Severity::Note, "git still stores it, in no commit", DANGLING),
        _ if exposure.role == Role::Keys => {
            (Severity::Critical, "the keys that decrypt dotenvx files are in git's history", replace)
        }
        Some(reach) if open && dummies => (Severity::Warning, weak(reach), remove),
        Some(Reach::Head | Reach::Ref) if open && exposure.nameless => {
            (Severity::Error, "a ref points at it, with secrets not known to be replaced", replace)
        }
        Some(Reach::Head | Reach::Ref) if open && exposure.history.is_numbered => (
            Severity::Error,
            "a note in git's history is an env file's text, with secrets not known to be replaced",
            replace,
        ),
        Some(Reach::Head | Reach::Ref) if open && exposure.history.same_as.is_some() => (
            Severity::Error,
            "git's history has {same_as} under this name, too, with secrets not known to be replaced",
            replace,
        ),
        Some(Reach::Head | Reach::Ref) if open => {
            (Severity::Error, "git's history has it, with secrets not known to be replaced", replace)
        }
        Some(Reach::Unreachable) if open => (
            Severity::Warning,
            "git still stores it, with secrets not known to be replaced; no ref reaches it",
            replace,
        ),
        Some(_) if open => (Severity::Warning, "a {filled} has it, with secrets not known to be replaced", replace),
        Some(reach) => (Severity::Warning, replaced(reach), remove),
        None if exposure.unread => (Severity::Error, "git's history has it; its content was not read", replace),
        None => (Severity::Note, "git's history has it; no secret was filled in it", "nothing to do"),
    }
}

/// What to do while its secrets may be in use, and once they are not.
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
        Reach::Head | Reach::Ref => "git's history has it, with weak values of a {environment} set-up",
        Reach::Stash | Reach::Reflog => "a {filled} has it, with weak values of a {environment} set-up",
        Reach::Unreachable => "git still stores it, with weak values of a {environment} set-up; no ref reaches it",
    }
}

fn replaced(reach: Reach) -> &'static str {
    match reach {
        Reach::Head | Reach::Ref => "git's history has it; its secrets have been replaced",
        Reach::Stash | Reach::Reflog => "a {filled} has it; its secrets have been replaced",
        Reach::Unreachable => "git still stores it; no ref reaches it, and its secrets have been replaced",
    }
}
