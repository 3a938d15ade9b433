//! `env-file-in-build-context`: an env file that docker build sends to Docker.

use crate::check::{Check, Example, Fix, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::path::RelPath;

pub(crate) static CHECK: Check = Check {
    id: "env-file-in-build-context",
    title: "an env file that docker build sends to Docker",
    doc: r#"## What it does

Reports an env file below a build context that the ignore file does not exclude. The build context is the one that a compose file names for a Dockerfile, else the directory of the Dockerfile. envward matches as Docker does: `<Dockerfile>.dockerignore` comes first, patterns start at the root of the context (`.env` does not cover `backend/.env`), and the last match wins.

## Why it matters

`COPY . .` copies the file into a layer of the image. It stays there even after a later `RUN rm`, and everyone who can pull the image can read it.

## What to do

Add `**/.env*` and `!**/.env.example` to `.dockerignore`, or run `envward check --fix`.

## Facts

- `context`: the directory of the build context
- `ignore_file`: the ignore file that Docker uses
- `below`: the path inside the context
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
            about: "`.env` covers only the root of the context",
            steps: &[
                Step::File("Dockerfile", 0o644, "FROM scratch\n"),
                Step::File(".dockerignore", 0o644, ".env\n"),
                Step::File("backend/.env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "the context in the compose file",
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
            about: "beside a Dockerfile with a build context elsewhere",
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
                    "docker build sends this file to Docker: {ignore_file} does not exclude it",
                    "exclude the file in {ignore_file}: envward check --fix",
                )
                .fact("context", Fact::Path(dir.clone()))
                .fact("ignore_file", Fact::Path(ignore_file.clone()))
                .fact("below", Fact::Path(below.clone())),
            );
        }
    }
}
