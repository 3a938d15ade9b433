//! `shell-form-command`: a command in shell form, which gets no stop signal.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::Command;
use crate::finding::{Fact, Finding, Severity};
use crate::project::BuildService;

pub(crate) static CHECK: Check = Check {
    id: "shell-form-command",
    title: "a command in shell form, which gets no stop signal",
    doc: r#"## What it does

Reports an `ENTRYPOINT` or `CMD` of the image that is a line of text and not a JSON array; a line that begins with `exec` passes. If every compose service sets its own entry point, the image's command never runs and passes. Severity: warning for production, note for development and test.

The deployment checklist: "Signal handling configured (dumb-init)".

## Why it matters

Docker starts such a command with `/bin/sh -c`. The shell is process 1 and does not pass SIGTERM on, so after ten seconds Docker kills everything in the middle of its work. An `ENTRYPOINT` in shell form also ignores the arguments of `docker run`.

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
            about: "single quotes, which are not JSON",
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
                "{instruction} is in shell form, so stop signals do not reach the program",
                "write the command as a JSON array, such as [\"node\", \"server.js\"]",
            )
            .severity(by_environment(build.environment, Severity::Warning))
            .line(command.line)
            .fact("instruction", Fact::Word(word)),
        );
    }
}
