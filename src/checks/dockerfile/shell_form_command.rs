//! `shell-form-command`: a command that a shell starts, and that never hears of a stop.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::Command;
use crate::finding::{Fact, Finding, Severity};
use crate::project::BuildService;

pub(crate) static CHECK: Check = Check {
    id: "shell-form-command",
    title: "a command in shell form, which gets no signal",
    doc: r#"## What it does

Reports an `ENTRYPOINT` or `CMD` of the image that is a line of text and no JSON array; one that begins with `exec` passes. Where every compose service sets its own entry point, nobody runs it. A warning in what is for production, a note in development and test.

The deployment checklist: "Signal handling configured (dumb-init)".

## Why it matters

Docker starts `/bin/sh -c` with it; the shell is process 1 and passes no SIGTERM on, so that after ten seconds everything is killed in the middle of its work. Arguments of `docker run` behind an `ENTRYPOINT` of this form are dropped.

## What to do

`ENTRYPOINT ["dumb-init", "--"]` and `CMD ["node", "dist/index.js"]`.

## Facts

- `instruction`: `ENTRYPOINT` or `CMD`
"#,
    group: Group::Dockerfile,
    severity: Severity::Warning,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::SignalHandling, 2)],
    bad: &[
        Example {
            about: "a CMD",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
CMD node dist/index.js
"#,
            )],
        },
        Example {
            about: "single quotes, which are no JSON",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ENTRYPOINT ['node', 'x.js']
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a JSON array",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
CMD ["dumb-init", "node", "x.js"]
"#,
            )],
        },
        Example {
            about: "exec",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ENTRYPOINT exec /app --port $PORT
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    let is_run = |own: fn(&BuildService) -> bool| {
        build.services.is_empty() || build.services.iter().any(|service| !own(service))
    };
    let (stages, image) = build.stages();
    let Some(stage) = image.and_then(|at| stages.get(at)) else { return };
    let entry = stage.entrypoint.as_ref().filter(|_| is_run(|service| service.entrypoint));
    let cmd = stage.cmd.as_ref().filter(|_| is_run(|service| service.entrypoint || service.command));
    for (word, command) in [("ENTRYPOINT", entry), ("CMD", cmd)] {
        let Some(command) = command else { continue };
        let Command::Shell(text) = command.what else { continue };
        if text.is_empty() || text.starts_with("exec ") {
            continue;
        }
        findings.push(
            Finding::new(
                &CHECK,
                build.origin(),
                "{instruction} in shell form: a stop does not reach it",
                "write it as a JSON array",
            )
            .severity(by_environment(build.environment, Severity::Warning))
            .line(command.line)
            .fact("instruction", Fact::Word(word)),
        );
    }
}
