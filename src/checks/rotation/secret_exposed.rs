//! `secret-exposed`: a secret in use that somebody could read in an incident.

use super::finding;
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::rotation::Reason;

pub(crate) static CHECK: Check = Check {
    id: "secret-exposed",
    title: "a secret in use that an incident exposed",
    doc: r#"## What it does

Reports a secret that `envward incident` recorded as exposed and whose value is still in use. The record is in the ledger; if the ledger does not know the project, nothing is reported. A secret that is exposed in git is reported by `secret-still-live` and `env-file-tracked`.

## Why it matters

The attacker can use the secret until it is replaced. Snoozing a reminder does not change that.

## What to do

`envward rotation rotate KEY FILE` guides you. `envward incident SERVICE --dry-run` shows the order for all secrets of a service.

## Facts

- `exposed_on`: the day of the incident
- `age_days`: the age in days
- `age_basis`: how the age is known
- `soft_due`, `hard_due`: the days from which the secret is due and overdue by its age alone
- `same_as`: the key that has the same value, as a URL and the password in it have; its command replaces both
- `same_as_in`: the file of that key, if it is another file of the same deployment
"#,
    group: Group::Rotation,
    severity: Severity::Critical,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "an incident that was recorded",
        steps: &[
            Step::File(".env", 0o600, "JWT_SECRET={hex64}\n"),
            Step::File("compose.yaml", 0o644, "services:\n  app: {image: 'app:1.0', env_file: .env}\n"),
            Step::Envward("incident app --yes"),
        ],
    }],
    good: &[Example {
        about: "no incident",
        steps: &[
            Step::File(".env", 0o600, "JWT_SECRET={hex64}\n"),
            Step::File("compose.yaml", 0o644, "services:\n  app: {image: 'app:1.0', env_file: .env}\n"),
            Step::Envward("incident app --dry-run"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let (Artifact::Project(_), Some(ages)) = (artifact, context.ages) else { return };
    for status in &ages.known {
        let incident = status.reasons.iter().find_map(|reason| match reason {
            Reason::Incident(day) => Some(*day),
            _ => None,
        });
        let Some(day) = incident else { continue };
        let what = "{key} {was|were} exposed in an incident on {exposed_on} and {is|are} still in use";
        findings.push(finding(&CHECK, status, ages, what).fact("exposed_on", Fact::Day(day)));
    }
}
