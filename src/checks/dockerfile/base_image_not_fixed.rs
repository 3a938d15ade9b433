//! `base-image-not-fixed`: a base image whose version is not fixed.

use super::base_images::{Taken, images};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::image::{Pin, Reference};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "base-image-not-fixed",
    title: "a base image whose version is not fixed",
    doc: r#"## What it does

Reports an image that a Dockerfile builds on or copies from (`FROM`, `COPY --from=`, `RUN --mount=from=`) without a fixed version: without a tag, or with a moving tag (`latest`, `stable`, `lts`, only `alpine`). Not reported: names of stages, `scratch`, images that a service of the project builds, and stages that the image does not need, because Docker does not build them. Default values of ARG and the arguments in compose files are filled in, separately for each service that builds the Dockerfile with other arguments. `additional_contexts` are resolved, and a Dockerfile inside a compose file (`dockerfile_inline`) is examined too.

Severity: error for production, note for development and test; a major version alone (`node:18-alpine`) is a warning, and a tag that only the build knows is a note.

The deployment checklist: "All Docker images use fixed versions (no `latest`)".

## Why it matters

The next build may get another operating system, another major version, or whatever somebody else pushed under that tag. Later nobody can say which version was running.

## What to do

Write the version that is in use now, which `docker image inspect` shows: `FROM node:18.19.0-alpine`.

## Facts

- `image`: the image, if its name can be shown
- `pin`: how the version is given: `untagged`, `moving`, `wide`, `unknown`
"#,
    group: Group::Dockerfile,
    severity: Severity::Error,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Deployment,
    fix: None,
    checklist: &[(Item::FixedVersions, 3)],
    bad: &[
        Example {
            about: "no tag",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node
USER node
"#,
            )],
        },
        Example {
            about: "a default value with a moving tag",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
ARG TAG=latest
FROM node:${TAG}
"#,
            )],
        },
        Example {
            about: "copied from another image",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/
"#,
            )],
        },
        Example { about: "a major version alone", steps: &[Step::File("Dockerfile", 0o644, "FROM node:18-alpine\n")] },
    ],
    good: &[
        Example {
            about: "a version",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
ARG V=18.19.0
FROM node:$V-alpine AS build
FROM build
"#,
            )],
        },
        Example {
            about: "a digest",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                "FROM node@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
            )],
        },
        Example {
            about: "an image of the project that compose builds",
            steps: &[
                Step::File(
                    "cron/Dockerfile",
                    0o644,
                    r#"
ARG BASE
FROM ${BASE}
"#,
                ),
                Step::File("app/Dockerfile", 0o644, "FROM node:18.19.0\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  app:
    build: app
    image: app-local
  cron:
    build: {context: cron, args: {BASE: app-local}}
"#,
                ),
            ],
        },
        Example { about: "no base image", steps: &[Step::File("Dockerfile", 0o644, "FROM scratch\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    for Taken { path, line, image } in images(build) {
        let reference = Reference::of(&image);
        let gravest = by_environment(build.environment, Severity::Error);
        let (severity, what) = match reference.pin() {
            Pin::Untagged => (gravest, "{image} has no tag, which means latest"),
            Pin::Moving => (gravest, "{image} has a tag that moves to new versions"),
            Pin::Wide => (gravest.min(Severity::Warning), "{image} is not a full version"),
            Pin::Unknown => (Severity::Note, "{image} has a version that only the build knows"),
            Pin::Version | Pin::Digest => continue,
        };
        findings.push(
            Finding::new(
                &CHECK,
                Origin::Worktree(path),
                what,
                "write the full version that is in use, such as node:20.11.1",
            )
            .severity(severity)
            .line(line)
            .fact("image", reference.shown().map_or(Fact::Word("an image"), Fact::Name))
            .fact("pin", Fact::Word(reference.pin().word())),
        );
    }
}
