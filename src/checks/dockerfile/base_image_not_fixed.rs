//! `base-image-not-fixed`: a base image whose tag means another image tomorrow.

use super::base_images::{Taken, images};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::image::{Pin, Reference};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "base-image-not-fixed",
    title: "a base image whose tag means another image tomorrow",
    doc: r#"## What it does

Reports an image that a Dockerfile builds upon or copies from (`FROM`, `COPY --from=`, `RUN --mount=from=`) and that it does not name by a version: without a tag, or with one that moves (`latest`, `stable`, `lts`, `alpine` alone). Names of stages, `scratch`, and images that a service of the project builds are none, and stages that the image does not need are left out, as Docker leaves them out. ARG defaults and the arguments that compose gives are put in first, for each service that builds it with others; what a service calls otherwise (`additional_contexts`) is looked at there. A Dockerfile inside a compose file (`dockerfile_inline`) is one like others. An error in what is for production, a note in development and test; a major version alone (`node:18-alpine`) is a warning, and a tag that only the build says is a note.

The deployment checklist: "All Docker images use fixed versions (no `latest`)".

## Why it matters

The next build may bring another operating system, another major version, or what somebody else pushed there; nobody can say later which one was running.

## What to do

Name the version that is in use now: `docker image inspect` shows it; `FROM node:18.19.0-alpine`.

## Facts

- `image`: the image, where it may be printed
- `pin`: how it is named: `untagged`, `moving`, `wide`, `unknown`
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
            about: "a default that moves",
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
            about: "copied from",
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
            about: "one's own, that compose builds",
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
        Example { about: "nothing", steps: &[Step::File("Dockerfile", 0o644, "FROM scratch\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    for Taken { path, line, image } in images(build) {
        let reference = Reference::of(&image);
        let gravest = by_environment(build.environment, Severity::Error);
        let (severity, what) = match reference.pin() {
            Pin::Untagged => (gravest, "{image}: no tag, which means latest"),
            Pin::Moving => (gravest, "{image}: a tag that means another image each time"),
            Pin::Wide => (gravest.min(Severity::Warning), "{image}: less than a version"),
            Pin::Unknown => (Severity::Note, "{image}: which version only the build says"),
            Pin::Version | Pin::Digest => continue,
        };
        findings.push(
            Finding::new(&CHECK, Origin::Worktree(path), what, "name the version that is in use: NAME:1.2.3")
                .severity(severity)
                .line(line)
                .fact("image", reference.shown().map_or(Fact::Word("an image"), Fact::Name))
                .fact("pin", Fact::Word(reference.pin().word())),
        );
    }
}
