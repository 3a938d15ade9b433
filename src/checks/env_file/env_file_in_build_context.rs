//! `env-file-in-build-context`: an env file that docker build sends along.

use crate::check::{Check, Example, Fix, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::path::RelPath;

pub(crate) static CHECK: Check = Check {
    id: "env-file-in-build-context",
    title: "an env file that docker build sends along",
    doc: r#"## What it does

Reports an env file that the ignore file in force does not exclude, below a build context: the one that a compose file names for a Dockerfile, else the Dockerfile's own directory. Docker's own matching is used: `<Dockerfile>.dockerignore` is asked first, patterns are anchored at the context's root (`.env` does not cover `backend/.env`), the last match wins.

## Why it matters

`COPY . .` puts it into a layer of the image, where it stays after a later `RUN rm`, and everyone who can pull the image can read it.

## What to do

Add `**/.env*` and `!**/.env.example` to `.dockerignore`, or `envward check --fix`.

## Facts

- `context`: the context's directory
- `ignore_file`: the ignore file in force
- `below`: the path as seen from the context
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: Some(Fix::DockerIgnore),
    checklist: &[(Item::NoWrittenSecrets, 6)],
    bad: &[
        Example {
            about: "no .dockerignore",
            steps: &[
                Step::File("Dockerfile", 0o644, "FROM scratch\n"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "`.env` covers only the context's root",
            steps: &[
                Step::File("Dockerfile", 0o644, "FROM scratch\n"),
                Step::File(".dockerignore", 0o644, ".env\n"),
                Step::File("backend/.env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "the context that compose names",
            steps: &[
                Step::File("docker/Dockerfile", 0o644, "FROM scratch\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  app:
    build: {context: ., dockerfile: docker/Dockerfile}
"#,
                ),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
    ],
    good: &[
        Example {
            about: "excluded",
            steps: &[
                Step::File("Dockerfile", 0o644, "FROM scratch\n"),
                Step::File(".dockerignore", 0o644, "**/.env*\n"),
                Step::File("backend/.env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "beside a Dockerfile that is built from elsewhere",
            steps: &[
                Step::File("docker/Dockerfile", 0o644, "FROM scratch\n"),
                Step::File("docker/.env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  app:
    build: {context: src, dockerfile: ../docker/Dockerfile}
"#,
                ),
            ],
        },
        Example { about: "no Dockerfile", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    if !file.is_private() {
        return;
    }
    for build in &context.project.contexts {
        let Some(below) = file.path.strip_dir(&build.dir) else { continue };
        let dir = if build.dir.is_root() { RelPath::from(".") } else { build.dir.clone() };
        for ignore_file in build.lets_through(&file.path) {
            findings.push(
                Finding::new(
                    &CHECK,
                    file.origin(),
                    "docker build sends it: {ignore_file} does not exclude it",
                    "envward check --fix adds the line to {ignore_file}",
                )
                .fact("context", Fact::Path(dir.clone()))
                .fact("ignore_file", Fact::Path(ignore_file.clone()))
                .fact("below", Fact::Path(below.clone())),
            );
        }
    }
}
