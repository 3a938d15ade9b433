//! `attestation-stale`: somebody vouched for it, too long ago.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::config::holds;
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "attestation-stale",
    title: "what somebody vouched for too long ago",
    doc: r#"## What it does

Reports an attestation whose day is more than 180 days ago, or after its own `until`, or in the future.

## Why it matters

The deployment checklist: "Backup and disaster recovery tested". A backup that was restored two years ago says nothing about today's.

## What to do

Do it again, and change the date.

## Facts

- `attestation`: its name
- `on`: the day that it says
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
            about: "one that holds longer",
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
                "{attestation}: vouched for on {on}, which no longer holds",
                "do it again, and change the date",
            )
            .fact("attestation", Fact::Word(id))
            .fact("on", Fact::Day(one.on)),
        );
    }
}
