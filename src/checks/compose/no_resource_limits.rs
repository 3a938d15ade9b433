//! `no-resource-limits`: a service that may take all of the host.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Service, size};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "no-resource-limits",
    title: "a service without a limit of memory or CPU",
    doc: r#"## What it does

Reports a service that has no limit of memory or of CPU: neither `deploy.resources.limits` nor the older `mem_limit`, `cpus` and `cpu_quota`. A reservation that is larger than its limit is reported, too; `deploy.resources.limits` without any reservation is a note. A service that runs once and ends is left out.

## Why it matters

The deployment checklist: "Resource limits configured for all services". One container with a leak, or under attack, takes the memory of all the others, and the kernel kills whom it likes. CIS Docker Benchmark 5.11 and 5.12.

## What to do

Write `deploy.resources.limits` with `cpus` and `memory`; `docker stats` shows what it takes today.

## Facts

- `missing`: `memory`, `cpus`, `reservations`, or `balance` where a reservation is larger than the limit

The key is the service.
"#,
    group: Group::Compose,
    severity: Severity::Warning,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::ResourceLimits, 1)],
    bad: &[
        Example {
            about: "none",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
"#,
            )],
        },
        Example {
            about: "memory alone",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    mem_limit: 512m
"#,
            )],
        },
        Example {
            about: "nothing reserved",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    deploy:
      resources:
        limits: {cpus: '1.0', memory: 512M}
"#,
            )],
        },
        Example {
            about: "more reserved than allowed",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    deploy:
      resources:
        limits: {cpus: '1.0', memory: 512M}
        reservations: {memory: 1G}
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "the newer form",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    deploy:
      resources:
        limits: {cpus: '1.0', memory: 1GiB}
        reservations: {cpus: '0.5', memory: 512m}
"#,
            )],
        },
        Example {
            about: "the older form",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    mem_limit: 512m
    cpus: 0.5
"#,
            )],
        },
    ],
};

const LIMITS: [&str; 3] = ["deploy", "resources", "limits"];
const RESERVATIONS: [&str; 3] = ["deploy", "resources", "reservations"];

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact).filter(|service| !service.is_one_shot()) {
        let memory = value(&service, &LIMITS, "memory").or_else(|| service.text(&["mem_limit"]));
        let cpus = value(&service, &LIMITS, "cpus")
            .or_else(|| service.text(&["cpus"]).or_else(|| service.text(&["cpu_quota"])));
        let is_zero =
            |text: &&str| text.chars().any(|digit| digit.is_ascii_digit() && digit != '0') || text.contains('$');
        let mut missing = Vec::new();
        if memory.filter(is_zero).is_none() {
            missing.push("memory");
        }
        if cpus.filter(is_zero).is_none() {
            missing.push("cpus");
        }
        let what = match missing.is_empty() {
            false => "{key}: no limit of {missing}",
            true if is_upside_down(&service, memory, cpus) => {
                missing.push("balance");
                "{key}: a reservation is larger than its limit"
            }
            true if service.at(&LIMITS).is_some() && service.at(&RESERVATIONS).is_none() => {
                missing.push("reservations");
                "{key}: limited, and nothing is reserved for it"
            }
            true => continue,
        };
        let severity = if missing == ["reservations"] { Severity::Note } else { Severity::Warning };
        findings.push(
            about(&CHECK, &service, service.place(), what, "write deploy.resources.limits with cpus and memory")
                .severity(by_environment(service.stack.environment, severity))
                .fact("missing", Fact::Words(missing)),
        );
    }
}

fn value<'a>(service: &Service<'a>, path: &[&str; 3], key: &str) -> Option<&'a str> {
    service.at(path)?.get(key)?.text()
}

fn is_upside_down(service: &Service<'_>, memory: Option<&str>, cpus: Option<&str>) -> bool {
    let reserved = value(service, &RESERVATIONS, "memory").or_else(|| service.text(&["mem_reservation"]));
    let more = reserved.and_then(size::bytes).zip(memory.and_then(size::bytes)).is_some_and(|(less, more)| less > more);
    let number = |text: &str| text.parse::<f64>().ok();
    let reserved = value(service, &RESERVATIONS, "cpus").and_then(number);
    more || reserved.zip(cpus.and_then(number)).is_some_and(|(less, more)| less > more)
}
