//! `no-resource-limits`: a service without a memory or CPU limit.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Service, size};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "no-resource-limits",
    title: "a service without a memory or CPU limit",
    doc: r#"## What it does

Reports a service without a limit for memory or CPU: neither `deploy.resources.limits` nor the older `mem_limit`, `cpus` and `cpu_quota`. Also reports a reservation that is larger than its limit. `deploy.resources.limits` without any reservation is a note. A service that runs once and ends passes.

## Why it matters

The deployment checklist: "Resource limits configured for all services". One container with a memory leak, or under attack, takes the memory of all others, and the kernel kills any process. CIS Docker Benchmark 5.11 and 5.12.

## What to do

Set `deploy.resources.limits` with `cpus` and `memory`; `docker stats` shows what the service uses now.

## Facts

- `missing`: `memory`, `cpus`, `reservations`, or `balance` if a reservation is larger than the limit

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Warning,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::ResourceLimits, 1)],
    bad: &[
        Example {
            about: "no limit",
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
            about: "only a memory limit",
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
            about: "a limit without a reservation",
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
            about: "a reservation larger than the limit",
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
            false => "{key} {has|have} no limit for {missing}",
            true if is_upside_down(&service, memory, cpus) => {
                missing.push("balance");
                "{key} {has|have} a reservation that is larger than the limit"
            }
            true if service.at(&LIMITS).is_some() && service.at(&RESERVATIONS).is_none() => {
                missing.push("reservations");
                "{key} {has|have} limits, but no reservations"
            }
            true => continue,
        };
        let severity = if missing == ["reservations"] { Severity::Note } else { Severity::Warning };
        findings.push(
            about(&CHECK, &service, service.place(), what, "set deploy.resources.limits with cpus and memory")
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
