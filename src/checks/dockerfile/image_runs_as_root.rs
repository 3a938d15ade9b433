//! `image-runs-as-root`: an image that runs as root.

use super::user::is_root;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::{Base, UNKNOWN, bottom};
use crate::docker::image::{self, Reference, Server};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "image-runs-as-root",
    title: "an image that runs as root",
    doc: r#"## What it does

Reports an image that runs as root: no `USER` in its final stage or in a stage that it builds on, or `USER root`, `USER 0`, `USER 0:0`, `USER root:group`. Variables are filled in. If every compose service that runs the image has its own `user:`, that user counts, and `container-as-root` checks it.

Severity: error for production, note for development and test. An image passes if its base image is known to set a user (`…-unprivileged`, `…:nonroot`), or if its entry point is known to switch to another user (`postgres`, `redis`) and is not replaced. nginx and httpd, of which only the workers run as another user, are a note. If the base image is not known, it is a warning at most.

The deployment checklist: "Non-root user configured in Dockerfile".

## Why it matters

Anyone who takes over the process is root in the container, can write to every file in it and in its mounts, and is one kernel bug away from root on the host.

## What to do

Create a user and set it at the end: `RUN addgroup -g 1001 -S app && adduser -S app -u 1001 -G app` and `USER app`.

## Facts

Only the path and the line.
"#,
    group: Group::Dockerfile,
    severity: Severity::Error,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Deployment,
    fix: None,
    checklist: &[(Item::NonRootUser, 2)],
    bad: &[
        Example {
            about: "an entry point that replaces one that switches the user",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM postgres:15.5
ENTRYPOINT ["postgres"]
"#,
            )],
        },
        Example {
            about: "no USER",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
CMD ["node", "x.js"]
"#,
            )],
        },
        Example {
            about: "a USER only in another stage",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0 AS build
USER node
FROM node:18.19.0
COPY --from=build /app /app
"#,
            )],
        },
        Example {
            about: "the user id of root",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ARG ID=0
USER ${ID}:${ID}
"#,
            )],
        },
        Example {
            about: "a service without a user",
            steps: &[
                Step::File("api/Dockerfile", 0o644, "FROM node:18.19.0\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  api:
    build: api
    user: "1001"
  job:
    build: api
"#,
                ),
            ],
        },
    ],
    good: &[
        Example {
            about: "an entry point that starts the server as another user",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM postgres:15.5
COPY init.sql /docker-entrypoint-initdb.d/
"#,
            )],
        },
        Example {
            about: "a user",
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
            about: "the user of the stage that it builds on",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0 AS base
USER node
FROM base
"#,
            )],
        },
        Example {
            about: "a user in the compose file",
            steps: &[
                Step::File("api/Dockerfile", 0o644, "FROM node:18.19.0\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  api:
    build: api
    user: "1001"
"#,
                ),
            ],
        },
        Example {
            about: "a base image that sets a user",
            steps: &[Step::File("Dockerfile", 0o644, "FROM gcr.io/distroless/nodejs20-debian12:nonroot\n")],
        },
    ],
};

/// An image from scratch knows no names: a name would keep the container from starting.
const IN_SCRATCH: &str = "set a number at the end of the Dockerfile, for `FROM scratch` knows no names: USER 65534";
const HELP: &str = "create a user, and set it at the end of the Dockerfile: USER app";

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    let severity = by_environment(build.environment, Severity::Error);
    // If each service sets a user, the user of the image does not count.
    if !build.services.is_empty() && build.services.iter().all(|service| service.user.is_some()) {
        return;
    }
    let (stages, image) = build.stages();
    let Some(stage) = image.and_then(|at| stages.get(at)) else { return };
    let new = |what| Finding::new(&CHECK, build.origin(), what, HELP).severity(severity);
    match &stage.user {
        Some(user) if user.what.contains(UNKNOWN) => {
            let what = "the user of this image is a variable that only the build knows";
            findings.push(Finding::new(&CHECK, build.origin(), what, HELP).severity(Severity::Note).line(user.line));
        }
        Some(user) if is_root(&user.what) => {
            findings.push(new("the container runs as root: USER is root").line(user.line));
        }
        Some(_) => {}
        None => {
            let is_own = stage.entrypoint.is_some();
            let base = bottom(&stages, stage);
            let Some(severity) = without_user(base, is_own, severity) else { return };
            let help = if matches!(base, Base::Scratch) { IN_SCRATCH } else { HELP };
            let what = "the container runs as root: the final stage has no USER";
            findings.push(Finding::new(&CHECK, build.origin(), what, help).line(stage.line).severity(severity));
        }
    }
}

/// How severe it is that nothing here sets a user: the base image may. Docker's official ones do not,
/// but for a few, and the entry points of many step down, unless another one takes their place; of others it is not known.
fn without_user(base: &Base, has_entrypoint: bool, gravest: Severity) -> Option<Severity> {
    const NAMED: [&str; 4] = ["nonroot", "unprivileged", "rootless", "chiseled"];
    const OFFICIAL: [&str; 8] =
        ["elasticsearch", "logstash", "kibana", "solr", "sonarqube", "memcached", "haproxy", "varnish"];
    const MAKERS: [&str; 3] = ["cgr.dev/chainguard/", "bitnami/", "docker.io/bitnami/"];
    let image = match base {
        Base::Image(image) => image,
        // The project's own Dockerfile of that image says who.
        Base::Own => return None,
        Base::Scratch | Base::Stage(_) => return Some(gravest),
    };
    let reference = Reference::of(image);
    let says = |word: &&str| reference.name.contains(*word) || reference.tag.is_some_and(|tag| tag.contains(*word));
    let is_safe = NAMED.iter().any(says)
        || MAKERS.iter().any(|maker| reference.name.starts_with(maker))
        || OFFICIAL.contains(&reference.short_name().as_str());
    let server = image::server(&reference).filter(|_| !has_entrypoint);
    match (server, reference.is_official()) {
        _ if is_safe => None,
        (Some(Server::Other), _) => None,
        // The main process of root only opens ports.
        (Some(Server::Workers), _) => Some(Severity::Note),
        (None, true) => Some(gravest),
        (None, false) => Some(gravest.min(Severity::Warning)),
    }
}
