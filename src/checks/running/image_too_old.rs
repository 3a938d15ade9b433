//! `image-too-old`: an image that is too old.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "image-too-old",
    title: "an image that is too old",
    doc: r#"## What it does

Reports an image on the host that was built more than 90 days ago; from 30 days on it is a note. The date is that of the image itself; its base image is as old or older.

The deployment checklist: "Updates and Maintenance".

## Why it matters

Every week new vulnerabilities are found in the software inside images. Only a new image fixes them.

## What to do

`docker compose pull`, or `docker compose build --pull --no-cache`, with the newest version in the compose file; then scan it with `docker scout cves` or `trivy image`.

## Facts

- `days`: the age in days
"#,
    group: Group::Running,
    severity: Severity::Warning,
    kinds: &[Kind::Image],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "two years old",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Id":"sha256:00","RepoTags":["redis:7.2.3"],"Created":"2024-01-02T03:04:05Z"}]"#,
        )],
    }],
    good: &[Example {
        about: "two weeks old",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Id":"sha256:00","RepoTags":["redis:7.2.3"],"Created":"2026-06-16T03:04:05Z"}]"#,
        )],
    }],
};

/// The deployment guide asks for monthly updates.
const DUE: u32 = 30;
/// Its window for secrets, used for images too.
const OVERDUE: u32 = 90;

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Image(image, days) = artifact else { return };
    let severity = match *days {
        days if days > OVERDUE => Severity::Warning,
        days if days > DUE => Severity::Note,
        _ => return,
    };
    findings.push(
        Finding::new(
            &CHECK,
            Origin::Runtime(image.name.clone()),
            "this image was built {days} days ago",
            "write the newest version into the compose file, then: docker compose pull",
        )
        .severity(severity)
        .fact("days", Fact::Number(u64::from(*days))),
    );
}
