//! `rate-limiting-off`: rate limiting that is disabled.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "rate-limiting-off",
    title: "rate limiting that is disabled",
    doc: r#"## What it does

Reports a setting of rate limiting (`RATE_LIMIT_MAX`, `THROTTLE_LIMIT`, `RATE_LIMITING_ENABLED`, `DISABLE_RATE_LIMIT`) that is off, false or 0. Severity: warning, note for development and test. If nothing is set, envward cannot see whether the application limits requests; a proxy in front of it may do so.

## Why it matters

The deployment checklist: "Rate limiting configured for production traffic". Without a limit, an attacker tries a thousand passwords a second, and you pay for every answer.

## What to do

Enable rate limiting, with a limit that no person reaches.

## Facts

The key that disables rate limiting.
"#,
    group: Group::Deployment,
    severity: Severity::Warning,
    kinds: &[Kind::Settings],
    tier: Tier::Deployment,
    fix: None,
    checklist: &[(Item::RateLimiting, 1)],
    bad: &[
        Example { about: "off", steps: &[Step::File(".env", 0o600, "RATE_LIMIT_ENABLED=false\n")] },
        Example { about: "no limit", steps: &[Step::File(".env", 0o600, "RATE_LIMIT_MAX_REQUESTS=0\n")] },
    ],
    good: &[Example {
        about: "on",
        steps: &[Step::File(
            ".env",
            0o600,
            r#"
RATE_LIMIT_MAX_REQUESTS=100
RATE_LIMIT_WINDOW_MS=900000
AUTH_RATE=60/minute
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Settings(settings) = artifact else { return };
    for setting in &settings.pairs {
        if setting.limits_rates() != Some(false) {
            continue;
        }
        findings.push(
            Finding::new(
                &CHECK,
                settings.origin.clone(),
                "{key} {disables|disable} rate limiting",
                "enable rate limiting, with a limit that no person reaches",
            )
            .severity(by_environment(settings.environment, Severity::Warning))
            .line(setting.line)
            .key(setting.key.as_ref()),
        );
    }
}
