//! `single-stage-image`: an image that is built in its final stage.

use super::stages::chain;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::commands;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "single-stage-image",
    title: "an image that is built in its final stage",
    doc: r#"## What it does

Reports a Dockerfile that installs or builds software (npm, pip, go, cargo, make and the like) and whose image copies nothing from another stage (`COPY --from`, `RUN --mount=from=`). A Dockerfile that only copies files into an existing image passes. Severity: warning for production, note for development and test.

The deployment checklist: "Multi-stage builds minimize image size".

## Why it matters

Everything that the build needed (compilers, package managers, source code, the token of a registry) stays in the image and helps an intruder.

## What to do

Build in a separate stage, and copy only the result: `COPY --from=build /app/dist ./dist`.

## Facts

Only the path and the line.
"#,
    group: Group::Dockerfile,
    severity: Severity::Warning,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::MultiStageBuild, 1)],
    bad: &[
        Example {
            about: "one stage",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
COPY . .
RUN npm ci && npm run build
USER node
"#,
            )],
        },
        Example {
            about: "two stages that share nothing",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0 AS test
RUN npm test
FROM node:18.19.0
RUN npm ci
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "only the result",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0 AS build
RUN npm ci
FROM node:18.19.0
COPY --from=build /app/dist ./dist
"#,
            )],
        },
        Example {
            about: "nothing is built",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM nginx:1.25.3
COPY nginx.conf /etc/nginx/
"#,
            )],
        },
    ],
};

/// Programs that install or build software.
const BUILDERS: &str = "npm yarn pnpm bun pip pip3 poetry pipenv uv bundle gem cargo go mvn ./mvnw gradle ./gradlew dotnet \
composer make cmake gcc g++ tsc mix sbt stack cabal swift";

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    let (stages, image) = build.stages();
    let Some(image) = image else { return };
    let chain = chain(&stages, image);
    let takes = chain.iter().any(|stage| stage.takes_from_stage(&stages));
    let builds =
        chain.iter().flat_map(|stage| &stage.runs).flat_map(|run| commands(&run.what.command, &run.what.documents));
    let is_builder = |word: &&str| BUILDERS.split_ascii_whitespace().any(|known| known == *word);
    let builds = builds.into_iter().any(|words| words.first().is_some_and(is_builder));
    let Some(stage) = chain.first().filter(|_| builds && !takes) else { return };
    let (what, help) = (
        "the final stage builds the software and keeps its build tools",
        "build in another stage, and copy only the result with COPY --from",
    );
    let severity = by_environment(build.environment, Severity::Warning);
    findings.push(Finding::new(&CHECK, build.origin(), what, help).severity(severity).line(stage.line));
}
