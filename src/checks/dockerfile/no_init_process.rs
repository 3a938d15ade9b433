//! `no-init-process`: an interpreter as process 1.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::Command;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "no-init-process",
    title: "an interpreter as process 1",
    doc: r#"## What it does

Reports an image whose `ENTRYPOINT` or `CMD` starts an interpreter or a package manager (node, npm, python, ruby, php, a shell with `-c`) as process 1, without an init process (dumb-init, tini, s6, catatonit) before it. Passes if every compose service that runs the image has `init: true` or its own entry point. Severity: warning for production, note for development and test.

The deployment checklist: "Signal handling configured (dumb-init)".

## Why it matters

Process 1 has no default action for SIGTERM. If the program does not handle the signal, Docker kills it after ten seconds, in the middle of its work. And nobody cleans up its finished child processes.

## What to do

`RUN apk add --no-cache dumb-init` and `ENTRYPOINT ["dumb-init", "--"]`, or `init: true` in the compose file.

## Facts

- `program`: the program that is process 1
"#,
    group: Group::Dockerfile,
    severity: Severity::Warning,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::SignalHandling, 1)],
    bad: &[
        Example {
            about: "node",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
CMD ["node", "dist/index.js"]
"#,
            )],
        },
        Example {
            about: "npm",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ENTRYPOINT ["/usr/local/bin/npm"]
CMD ["start"]
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "dumb-init",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ENTRYPOINT ["dumb-init", "--"]
CMD ["node", "dist/index.js"]
"#,
            )],
        },
        Example {
            about: "a compiled program",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM scratch
ENTRYPOINT ["/app"]
"#,
            )],
        },
    ],
};

const INITS: [&str; 9] =
    ["dumb-init", "tini", "tini-static", "s6-svscan", "init", "catatonit", "docker-init", "my_init", "supervisord"];

const INTERPRETERS: [&str; 17] = [
    "node", "nodejs", "npm", "npx", "yarn", "pnpm", "bun", "deno", "python", "python3", "ruby", "bundle", "php",
    "perl", "sh", "bash", "ash",
];

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    if !build.services.is_empty() && build.services.iter().all(|service| service.init || service.entrypoint) {
        return;
    }
    let (stages, image) = build.stages();
    let Some(stage) = image.and_then(|at| stages.get(at)) else { return };
    let commands = [stage.entrypoint.as_ref(), stage.cmd.as_ref()].into_iter().flatten();
    let words: Vec<_> = commands.flat_map(|at| words(at.what).into_iter().map(|word| (at.line, word))).collect();
    if words.iter().any(|(_, word)| INITS.contains(&program(word))) {
        return;
    }
    let Some((line, first)) = words.first() else { return };
    // What a script does in the end (`exec "$@"`) cannot be seen here.
    let is_script = program(first).ends_with("sh") && words.get(1).is_some_and(|(_, word)| !word.starts_with('-'));
    if is_script {
        return;
    }
    let Some(name) = INTERPRETERS.into_iter().find(|known| *known == program(first)) else { return };
    findings.push(
        Finding::new(
            &CHECK,
            build.origin(),
            "{program} is process 1, which ignores stop signals and leaves finished child processes behind",
            "use ENTRYPOINT [\"dumb-init\", \"--\"], or set init: true in the compose file",
        )
        .severity(by_environment(build.environment, Severity::Warning))
        .line(*line)
        .fact("program", Fact::Word(name)),
    );
}

/// The words of a command. A shell starts a command in shell form; `exec` replaces the shell with what follows.
fn words(command: &Command) -> Vec<&str> {
    match command {
        Command::Exec(words) => words.iter().map(|word| word.as_str()).collect(),
        Command::Shell(text) => text.split_whitespace().filter(|word| *word != "exec").collect(),
    }
}

fn program(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or_default()
}
