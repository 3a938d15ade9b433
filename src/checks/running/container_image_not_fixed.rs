//! `container-image-not-fixed`: a container whose image nobody can name later.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::image::{Pin, Reference};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-image-not-fixed",
    title: "a container whose image nobody can name later",
    doc: r#"## What it does

Reports a running container that was started from an image without a tag or with one that moves (`latest`, `stable`); a major version alone is a warning. An image that Compose built passes: it has the name that Compose gives (`project-service`), or `docker image inspect`, beside the container's, shows Compose's labels; so does one of `localhost/`, which Podman built.

The deployment checklist: "Audit image versions": verify no `latest` tags in use.

## Why it matters

Which image runs is not known, and the next `docker compose pull` brings another.

## What to do

Name the version in the compose file; `docker image inspect` shows which one runs.

## Facts

- `image`: the image, where it may be printed
- `pin`: how it is named: `untagged`, `moving`, `wide`
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "latest",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Image":"grafana/grafana:latest"}}]"#,
            )],
        },
        Example {
            about: "as docker ps says it",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"{"Names":"db","Image":"postgres","State":"running","Status":"Up 2 days"}"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a version",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Image":"grafana/grafana:10.2.3"}}]"#,
            )],
        },
        Example {
            about: "what Compose built and named",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"{"Names":"shop-app-1","Image":"shop-app","State":"running","Status":"Up 2 days","Labels":"com.docker.compose.project=shop,com.docker.compose.service=app"}"#,
            )],
        },
        Example {
            about: "an id",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"{"Names":"db","Image":"4fe5a1b2c3d4","State":"running","Status":"Up 2 days"}"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    // Nobody else moves the tag of what Compose builds here.
    let image = container.image.as_deref().filter(|image| !is_id(image) && !container.labels.is_built);
    let Some(image) = image else { return };
    let reference = Reference::of(image);
    let (severity, what) = match reference.pin() {
        Pin::Untagged => (Severity::Error, "runs {image}: no tag, which means latest"),
        Pin::Moving => (Severity::Error, "runs {image}: a tag that means another image each time"),
        Pin::Wide => (Severity::Warning, "runs {image}: less than a version"),
        Pin::Version | Pin::Digest | Pin::Unknown => return,
    };
    findings.push(
        Finding::new(
            &CHECK,
            Origin::Runtime(container.name.clone()),
            what,
            "name the version that runs in the compose file",
        )
        .severity(severity)
        .fact("image", reference.shown().map_or(Fact::Word("an image"), Fact::Name))
        .fact("pin", Fact::Word(reference.pin().word())),
    );
}

/// Docker's ids of images: shown where the tag has moved on to another one.
fn is_id(image: &str) -> bool {
    let digits = image.strip_prefix("sha256:").unwrap_or(image);
    digits.len() >= 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}
