//! `unbounded-logs`: a container whose logs are lost or fill the disk.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "unbounded-logs",
    title: "a container whose logs are lost or fill the disk",
    doc: r#"## What it does

Reports a service with the log driver `none` (an error), and one with `json-file` and no `max-size` (a warning). If the compose file sets nothing, the default of Docker applies, which is not visible here: a note. The driver `local` rotates its files itself and passes.

## Why it matters

The deployment checklist: "Container logs configured for centralized logging". Without logs nobody can say what happened. `json-file`, the default of Docker, grows until the disk is full, and then the database stops too.

## What to do

`logging: {driver: json-file, options: {max-size: 10m, max-file: "3"}}`, or a driver that sends the logs to another host.

## Facts

The key is the name of the service.
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
            about: "logs without a limit",
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
            about: "sent to another host",
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
            Some("none") => (Severity::Error, "the logs of {key} are thrown away"),
            Some("json-file") | None if has_size => continue,
            Some("json-file") => (Severity::Warning, "the logs of {key} grow without limit"),
            None => {
                (Severity::Note, "{key} {has|have} no logging settings, and by default the logs grow without limit")
            }
            Some(_) => continue,
        };
        let place = service.at(&["logging"]).map_or(service.place(), |node| node.place);
        findings.push(
            about(
                &CHECK,
                &service,
                place,
                what,
                "set logging with max-size, or a driver that sends the logs to another host",
            )
            .severity(by_environment(service.stack.environment, severity)),
        );
    }
}
