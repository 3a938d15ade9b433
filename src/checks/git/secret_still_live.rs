//! `secret-still-live`: a secret that was committed and is still in use.

use super::is_dummy;
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{Fact, Finding, Severity};
use crate::git::Reach;
use crate::leak::LiveHit;
use crate::secret::strength::Strength;

pub(crate) static CHECK: Check = Check {
    id: "secret-still-live",
    title: "a secret that was committed and is still in use",
    doc: r#"## What it does

Reports a key of today's env files whose value stands in a commit, whatever its strength: compared key by key, with the value that Docker Compose reads. Critical where a ref reaches the commit, an error where only a stash or a reflog does or nothing any more, and a warning where development and test files alone use it and it is weak or a template's.

## Why it matters

Everyone who has a clone has the password that opens the system today.

## What to do

Replace it now: `envward rotation rotate KEY FILE` guides through it. The finding goes away by itself.

## Facts

- `commit`: the first commit that held the value
- `in_use`: the env file that has the value now
- `reach`: `head`, `ref`, `stash`, `reflog` or `unreachable`
"#,
    group: Group::Git,
    severity: Severity::Critical,
    kinds: &[Kind::History],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "deleted from git, still in use",
        steps: &[
            Step::Git("init"),
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::Git("add -f .env"),
            Step::Git("commit -m add"),
            Step::Git("rm --cached .env"),
            Step::File(".gitignore", 0o644, ".env\n"),
            Step::Git("add .gitignore"),
            Step::Git("commit -m remove"),
        ],
    }],
    good: &[Example {
        about: "replaced since",
        steps: &[
            Step::Git("init"),
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::Git("add -f .env"),
            Step::Git("commit -m add"),
            Step::Git("rm --cached .env"),
            Step::File(".gitignore", 0o644, ".env\n"),
            Step::Git("add .gitignore"),
            Step::Git("commit -m remove"),
            Step::File(".env", 0o600, "DB_PASSWORD={password2}\n"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::History(exposure) = artifact else { return };
    // What `git add` alone left behind never left this machine.
    if exposure.is_dangling() {
        return;
    }
    for hit in &exposure.live {
        let elsewhere = hit.in_use != exposure.history.path;
        let (what, commit) = match &hit.commit {
            Some(commit) if elsewhere => {
                ("{key}: {in_use} still has the value committed in {commit}", Fact::Commit(commit.clone()))
            }
            Some(commit) => ("{key}: still the value committed in {commit}", Fact::Commit(commit.clone())),
            None => ("{key}: {in_use} still has the value of a tree in git", Fact::None),
        };
        findings.push(
            Finding::new(&CHECK, exposure.origin(), what, help(hit, context))
                .severity(severity(hit, exposure.role))
                .key(hit.key.as_ref())
                .fact("commit", commit)
                .fact("in_use", Fact::Path(hit.in_use.clone()))
                .fact("reach", Fact::Word(hit.reach.word())),
        );
    }
}

/// The command that replaces it, where one does: not for a file that is one secret as a whole, nor for one of elsewhere.
fn help(hit: &LiveHit, context: &Context<'_>) -> &'static str {
    let file = context.project.files.iter().find(|file| file.path == hit.in_use);
    let found = file.and_then(|file| {
        let secret = file.secrets.iter().rfind(|secret| secret.key.is_some() && secret.key == hit.key)?;
        (!secret.is_file()).then_some((file, secret))
    });
    match found {
        None => "replace it now, where it is used and in {in_use}",
        Some((file, secret)) if file.is_previous(secret) => {
            "end its rotation now: envward rotation promote {base} {in_use:sh} --confirm"
        }
        Some((file, secret)) if file.is_by_hand(secret) => {
            "replace it now: envward rotation rotate {key} {in_use:sh} --stdin"
        }
        Some(_) => "replace it now: envward rotation rotate {key} {in_use:sh}",
    }
}

fn severity(hit: &LiveHit, role: Role) -> Severity {
    match hit.reach {
        // A version that no commit had, beside others that some did.
        Reach::Unreachable if hit.commit.is_none() => Severity::Note,
        _ if is_dummy(hit.environment, hit.strength) => Severity::Warning,
        // A development set-up that runs on what the template publishes.
        _ if role == Role::Template && is_dummy(hit.environment, Strength::Weak) => Severity::Warning,
        Reach::Head | Reach::Ref => Severity::Critical,
        Reach::Stash | Reach::Reflog | Reach::Unreachable => Severity::Error,
    }
}
