//! `image-vulnerable`: an image with known vulnerabilities.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::scan_report::Scan;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::rotation::days;

pub(crate) static CHECK: Check = Check {
    id: "image-vulnerable",
    title: "an image with known vulnerabilities",
    doc: r#"## What it does

Evaluates the reports given with `preflight --scan-report`. Severity: error if a newer version fixes a critical vulnerability, warning if it fixes a high one, note if no newer version fixes them yet. A report older than 30 days is a warning, because new vulnerabilities are found every week.

The deployment guide: "Security Scanning".

## Why it matters

Within days, attackers try every known vulnerability on every address.

## What to do

Write the newest version of the image into the compose file, or rebuild it (`docker compose build --pull --no-cache`), and scan again.

## Facts

- `critical`, `high`: the number of vulnerabilities
- `fixed`: how many of them a newer version fixes
- `days`: the age of the report, if it has a date
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Scan],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "a critical vulnerability that a newer version fixes",
            steps: &[
                COMPOSE,
                Step::File(
                    "scan.json",
                    0o644,
                    r#"{"SchemaVersion":2,"ArtifactName":"app:1.0.0","Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-2024-1","Severity":"CRITICAL","FixedVersion":"1.2.4"}]}]}"#,
                ),
            ],
        },
        Example {
            about: "a report from last year",
            steps: &[
                COMPOSE,
                Step::File(
                    "scan.json",
                    0o644,
                    r#"{"SchemaVersion":2,"ArtifactName":"app:1.0.0","CreatedAt":"2025-05-01T08:00:00Z","Results":[]}"#,
                ),
            ],
        },
    ],
    good: &[Example {
        about: "no critical or high vulnerability",
        steps: &[
            COMPOSE,
            Step::File(
                "scan.json",
                0o644,
                r#"{"SchemaVersion":2,"ArtifactName":"app:1.0.0","Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-2024-1","Severity":"MEDIUM","FixedVersion":"1.2.4"}]}]}"#,
            ),
        ],
    }],
};

const COMPOSE: Step = Step::File(
    "compose.yaml",
    0o644,
    r#"
services:
  app:
    image: app:1.0.0
"#,
);

/// The deployment guide asks for monthly updates.
pub(crate) const STALE_DAYS: u32 = 30;

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Scan(scan, name) = artifact else { return };
    let age = scan.on.map(|on| days(on, context.today));
    let mut add = |what, help, severity| {
        findings.push(
            Finding::new(&CHECK, Origin::Runtime((*name).clone()), what, help)
                .severity(severity)
                .fact("critical", Fact::Number(scan.critical.all))
                .fact("high", Fact::Number(scan.high.all))
                .fact("fixed", Fact::Number(scan.critical.fixed + scan.high.fixed))
                .fact("days", age.map_or(Fact::None, |age| Fact::Number(u64::from(age)))),
        );
    };
    if let Some(severity) = gravity(scan) {
        let help = "update the image to its newest version or rebuild it, then scan again";
        add(
            "this image has {critical} critical and {high} high vulnerabilities; newer versions fix {fixed} of them",
            help,
            severity,
        );
    }
    if age.is_some_and(|age| age > STALE_DAYS) {
        add(
            "this image was last scanned {days} days ago",
            "scan the image again: trivy image --format json",
            Severity::Warning,
        );
    }
}

fn gravity(scan: &Scan) -> Option<Severity> {
    match () {
        () if scan.critical.fixed > 0 => Some(Severity::Error),
        () if scan.high.fixed > 0 => Some(Severity::Warning),
        () if scan.critical.all + scan.high.all > 0 => Some(Severity::Note),
        () => None,
    }
}
