//! `rotation-overdue`: a secret that is overdue for replacement.

use super::finding;
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "rotation-overdue",
    title: "a secret that is overdue for replacement",
    doc: r#"## What it does

Reports a secret that is older than its hard age (180 days, 365 for keys that encrypt stored data; `[policy.ages]` and `[policy.key_ages]` change it). Ages come from the ledger that `envward rotation status` keeps; if the ledger does not know the project, nothing is reported. Severity: error, warning if the environment is unknown, note for development and test.

## Why it matters

Anyone who got a secret unnoticed (a former colleague, a backup, a log) can use it until it is replaced.

## What to do

`envward rotation rotate KEY FILE` guides you. If the value is younger than envward can know, record its date: `envward rotation record KEY --at DATE --reason TEXT`.

## Facts

- `age_days`: the age in days
- `age_basis`: how the age is known
- `soft_due`, `hard_due`: the days from which the secret is due and overdue
- `same_as`: the key that has the same value, as a URL and the password in it have; its command replaces both
- `same_as_in`: the file of that key, if it is another file of the same deployment
"#,
    group: Group::Rotation,
    severity: Severity::Error,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "past its hard age",
        steps: &[
            Step::File(".env.production", 0o600, "DB_PASSWORD={password}\n"),
            Step::Envward("rotation record DB_PASSWORD --at 2020-01-01 --reason wiki"),
        ],
    }],
    good: &[Example {
        about: "past its soft age only",
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
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let (Artifact::Project(_), Some(ages)) = (artifact, context.ages) else { return };
    for status in ages.known.iter().filter(|one| one.age >= one.limits.hard) {
        let what = "{key} {is|are} overdue for replacement ({age_days} days old)";
        let severity = by_environment(status.environment, CHECK.severity);
        findings.push(finding(&CHECK, status, ages, what).severity(severity));
    }
}
