//! `template-with-secret`: a template with a secret that looks real.

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
    title: "a template with a secret that looks real",
    doc: r#"## What it does

Reports a filled secret in a template that looks real, also in a line that is commented out. Severity: error if the secret is strong, warning if it is fair. Placeholders and weak words belong in a template and pass. So does a Sentry DSN with one key and no password, which is public. Before a commit the staged content counts, and a secret that HEAD already contains is a warning.

In git history every version counts, with the first commit that contained the value. Severity there: warning if the env file beside the template has another value now, or if no ref reaches the commit; note if no commit ever contained the value. A value that is still in use is reported as `secret-still-live`.

## Why it matters

Templates are committed and copied. Usually somebody filled in the wrong file.

## What to do

Empty the value in the template. If the template was ever pushed, replace the secret. If the value in history is only an example, ignore the finding up to a commit, with `through = "<commit>"`.

## Facts

- `strength`: `fair` or `strong`
- `commit`: in history, the first commit that contained the value
- `until`: in history, the commit that removed the value; null while HEAD contains it
- `reach`: in history, `head`, `ref`, `stash`, `reflog` or `unreachable`
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
        let Some(strength) = secret.strength() else { continue };
        let was_there = before.iter().any(|old| old.name == secret.name && old.value.ct_eq(&secret.value));
        let Some(severity) = severity(strength, was_there, context) else { continue };
        findings.push(
            Finding::new(
                &CHECK,
                origin.clone(),
                "{key} in this template {looks like a real secret|look like real secrets}",
                "empty the value in the template; if the template was ever pushed, replace the secret",
            )
            .severity(severity)
            .line(secret.line)
            .key(secret.key.as_ref())
            .fact("strength", Fact::Word(strength.word())),
        );
    }
}

/// The severity of a value of this strength; a warning at most where the version before `had` it. `None` for weak values,
/// which belong in a template.
pub(in crate::checks) fn severity(strength: Strength, had: bool, context: &Context<'_>) -> Option<Severity> {
    let severity = judge(strength)?;
    Some(if had && !context.config.hook.strict { severity.min(Severity::Warning) } else { severity })
}

fn judge(strength: Strength) -> Option<Severity> {
    match strength {
        Strength::Strong => Some(Severity::Error),
        Strength::Fair => Some(Severity::Warning),
        Strength::Weak => None,
    }
}

/// A value in the history of a template. A value in use is reported by another check.
fn past(exposure: &Exposure, stood: &Stood) -> Option<Finding> {
    let severity = judge(stood.strength).filter(|_| stood.state != KeyState::Live)?;
    let is_lost = exposure.is_dangling() || stood.is_lost();
    let severity = match stood.reach {
        _ if is_lost => Severity::Note,
        Reach::Head | Reach::Ref if stood.state != KeyState::Replaced => severity,
        _ => severity.min(Severity::Warning),
    };
    let what = match (&stood.since, &stood.until) {
        _ if stood.is_lost() => {
            "git stores a version of this template in which {key} {looks like a real secret|look like real secrets}, but no commit contains this version"
        }
        (Some(_), Some(_)) => {
            "{key} in this template {looks like a real secret|look like real secrets}, from {commit} to {until}"
        }
        (Some(_), None) => "{key} in this template {looks like a real secret|look like real secrets}, since {commit}",
        (None, _) => "{key} in this template of a git tree {looks like a real secret|look like real secrets}",
    };
    let help = match stood.reach {
        _ if is_lost => "{git} gc --prune=now",
        _ => {
            "replace the secret, because every clone contains it; if it is only an example, ignore the finding with a reason"
        }
    };
    let commit = |commit: &Option<CommitRef>| commit.clone().map_or(Fact::None, Fact::Commit);
    let finding = Finding::new(&CHECK, exposure.origin(), what, help)
        .severity(severity)
        .key(stood.key.as_ref())
        .fact("strength", Fact::Word(stood.strength.word()))
        .fact("commit", commit(&stood.since))
        .fact("until", commit(&stood.until))
        .fact("reach", Fact::Word(stood.reach.word()));
    Some(finding.line(stood.line))
}
