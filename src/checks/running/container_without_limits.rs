//! `container-without-limits`: a container without a memory or CPU limit.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-without-limits",
    title: "a container without a memory or CPU limit",
    doc: r#"## What it does

Reports a container without a limit for memory or CPU. If only the limit for processes is missing, it is a note.

The deployment checklist: "Resource limits configured for all services".

## Why it matters

After one memory leak or one attack, the kernel kills whatever it finds, for instance the database.

## What to do

`deploy.resources.limits` in the compose file; for a running container, `docker update --memory 1g --cpus 1 NAME`.

## Facts

- `missing`: `memory`, `cpus`, `pids`
"#,
    group: Group::Running,
    severity: Severity::Warning,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "no limit",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"Memory":0,"NanoCpus":0},"Config":{}}]"#,
            )],
        },
        Example {
            about: "only a memory limit",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"Memory":1073741824},"Config":{}}]"#,
            )],
        },
    ],
    good: &[Example {
        about: "all three limits",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"Memory":1073741824,"NanoCpus":1000000000,"PidsLimit":200},"Config":{}}]"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    let Some(limits) = container.limits else { return };
    let all = [("memory", limits.memory), ("cpus", limits.cpus), ("pids", limits.pids)];
    let missing: Vec<&'static str> =
        all.into_iter().filter(|(_, limit)| limit.is_none()).map(|(name, _)| name).collect();
    let severity = match missing.as_slice() {
        [] => return,
        ["pids"] => Severity::Note,
        _ => Severity::Warning,
    };
    findings.push(
        Finding::new(
            &CHECK,
            Origin::Runtime(container.name.clone()),
            "the container has no limit for {missing}",
            "set deploy.resources.limits in the compose file",
        )
        .severity(severity)
        .fact("missing", Fact::Words(missing)),
    );
}
