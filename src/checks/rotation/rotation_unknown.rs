//! `rotation-unknown`: a secret whose age is not known.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::env::Key;
use crate::finding::{Finding, Origin, Severity};
use crate::path::RelPath;
use crate::rotation::Reason;

pub(crate) static CHECK: Check = Check {
    id: "rotation-unknown",
    title: "a secret whose age is not known",
    doc: r#"## What it does

Reports a secret of a project in the ledger, if the ledger does not contain the secret yet, or cannot tell whether the secret changed since the last check because the key of the fingerprints was lost.

## Why it matters

A secret without an age is never due.

## What to do

`envward rotation status` records new secrets. If the key was lost, restore `fingerprint.key` from a backup, or record what you know: `envward rotation record KEY --at DATE --reason TEXT`.

## Facts

Only the path, the line and the key.
"#,
    group: Group::Rotation,
    severity: Severity::Note,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "added since the last check",
        steps: &[
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::Envward("rotation status"),
            Step::File(
                ".env",
                0o600,
                r#"
DB_PASSWORD={password}
JWT_SECRET={hex64}
"#,
            ),
        ],
    }],
    good: &[Example {
        about: "recorded in the ledger",
        steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n"), Step::Envward("rotation status")],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let (Artifact::Project(project), Some(ages)) = (artifact, context.ages) else { return };
    let line = |path: &RelPath, key: &Key| {
        let file = project.files.iter().find(|file| file.path == *path)?;
        file.secrets.iter().rfind(|secret| secret.key.as_ref() == Some(key)).map(|secret| secret.line)
    };
    let lost = ages.known.iter().filter(|one| one.reasons.contains(&Reason::Unsure));
    let lost = lost.map(|one| (&one.file, &one.key, "{key} may have changed since the last check"));
    let new = ages.unknown.iter().map(|(file, key)| (file, key, "the {age|ages} of {key} {is|are} not known yet"));
    for (file, key, what) in lost.chain(new) {
        let origin = Origin::Worktree(file.clone());
        let finding = Finding::new(&CHECK, origin, what, "envward rotation status").key(Some(key));
        findings.push(Finding { line: line(file, key), ..finding });
    }
}
