//! `image-without-healthcheck`: an image that cannot say whether it works.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::{Base, Command, Stage, bottom};
use crate::docker::image::Reference;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "image-without-healthcheck",
    title: "an image that cannot say whether it works",
    doc: r#"## What it does

Reports a Dockerfile whose image has no `HEALTHCHECK`, has it switched off (`NONE`), or has one that always succeeds (`true`, `exit 0`, `… || true`). A check of a stage that it is made from counts. Passes where every compose service that runs the image has a `healthcheck:` of its own, and where each of them runs once and ends. A health check that the base image brings cannot be seen here: where that is not one of Docker's official images, which have none, it is a note. A warning in what is for production, a note in development and test.

The deployment checklist: "Health checks implemented for all critical services".

## Why it matters

A process that hangs is running as far as Docker knows: nothing restarts it, and what depends on it starts all the same.

## What to do

`HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "health.js"]`, or a `healthcheck:` in the compose file.

## Facts

None besides the path and the line.
"#,
    group: Group::Dockerfile,
    severity: Severity::Warning,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::HealthChecks, 2)],
    bad: &[
        Example {
            about: "none",
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
            about: "one that always succeeds",
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
            about: "switched off",
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
            about: "one",
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
            about: "of the stage it is made from",
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

const HELP: &str = "add HEALTHCHECK CMD with what the service answers to";

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
            let what = "no HEALTHCHECK here; whether its base image brings one cannot be seen";
            findings.push(Finding::new(&CHECK, build.origin(), what, HELP).severity(Severity::Note).line(stage.line));
            return;
        }
        None => (stage.line, "no HEALTHCHECK in its last stage"),
        Some(check) => match check.what {
            None => (check.line, "HEALTHCHECK NONE: nobody asks whether it works"),
            Some(command) if always_succeeds(command) => (check.line, "a HEALTHCHECK that always succeeds"),
            Some(_) => return,
        },
    };
    findings.push(Finding::new(&CHECK, build.origin(), what, HELP).severity(gravest).line(line));
}

/// Whether nothing that it is made from can bring one: the official images have none.
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
