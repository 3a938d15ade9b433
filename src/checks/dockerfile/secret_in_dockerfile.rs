//! `secret-in-dockerfile`: a secret in a Dockerfile.

use std::num::NonZeroU32;
use std::ops::Range;

use super::stages::chain;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::staged_literal::{self, Words};
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::Stage;
use crate::finding::{Fact, Finding, Severity};
use crate::project::dockerfile_secrets::{self, How};
use crate::project::{Build, TextKind};

pub(crate) static CHECK: Check = Check {
    id: "secret-in-dockerfile",
    title: "a secret in a Dockerfile",
    doc: r#"## What it does

Reports a literal secret in `ENV`, in the default value of an `ARG`, in `LABEL`, in a `RUN` line, in a here-document, and in the commands of `ENTRYPOINT`, `CMD` and `HEALTHCHECK` (`--password=x`, `redis-cli -a x`), also after `ONBUILD`, and in lines of a `.netrc` or `.npmrc`. A secret is recognised by key name and value, as in an env file; also a password in a URL and a token of a known provider. Also reports an `ARG` without a default value whose name says secret, because the value that the build gives stays in the history of the image. Not reported: empty values, references and paths, and weak values in a stage from which the image only copies files.

Severity: error for production, note for development and test; warning for a placeholder, and for an ARG that gets its value at build time.

That is `preflight`. In git (`check`, `scan` and the hooks) only secrets that look real count. Severity there: error if the secret is strong, warning if it is fair, and note in a file for development or test. Before a commit and before a push, a secret that HEAD already contains and one in a file for development or test are warnings.

The deployment checklist: "All secrets in environment variables (not hardcoded)".

## Why it matters

The Dockerfile is in git, and the secret is in the image: `docker history` and `docker inspect` show it to everyone who can pull the image. A later `RUN unset` does not change that.

## What to do

For the build: `RUN --mount=type=secret,id=npm_token …`. For the container: `env_file:` or `secrets:` in the compose file. Replace a secret that was committed.

## Facts

- `class`: the class of the secret
- `by`: the instruction that contains it: `ENV`, `ARG`, `LABEL`, `RUN`, `COPY`, `ENTRYPOINT`, `CMD`, `HEALTHCHECK`
- `strength`: for a file in git, `fair` or `strong`
- `commit`: before a push, the commit that contains the secret
"#,
    group: Group::Dockerfile,
    severity: Severity::Error,
    kinds: &[Kind::Dockerfile, Kind::StagedText],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NoWrittenSecrets, 4)],
    bad: &[
        Example {
            about: "an ENV",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ENV NODE_ENV=production \
    DB_PASSWORD={password}
"#,
            )],
        },
        Example {
            about: "the default value of an ARG",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
ARG API_KEY={token}
FROM node:18.19.0
"#,
            )],
        },
        Example {
            about: "a password in a URL",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
RUN git clone https://ci:{token}@git.example.com/a.git
"#,
            )],
        },
        Example {
            about: "a token that the build gets",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ARG NPM_TOKEN
RUN npm ci
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a mounted secret",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
RUN --mount=type=secret,id=npm_token NPM_TOKEN=$(cat /run/secrets/npm_token) npm ci
"#,
            )],
        },
        Example {
            about: "file names, references and empty values",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ENV DB_PASSWORD_FILE=/run/secrets/db JWT_SECRET= PYTHON_VERSION=3.12.1
"#,
            )],
        },
        Example {
            about: "a public signing key",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM debian:12.4
ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let build = match artifact {
        Artifact::Dockerfile(build) => build,
        Artifact::StagedText(staged) if staged.text.kind == TextKind::Dockerfile => {
            return staged_literal::findings(&CHECK, staged, &STAGED, context, findings);
        }
        _ => return,
    };
    let (stages, _) = build.stages();
    let mut held = dockerfile_secrets::of_build(build, context.config);
    let thrown_away = thrown_away(build, &stages);
    held.retain(|one| !one.is_dummy || !thrown_away.iter().any(|lines| lines.contains(&one.line)));
    for one in held {
        let gravest = by_environment(build.environment, Severity::Error);
        let (severity, what, help) = match one.how {
            How::Literal => (
                gravest,
                match one.key {
                    Some(_) => "{by} contains {the secret|the secrets} {key}",
                    None => "{by} contains a secret",
                },
                "remove the secret from the Dockerfile, and replace it, because git and the images contain it",
            ),
            How::Placeholder => (
                gravest.min(Severity::Warning),
                match one.key {
                    Some(_) => "{by} sets {key} to {a placeholder|placeholders}, and containers run with {it|them}",
                    None => "{by} contains a placeholder, and containers run with this placeholder",
                },
                "remove the placeholder, and set the value with env_file: or secrets: in the compose file",
            ),
            How::Given => (
                gravest.min(Severity::Warning),
                "the build argument {key} {stays|stay} in the history of the image",
                "use RUN --mount=type=secret,id=… instead",
            ),
        };
        findings.push(
            Finding::new(&CHECK, build.origin(), what, help)
                .severity(severity)
                .line(one.line)
                .key(one.key.as_ref())
                .fact("class", Fact::Word(one.class.word()))
                .fact("by", Fact::Word(one.by)),
        );
    }
}

const STAGED: Words = Words {
    keyed: "{by} contains {the secret|the secrets} {key}, which {looks|look} real",
    nameless: "{by} contains a secret that looks real",
    help: "remove the secret from the Dockerfile: RUN --mount=type=secret for the build, env_file: for the container",
    committed: "replace the secret, because every clone contains it; use RUN --mount=type=secret for the build, env_file: for the container",
    part: "by",
};

/// The lines of the stages that no image has anything of but what is copied out of them.
fn thrown_away(build: &Build, stages: &[Stage<'_>]) -> Vec<Range<NonZeroU32>> {
    let kept = build.stages().1.map(|image| chain(stages, image)).unwrap_or_default();
    let ends = stages.iter().skip(1).map(|stage| stage.line).chain([NonZeroU32::MAX]);
    let parts = stages.iter().zip(ends).map(|(stage, end)| stage.line..end);
    parts.filter(|part| !kept.iter().any(|stage| stage.line == part.start)).collect()
}
