//! `no-healthcheck`: a service without a useful health check.

use super::image_healthcheck::brings_none;
use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Node, Service, size};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "no-healthcheck",
    title: "a service without a useful health check",
    doc: r#"## What it does

Reports a service without a health check, with a disabled one (`disable`, `["NONE"]`), with one that always succeeds (`true`, `exit 0`), or with one whose timeout is not shorter than its interval. If the service is built here, the `HEALTHCHECK` of its Dockerfile counts. envward cannot see whether an image from a registry has a health check: then it is a note, except for well-known images without one. A service that runs once and ends passes.

## Why it matters

The deployment checklist: "Health checks implemented for all critical services". Docker does not restart a process that hangs, and `depends_on: {condition: service_healthy}` has nothing to wait for. CIS Docker Benchmark 4.6 and 5.27.

## What to do

Write a `healthcheck` with a command that only a healthy service answers: `pg_isready`, `redis-cli ping`, a request to `/health`.

## Facts

- `why`: `missing`, `disabled`, `always-succeeds`, `timeout`, `unseen`

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Warning,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::HealthChecks, 1)],
    bad: &[
        Example {
            about: "a database without a health check",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
"#,
            )],
        },
        Example {
            about: "a disabled health check",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    healthcheck:
      disable: yes
"#,
            )],
        },
        Example {
            about: "a health check that always succeeds",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    healthcheck:
      test: ["CMD-SHELL", "exit 0"]
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a health check",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U app"]
      interval: 10s
      timeout: 5s
"#,
            )],
        },
        Example {
            about: "in the Dockerfile",
            steps: &[
                Step::File(
                    "Dockerfile",
                    0o644,
                    r#"
FROM alpine:3.19.0
USER 1001
HEALTHCHECK CMD wget -q --spider http://localhost/health
"#,
                ),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  app:
    build: .
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact).filter(|service| !service.is_one_shot()) {
        let Some((why, what, severity)) = judge(&service) else { continue };
        let place = service.at(&["healthcheck"]).map_or(service.place(), |node| node.place);
        findings.push(
            about(&CHECK, &service, place, what, "write a healthcheck that only a healthy service passes")
                .severity(by_environment(service.stack.environment, severity))
                .fact("why", Fact::Word(why)),
        );
    }
}

fn judge(service: &Service<'_>) -> Option<(&'static str, &'static str, Severity)> {
    let warning = |why, what| Some((why, what, Severity::Warning));
    if let Some(check) = service.at(&["healthcheck"]) {
        let words = words(check.get("test"));
        if check.get("disable").is_some_and(Node::is_true) || words.first().is_some_and(|word| word == "NONE") {
            return warning("disabled", "the {health check|health checks} of {key} {is|are} disabled");
        }
        if always_succeeds(&words) {
            return warning("always-succeeds", "the {health check|health checks} of {key} always {succeeds|succeed}");
        }
        let duration = |key: &str| check.get(key).and_then(Node::text).and_then(size::seconds);
        if duration("timeout").zip(duration("interval")).is_some_and(|(timeout, interval)| timeout >= interval) {
            return warning(
                "timeout",
                "{key} {has|have} a health check whose timeout is not shorter than the interval",
            );
        }
        if !words.is_empty() {
            return None;
        }
    }
    // If the image is built here, the check of the Dockerfile reports it.
    if service.at(&["build"]).is_some() {
        return None;
    }
    match brings_none(service) {
        true => warning("missing", "{key} {has|have} no health check, and the image has none either"),
        false => Some((
            "unseen",
            "{key} {has|have} no health check here, and envward cannot see whether the image has one",
            Severity::Note,
        )),
    }
}

fn words(test: Option<&Node>) -> Vec<String> {
    let Some(test) = test else { return Vec::new() };
    match test.text() {
        Some("") => Vec::new(),
        Some(text) => vec!["CMD-SHELL".into(), text.to_owned()],
        None => test.items().iter().filter_map(|item| item.text().map(str::to_owned)).collect(),
    }
}

fn always_succeeds(words: &[String]) -> bool {
    let rest: Vec<&str> = words.iter().skip(1).map(|word| word.trim()).collect();
    let line = rest.join(" ");
    // The last command sets the status: the one after `||` if the probe failed, the one after `;` always.
    let last = line.rsplit("||").next().unwrap_or_default().rsplit(';').next().unwrap_or_default().trim();
    let is_last = last.len() < line.len();
    let succeeds = matches!(last, "true" | "exit 0" | "/bin/true" | ":" | "exit");
    let says = matches!(last.split(' ').next(), Some("echo" | "printf"));
    succeeds && (last != "exit" || is_last) || is_last && says && !last.contains(['|', '&'])
}
