//! `secret-still-live`: a secret that was committed and is still in use.

use super::is_dummy;
use super::replacement::Replacement;
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

Reports a key of the current env files whose value is in a commit, whatever its strength. Values are compared key by key, as Docker Compose reads them. Severity: critical if a ref reaches the commit; error if only a stash or a reflog reaches the commit, or the commit is unreachable; note if no commit ever contained the value; warning if only development and test files use the value and it is weak or comes from a template.

## Why it matters

Everyone with a clone has a password that opens the system today.

## What to do

Replace the secret now: `envward rotation rotate KEY FILE` guides you. The finding disappears when the value is no longer in use.

## Facts

- `commit`: the first commit that contained the value
- `in_use`: the env file that contains the value now
- `reach`: `head`, `ref`, `stash`, `reflog` or `unreachable`
- `same_as`: the key that has the same value, as a URL and the password in it have; its command replaces both
- `same_as_in`: the file of that key, if it is another file of the same deployment
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
        about: "replaced after the commit",
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
    // An object that only `git add` created never left this machine.
    if exposure.is_dangling() {
        return;
    }
    for hit in &exposure.live {
        let elsewhere = hit.in_use != exposure.history.path;
        let (what, commit) = match &hit.commit {
            Some(commit) if elsewhere => (
                "{in_use} still uses {the value|the values} of {key} committed in {commit}",
                Fact::Commit(commit.clone()),
            ),
            Some(commit) => {
                ("{key} still {has the value|have the values} committed in {commit}", Fact::Commit(commit.clone()))
            }
            None if hit.is_lost() => (
                "git stores {the value|the values} of {key} from {in_use}, but no commit contains {it|them}",
                Fact::None,
            ),
            None => ("{in_use} still uses {the value|the values} of {key} in a git tree", Fact::None),
        };
        let replacement = Replacement::of(hit.key.as_ref(), &hit.in_use, context);
        let help = if hit.is_lost() { "{git} gc --prune=now" } else { replacement.help };
        let finding = Finding::new(&CHECK, exposure.origin(), what, help)
            .severity(severity(hit, exposure.role))
            .key(hit.key.as_ref())
            .fact("commit", commit)
            .fact("in_use", Fact::Path(hit.in_use.clone()))
            .fact("reach", Fact::Word(hit.reach.word()));
        findings.push(replacement.facts(finding));
    }
}

fn severity(hit: &LiveHit, role: Role) -> Severity {
    match hit.reach {
        // A version that no commit had, beside others that some did.
        _ if hit.is_lost() => Severity::Note,
        _ if is_dummy(hit.environment, hit.strength) => Severity::Warning,
        // A development set-up that runs on what the template publishes.
        _ if role == Role::Template && is_dummy(hit.environment, Strength::Weak) => Severity::Warning,
        Reach::Head | Reach::Ref => Severity::Critical,
        Reach::Stash | Reach::Reflog | Reach::Unreachable => Severity::Error,
    }
}
