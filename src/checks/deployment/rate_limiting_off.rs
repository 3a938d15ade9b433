//! `rate-limiting-off`: as many tries as anybody likes.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "rate-limiting-off",
    title: "rate limiting that is switched off",
    doc: r#"## What it does

Reports a setting of rate limiting (`RATE_LIMIT_MAX`, `THROTTLE_LIMIT`, `RATE_LIMITING_ENABLED`, `DISABLE_RATE_LIMIT`) that is off, false or 0. A note in development and test. Whether the application has one where nothing is set cannot be seen here; a proxy in front may have it.

## Why it matters

The deployment checklist: "Rate limiting configured for production traffic". Passwords are guessed at a thousand tries a second, and every answer costs you.

## What to do

Switch it on, with a number that no person reaches.

## Facts

The key is the setting.
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
            Finding::new(&CHECK, settings.origin.clone(), "{key}: rate limiting is off", "switch it on")
                .severity(by_environment(settings.environment, Severity::Warning))
                .line(setting.line)
                .key(setting.key.as_ref()),
        );
    }
}
