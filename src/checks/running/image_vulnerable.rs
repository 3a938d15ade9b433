//! `image-vulnerable`: an image in which a scanner found vulnerabilities.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::scan_report::Scan;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::rotation::days;

pub(crate) static CHECK: Check = Check {
    id: "image-vulnerable",
    title: "an image in which a scanner found vulnerabilities",
    doc: r#"## What it does

Judges the reports that `preflight --scan-report` is given: a critical vulnerability that a newer version fixes is an error, a high one a warning; where there is no such version yet it is a note. A report that is older than 30 days is a warning: new vulnerabilities are found every week.

The deployment guide: "Security Scanning".

## Why it matters

What is known is tried by everyone, on every address, within days.

## What to do

Name the newest version of the image, or build it anew (`docker compose build --pull --no-cache`), and scan again.

## Facts

- `critical`, `high`: how many there are
- `fixed`: how many of them a newer version fixes
- `days`: how old the report is, where it says so
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Scan],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "a critical one that a newer version fixes",
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
            about: "a report of last year",
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
        about: "nothing grave",
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
        let help = "name the newest version of the image, or build it anew, and scan again";
        add("vulnerabilities: {critical} critical, {high} high; newer versions fix {fixed} of them", help, severity);
    }
    if age.is_some_and(|age| age > STALE_DAYS) {
        add("scanned {days} days ago", "scan it again: trivy image --format json", Severity::Warning);
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
