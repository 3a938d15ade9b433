//! `image-runs-as-root`: a container that root runs.

use super::user::is_root;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::{Base, UNKNOWN, bottom};
use crate::docker::image::{self, Reference, Server};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "image-runs-as-root",
    title: "a container that root runs",
    doc: r#"## What it does

Reports an image that root runs: no `USER` in its stage or in one that it is made from, `USER root`, `USER 0`, `USER 0:0`, `USER root:group`. Variables are put in. Where every compose service that runs it has a `user:` of its own, that one decides, and `container-as-root` judges it. An error in what is for production, a note in development and test. An image that is made from one that is known to set a user (`…-unprivileged`, `…:nonroot`) passes, and so does one whose entry point is known to give root's rights away (`postgres`, `redis`) and is kept; nginx and httpd, whose workers alone do, are a note; where it is made from somebody's whose user cannot be seen here, it is a warning at most.

The deployment checklist: "Non-root user configured in Dockerfile".

## Why it matters

Whoever takes the process over is root in the container, may write to every file of it and of what is mounted, and is one kernel bug away from root on the host.

## What to do

Make a user and name it at the end: `RUN addgroup -g 1001 -S app && adduser -S app -u 1001 -G app` and `USER app`.

## Facts

None besides the path and the line.
"#,
    group: Group::Dockerfile,
    severity: Severity::Error,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Deployment,
    fix: None,
    checklist: &[(Item::NonRootUser, 2)],
    bad: &[
        Example {
            about: "an entry point of its own in the place of one that steps down",
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
            about: "the USER of another stage",
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
            about: "root's number",
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
            about: "a service that names none",
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
            about: "an entry point that starts the server as a user of its own",
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
            about: "the user of the stage it is made from",
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
            about: "a user that compose names",
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
            about: "an image that sets one",
            steps: &[Step::File("Dockerfile", 0o644, "FROM gcr.io/distroless/nodejs20-debian12:nonroot\n")],
        },
    ],
};

const HELP: &str = "make a user, and name it at the end: USER app";

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    let severity = by_environment(build.environment, Severity::Error);
    // Where each service names a user, the image's own is asked by nobody.
    if !build.services.is_empty() && build.services.iter().all(|service| service.user.is_some()) {
        return;
    }
    let (stages, image) = build.stages();
    let Some(stage) = image.and_then(|at| stages.get(at)) else { return };
    let new = |what| Finding::new(&CHECK, build.origin(), what, HELP).severity(severity);
    match &stage.user {
        Some(user) if user.what.contains(UNKNOWN) => {
            let what = "who runs it only the build says";
            findings.push(Finding::new(&CHECK, build.origin(), what, HELP).severity(Severity::Note).line(user.line));
        }
        Some(user) if is_root(&user.what) => findings.push(new("USER is root").line(user.line)),
        Some(_) => {}
        None => {
            let is_own = stage.entrypoint.is_some();
            let Some(severity) = without_user(bottom(&stages, stage), is_own, severity) else { return };
            findings.push(new("no USER in its last stage: root runs it").line(stage.line).severity(severity));
        }
    }
}

/// How grave it is that nothing here names a user: the image that it is made from may. Docker's official ones do not,
/// but for a few, and the entry points of many step down, unless another one takes their place; of others it is not known.
fn without_user(base: &Base, has_entrypoint: bool, gravest: Severity) -> Option<Severity> {
    const NAMED: [&str; 4] = ["nonroot", "unprivileged", "rootless", "chiseled"];
    const OFFICIAL: [&str; 8] =
        ["elasticsearch", "logstash", "kibana", "solr", "sonarqube", "memcached", "haproxy", "varnish"];
    const MAKERS: [&str; 3] = ["cgr.dev/chainguard/", "bitnami/", "docker.io/bitnami/"];
    let image = match base {
        Base::Image(image) => image,
        // Its own Dockerfile says who.
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
        // Root's master only opens ports.
        (Some(Server::Workers), _) => Some(Severity::Note),
        (None, true) => Some(gravest),
        (None, false) => Some(gravest.min(Severity::Warning)),
    }
}
