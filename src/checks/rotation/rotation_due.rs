//! `rotation-due`: a secret that is due for replacement.

use super::finding;
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};
use crate::rotation::Reason;

pub(crate) static CHECK: Check = Check {
    id: "rotation-due",
    title: "a secret that is due for replacement",
    doc: r#"## What it does

Reports a secret that is older than its soft age (90 days, 180 for keys that encrypt stored data; `[policy.ages]` and `[policy.key_ages]` change it), and a secret whose replaced value is in use again. Ages come from the ledger that `envward rotation status` keeps; if the ledger does not know the project, nothing is reported. Severity: warning, note for development and test. An exposed secret is reported by `secret-still-live` and `env-file-tracked`.

## Why it matters

Anyone who got a secret unnoticed (a former colleague, a backup, a log) can use it until it is replaced.

## What to do

`envward rotation rotate KEY FILE` guides you.

## Facts

- `age_days`: the age in days
- `age_basis`: how the age is known
- `soft_due`, `hard_due`: the days from which the secret is due and overdue
- `same_as`: the key that has the same value, as a URL and the password in it have; its command replaces both
- `same_as_in`: the file of that key, if it is another file of the same deployment
"#,
    group: Group::Rotation,
    severity: Severity::Warning,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "past its soft age",
        steps: &[
            Step::File(".env.production", 0o600, "DB_PASSWORD={password}\n"),
            Step::File(
                "envward.toml",
                0o644,
                r#"
[policy.ages]
database-password = { soft = 1000, hard = 3650 }
"#,
            ),
            Step::Envward("rotation record DB_PASSWORD --at 2020-01-01 --reason wiki"),
        ],
    }],
    good: &[
        Example {
            about: "younger than its soft age",
            steps: &[
                Step::File(".env.production", 0o600, "DB_PASSWORD={password}\n"),
                Step::File(
                    "envward.toml",
                    0o644,
                    r#"
[policy.key_ages]
DB_PASSWORD = { soft = 3000, hard = 3650 }
"#,
                ),
                Step::Envward("rotation record DB_PASSWORD --at 2020-01-01 --reason wiki"),
            ],
        },
        Example {
            about: "a project that the ledger does not know",
            steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD={password}\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let (Artifact::Project(_), Some(ages)) = (artifact, context.ages) else { return };
    for status in ages.known.iter().filter(|one| one.age < one.limits.hard) {
        let what = match status.reasons.contains(&Reason::ChangedBack) {
            true => "{key} {uses|use} a value again that was replaced",
            false if status.age >= status.limits.soft => "{key} {is|are} due for replacement ({age_days} days old)",
            false => continue,
        };
        let severity = by_environment(status.environment, CHECK.severity);
        findings.push(finding(&CHECK, status, ages, what).severity(severity));
    }
}
