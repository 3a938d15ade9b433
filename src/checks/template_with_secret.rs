//! `template-with-secret`: a template that holds a real-looking secret.

use super::{Artifact, Check, Context, Example, Kind, Step};
use crate::env::names::Role;
use crate::finding::{Fact, Finding, Severity};
use crate::git::Change;
use crate::source::FoundSecret;
use crate::strength::Strength;
pub(crate) static CHECK: Check = Check {
    id: "template-with-secret",
    title: "a template that holds a real-looking secret",
    doc: r#"## What it does

Reports a filled secret in a template that looks like a real one, also one behind a `#`: an error where it is strong, a warning where it is fair. Placeholders and weak words are what a template is for; a Sentry DSN with one key and no password is public. Before a commit the index's content counts, and what HEAD's version has already is a warning.

## Why it matters

Templates are committed and copied: somebody filled in the wrong file.

## What to do

Empty the value in the template. If it was ever pushed, replace the secret.

## Facts

- `strength`: `fair` or `strong`
"#,
    severity: Severity::Error,
    kinds: &[Kind::Template, Kind::Staged],
    bad: &[
        Example { about: "filled in the wrong file", steps: &[Step::File(".env.example", 0o644, "JWT_SECRET={hex64}\n")] },
    ],
    good: &[
        Example { about: "empty", steps: &[Step::File(".env.example", 0o644, "JWT_SECRET=\n")] },
        Example { about: "a placeholder", steps: &[Step::File(".env.example", 0o644, "JWT_SECRET=changeme\n")] },
    ],
    run,
};

fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let (origin, secrets, before): (_, _, &[FoundSecret]) = match artifact {
        Artifact::File(file) => (file.origin(), file.secrets.iter().chain(&file.commented), &[]),
        Artifact::Staged(file) if context.staged_only && file.role == Role::Template => {
            if file.entry.change == Change::Unchanged {
                return;
            }
            (file.origin(), file.secrets.iter().chain(&[]), &file.head)
        }
        _ => return,
    };
    for secret in secrets {
        let (severity, strength) = match secret.strength() {
            Some(Strength::Strong) => (Severity::Error, "strong"),
            Some(Strength::Fair) => (Severity::Warning, "fair"),
            _ => continue,
        };
        let was_there = before.iter().any(|old| old.name == secret.name && old.value.ct_eq(&secret.value));
        let severity = if was_there && !context.config.hook.strict { severity.min(Severity::Warning) } else { severity };
        findings.push(
            Finding::new(&CHECK, origin.clone(), "{key}: looks like a real secret, in a template", "empty it there; replace it if it was ever pushed")
                .severity(severity)
                .line(secret.line)
                .key(secret.key.as_ref())
                .fact("strength", Fact::Word(strength)),
        );
    }
}
