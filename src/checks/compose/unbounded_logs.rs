//! `unbounded-logs`: a container whose logs are lost, or fill the disk.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "unbounded-logs",
    title: "a container whose logs are lost or fill the disk",
    doc: r#"## What it does

Reports a service with the log driver `none` (an error), and one with `json-file` and no `max-size` (a warning). Where nothing says anything, Docker's own default decides, which is not seen here: a note. The driver `local` rotates by itself and passes.

## Why it matters

The deployment checklist: "Container logs configured for centralized logging". Without logs nobody can say what happened; `json-file`, Docker's default, grows until the disk is full, which stops the database, too.

## What to do

`logging: {driver: json-file, options: {max-size: 10m, max-file: "3"}}`, or a driver that ships them away.

## Facts

The key is the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::CentralLogs, 1)],
    bad: &[
        Example {
            about: "no logs at all",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    logging: {driver: none}
"#,
            )],
        },
        Example {
            about: "no end to them",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    logging: {driver: json-file}
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "rotated",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    logging:
      driver: json-file
      options: {max-size: 10m, max-file: "3"}
"#,
            )],
        },
        Example {
            about: "shipped",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    logging: {driver: fluentd}
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let driver = service.text(&["logging", "driver"]);
        let has_size = service.at(&["logging", "options", "max-size"]).is_some();
        let (severity, what) = match driver {
            Some("none") => (Severity::Error, "{key}: its logs are thrown away"),
            Some("json-file") | None if has_size => continue,
            Some("json-file") => (Severity::Warning, "{key}: its logs grow without an end"),
            None => (Severity::Note, "{key}: nothing says where its logs go; by default they grow without an end"),
            Some(_) => continue,
        };
        let place = service.at(&["logging"]).map_or(service.place(), |node| node.place);
        findings.push(
            about(&CHECK, &service, place, what, "write logging with max-size, or a driver that ships them away")
                .severity(by_environment(service.stack.environment, severity)),
        );
    }
}
