//! `template-with-secret`: a template that holds a real-looking secret.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{Fact, Finding, KeyState, Severity};
use crate::git::{Change, CommitRef, Reach};
use crate::leak::{Exposure, Stood};
use crate::project::FoundSecret;
use crate::secret::strength::Strength;

pub(crate) static CHECK: Check = Check {
    id: "template-with-secret",
    title: "a template that holds a real-looking secret",
    doc: r#"## What it does

Reports a filled secret in a template that looks like a real one, also one behind a `#`: an error where it is strong, a warning where it is fair. Placeholders and weak words are what a template is for; a Sentry DSN with one key and no password is public. Before a commit the index's content counts, and what HEAD's version has already is a warning. In the history every version counts, with the first commit that had the value: a warning where the env file beside it has another value now, or where no ref reaches it; what is still in use is `secret-still-live`.

## Why it matters

Templates are committed and copied: somebody filled in the wrong file.

## What to do

Empty the value in the template. If it was ever pushed, replace the secret. An example value in the history that opens nothing can be ignored up to a commit, with `through = "<commit>"`.

## Facts

- `strength`: `fair` or `strong`
- `commit`: in the history, the first commit that had the value
- `until`: in the history, the commit that took it out; null while HEAD has it
- `reach`: in the history, `head`, `ref`, `stash`, `reflog` or `unreachable`
"#,
    group: Group::Git,
    severity: Severity::Error,
    kinds: &[Kind::Template, Kind::Staged, Kind::History],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "filled in the wrong file",
            steps: &[Step::File(".env.example", 0o644, "JWT_SECRET={hex64}\n")],
        },
        Example {
            about: "committed, and emptied later",
            steps: &[
                Step::Git("init"),
                Step::File(".env.example", 0o644, "JWT_SECRET={hex64}\n"),
                Step::Git("add ."),
                Step::Git("commit -m template"),
                Step::File(".env.example", 0o644, "JWT_SECRET=\n"),
                Step::Git("commit -a -m emptied"),
            ],
        },
    ],
    good: &[
        Example { about: "empty", steps: &[Step::File(".env.example", 0o644, "JWT_SECRET=\n")] },
        Example { about: "a placeholder", steps: &[Step::File(".env.example", 0o644, "JWT_SECRET=changeme\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let (origin, secrets, before): (_, _, &[FoundSecret]) = match artifact {
        Artifact::File(file) => (file.origin(), file.secrets.iter().chain(&file.commented), &[]),
        Artifact::Staged(file) if context.staged_only && file.role == Role::Template => {
            if file.entry.change == Change::Unchanged {
                return;
            }
            (file.origin(), file.secrets.iter().chain(&[]), &file.head)
        }
        Artifact::History(exposure) => {
            return findings.extend(exposure.stood.iter().filter_map(|one| past(exposure, one)));
        }
        _ => return,
    };
    for secret in secrets {
        let Some((severity, strength)) = secret.strength().and_then(judge) else { continue };
        let was_there = before.iter().any(|old| old.name == secret.name && old.value.ct_eq(&secret.value));
        let severity =
            if was_there && !context.config.hook.strict { severity.min(Severity::Warning) } else { severity };
        findings.push(
            Finding::new(
                &CHECK,
                origin.clone(),
                "{key}: looks like a real secret, in a template",
                "empty it there; replace it if it was ever pushed",
            )
            .severity(severity)
            .line(secret.line)
            .key(secret.key.as_ref())
            .fact("strength", Fact::Word(strength)),
        );
    }
}

/// How grave a value of this strength is, and the word for it; `None` for what templates are full of.
fn judge(strength: Strength) -> Option<(Severity, &'static str)> {
    match strength {
        Strength::Strong => Some((Severity::Error, "strong")),
        Strength::Fair => Some((Severity::Warning, "fair")),
        Strength::Weak => None,
    }
}

/// A value of a template's past. One that is in use is told as that.
fn past(exposure: &Exposure, stood: &Stood) -> Option<Finding> {
    let (severity, strength) = judge(stood.strength).filter(|_| stood.state != KeyState::Live)?;
    let severity = match stood.reach {
        _ if exposure.is_dangling() => Severity::Note,
        Reach::Head | Reach::Ref if stood.state != KeyState::Replaced => severity,
        _ => severity.min(Severity::Warning),
    };
    let what = match (&stood.since, &stood.until) {
        (Some(_), Some(_)) => "{key}: looks like a real secret, from {commit} to {until}",
        (Some(_), None) => "{key}: looks like a real secret, in a template since {commit}",
        (None, _) => "{key}: looks like a real secret, in a template that a tree in git has",
    };
    let help = match stood.reach {
        _ if exposure.is_dangling() => "git gc --prune=now",
        _ => "replace it: every clone has it; a mere example can be ignored with a reason",
    };
    let commit = |commit: &Option<CommitRef>| commit.clone().map_or(Fact::None, Fact::Commit);
    let finding = Finding::new(&CHECK, exposure.origin(), what, help)
        .severity(severity)
        .key(stood.key.as_ref())
        .fact("strength", Fact::Word(strength))
        .fact("commit", commit(&stood.since))
        .fact("until", commit(&stood.until))
        .fact("reach", Fact::Word(stood.reach.word()));
    Some(finding.line(stood.line))
}
