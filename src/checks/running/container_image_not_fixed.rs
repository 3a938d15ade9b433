//! `container-image-not-fixed`: a container whose image version is not fixed.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::image::{Pin, Reference};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-image-not-fixed",
    title: "a container whose image version is not fixed",
    doc: r#"## What it does

Reports a running container that was started from an image without a tag or with a moving tag (`latest`, `stable`). A major version alone is a warning. An image that Compose built passes: it has the name that Compose gives (`project-service`), or `docker image inspect`, together with the output for the container, shows Compose's labels. An image from `localhost/`, which Podman built, passes too.

The deployment checklist: "Audit image versions": verify no `latest` tags in use.

## Why it matters

Nobody knows which image runs, and the next `docker compose pull` brings another.

## What to do

Write the version into the compose file; `docker image inspect` shows which version runs.

## Facts

- `image`: the image, if its name can be shown
- `pin`: how the version is given: `untagged`, `moving`, `wide`
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
            about: "in the output of docker ps",
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
            about: "an image that Compose built and named",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"{"Names":"shop-app-1","Image":"shop-app","State":"running","Status":"Up 2 days","Labels":"com.docker.compose.project=shop,com.docker.compose.service=app"}"#,
            )],
        },
        Example {
            about: "an image id",
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
        Pin::Untagged => (Severity::Error, "the container runs {image} without a tag, which means latest"),
        Pin::Moving => (Severity::Error, "the container runs {image}, and that tag moves to new versions"),
        Pin::Wide => (Severity::Warning, "the container runs {image}, which is not a full version"),
        Pin::Version | Pin::Digest | Pin::Unknown => return,
    };
    findings.push(
        Finding::new(
            &CHECK,
            Origin::Runtime(container.name.clone()),
            what,
            "write the running version into the compose file, such as postgres:15.5-alpine",
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
