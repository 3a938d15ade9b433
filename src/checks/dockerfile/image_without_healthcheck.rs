//! `image-without-healthcheck`: an image without a useful health check.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::{Base, Command, Stage, bottom};
use crate::docker::image::Reference;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "image-without-healthcheck",
    title: "an image without a useful health check",
    doc: r#"## What it does

Reports a Dockerfile whose image has no `HEALTHCHECK`, disables it (`NONE`), or has one that always succeeds (`true`, `exit 0`, `… || true`). A health check of a stage that the image builds on counts. Passes if every compose service that runs the image has its own `healthcheck:`, or runs once and ends. envward cannot see whether the base image has a health check: unless it is an official image of Docker, which have none, the finding is a note. Severity: warning for production, note for development and test.

The deployment checklist: "Health checks implemented for all critical services".

## Why it matters

For Docker, a process that hangs is running: Docker does not restart it, and services that depend on it start anyway.

## What to do

`HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "health.js"]`, or a `healthcheck:` in the compose file.

## Facts

Only the path and the line.
"#,
    group: Group::Dockerfile,
    severity: Severity::Warning,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::HealthChecks, 2)],
    bad: &[
        Example {
            about: "no health check",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
USER node
"#,
            )],
        },
        Example {
            about: "a health check that always succeeds",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
HEALTHCHECK CMD curl -f localhost || true
"#,
            )],
        },
        Example {
            about: "a disabled health check",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
HEALTHCHECK NONE
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a health check",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
HEALTHCHECK CMD ["node", "health.js"]
"#,
            )],
        },
        Example {
            about: "a health check of the stage that it builds on",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0 AS base
HEALTHCHECK CMD curl -f localhost || exit 1
FROM base
"#,
            )],
        },
    ],
};

const HELP: &str = "add a HEALTHCHECK with a command that only a healthy service answers";

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    let is_asked = build.services.is_empty() || build.services.iter().any(|service| !service.healthcheck);
    if !is_asked || build.is_one_shot() {
        return;
    }
    let (stages, image) = build.stages();
    let Some(stage) = image.and_then(|at| stages.get(at)) else { return };
    let gravest = by_environment(build.environment, Severity::Warning);
    let (line, what) = match &stage.healthcheck {
        None if !is_bare(&stages, stage) => {
            let what = "this Dockerfile has no HEALTHCHECK, and envward cannot see whether its base image has one";
            findings.push(Finding::new(&CHECK, build.origin(), what, HELP).severity(Severity::Note).line(stage.line));
            return;
        }
        None => (stage.line, "the final stage has no HEALTHCHECK"),
        Some(check) => match check.what {
            None => (check.line, "HEALTHCHECK NONE disables the health check"),
            Some(command) if always_succeeds(command) => (check.line, "the HEALTHCHECK always succeeds"),
            Some(_) => return,
        },
    };
    findings.push(Finding::new(&CHECK, build.origin(), what, HELP).severity(gravest).line(line));
}

/// Whether the base image is known to have none: official images have none.
fn is_bare(stages: &[Stage<'_>], stage: &Stage<'_>) -> bool {
    match bottom(stages, stage) {
        Base::Image(image) => Reference::of(image).is_official(),
        Base::Own => false,
        Base::Scratch | Base::Stage(_) => true,
    }
}

/// Whether a probe proves nothing: `true`, `exit 0`, `:`, `… || true`, `…; exit 0`.
fn always_succeeds(command: &Command) -> bool {
    match command {
        Command::Exec(words) => match words.as_slice() {
            [program] => matches!(program.rsplit('/').next(), Some("true")),
            [shell, flag, text] if shell.ends_with("sh") && flag.as_str() == "-c" => proves_nothing(text),
            _ => false,
        },
        Command::Shell(text) => proves_nothing(text),
    }
}

fn proves_nothing(text: &str) -> bool {
    let last = text.trim().trim_end_matches(';').rsplit("||").next().unwrap_or_default();
    let last = last.rsplit(';').next().unwrap_or_default().trim();
    matches!(last, "true" | ":" | "exit 0" | "/bin/true" | "echo ok")
}
