//! `container-near-limit`: a container that is close to its limit.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-near-limit",
    title: "a container that is close to its limit",
    doc: r#"## What it does

Reports a container that uses 90% or more of its memory limit (`docker stats`) or of its CPU limit (with the output of `docker inspect` too).

The deployment checklist: "Monitor resource usage": check if containers are hitting resource limits.

## Why it matters

At the limit the kernel kills the container, or the container becomes so slow that its health check fails.

## What to do

Find out what needs so much (`docker stats NAME`). Raise the limit only then.

## Facts

- `percent`: the percentage of the limit
- `resource`: `memory` or `cpus`
"#,
    group: Group::Running,
    severity: Severity::Warning,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "the memory limit",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"{"Name":"api","CPUPerc":"1.00%","MemPerc":"95.02%","MemUsage":"973MiB / 1GiB"}"#,
            )],
        },
        Example {
            about: "the CPU limit",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"NanoCpus":500000000},"Config":{}}]{"Name":"api","CPUPerc":"49.90%","MemPerc":"5.00%"}"#,
            )],
        },
    ],
    good: &[Example {
        about: "half of it",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"{"Name":"api","CPUPerc":"1.00%","MemPerc":"50.02%","MemUsage":"512MiB / 1GiB"}"#,
        )],
    }],
};

/// In percent of a limit.
const HIGH: u64 = 90;

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    // In percent of one processor; the limit is in thousandths.
    let limit = container.limits.and_then(|limits| limits.cpus);
    let cpus = container.cpu_use.zip(limit).map(|(used, limit)| used.saturating_mul(1000) / limit.max(1));
    for (resource, percent) in [("memory", container.memory_use), ("cpus", cpus)] {
        let Some(percent) = percent.filter(|percent| *percent >= HIGH) else { continue };
        findings.push(
            Finding::new(
                &CHECK,
                Origin::Runtime(container.name.clone()),
                "the container uses {percent}% of its {resource} limit",
                "find out what needs so much: docker stats {path:sh}",
            )
            .fact("percent", Fact::Number(percent))
            .fact("resource", Fact::Word(resource)),
        );
    }
}
