//! `attestation-stale`: an attestation that is too old.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::config::holds;
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "attestation-stale",
    title: "an attestation that is too old",
    doc: r#"## What it does

Reports an attestation whose date is more than 180 days ago, after its own `until`, or in the future.

## Why it matters

The deployment checklist: "Backup and disaster recovery tested". A backup that was restored two years ago says nothing about the backups of today.

## What to do

Do it again, and update the date.

## Facts

- `attestation`: the name of the attestation
- `on`: its date
"#,
    group: Group::Deployment,
    severity: Severity::Warning,
    kinds: &[Kind::Deployment],
    tier: Tier::Deployment,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "last year's",
        steps: &[Step::File(
            "envward.toml",
            0o644,
            r#"
[preflight.attestations]
backups-tested = { on = 2025-06-01, by = "Ada" }
"#,
        )],
    }],
    good: &[
        Example {
            about: "last month's",
            steps: &[
                Step::File("compose.yaml", 0o644, "services: {}\n"),
                Step::File(
                    "envward.toml",
                    0o644,
                    r#"
[preflight.attestations]
backups-tested = { on = 2026-06-01, by = "Ada" }
"#,
                ),
            ],
        },
        Example {
            about: "an attestation with a later until",
            steps: &[
                Step::File("compose.yaml", 0o644, "services: {}\n"),
                Step::File(
                    "envward.toml",
                    0o644,
                    r#"
[preflight.attestations]
security-audit = { on = 2025-08-01, by = "Ada", until = 2026-07-31 }
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Deployment(_) = artifact else { return };
    for (id, one) in &context.config.preflight.attestations {
        if holds(one.on, one.until, context.today) {
            continue;
        }
        let origin = Origin::Worktree(context.config.source.clone().unwrap_or_default());
        findings.push(
            Finding::new(
                &CHECK,
                origin,
                "the attestation {attestation} of {on} is no longer valid",
                "repeat what the attestation confirms, and update its date",
            )
            .fact("attestation", Fact::Word(id))
            .fact("on", Fact::Day(one.on)),
        );
    }
}
