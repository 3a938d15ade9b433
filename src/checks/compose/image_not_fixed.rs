//! `image-not-fixed`: a service whose image version is not fixed.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Scalar, Service};
use crate::docker::image::{Pin, Reference};
use crate::env::{self, Resolved};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "image-not-fixed",
    title: "a service whose image version is not fixed",
    doc: r#"## What it does

Reports an `image:` without a tag, with `latest` or the tag of a channel (`stable`, `edge`, `main`, `nightly`, `alpine`), and an image whose tag is a variable that nothing defines. A tag in a variable is checked twice: with the value in `.env` and with the default value, `${TAG:-latest}`, which counts if `.env` is missing. A tag of one number (`15`, `15-alpine`) is a warning. An image that a service of the project builds (`build:`) passes.

## Why it matters

The deployment checklist: "All Docker images use fixed versions (no `latest`)". Without a fixed version, what runs is not what was tested. Updates come unasked, a rollback is impossible, and nobody can say which version was running during an incident. CIS Docker Benchmark 5.28 (4.8 for what is in it).

## What to do

Write the version: `postgres:15.5-alpine`. With a digest after it (`@sha256:…`) the image never changes.

## Facts

- `image`: the image, if its name can be shown
- `pin`: `untagged`, `moving`, `wide`, `unknown`

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Deployment,
    fix: None,
    checklist: &[(Item::FixedVersions, 1)],
    bad: &[
        Example {
            about: "latest",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  web:
    image: nginx:latest
"#,
            )],
        },
        Example {
            about: "no tag",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  web:
    image: registry.example:5000/web
"#,
            )],
        },
        Example {
            about: "latest by default",
            steps: &[
                Step::File(".env", 0o600, "TAG=1.25.3\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  web:
    image: nginx:${TAG:-latest}
"#,
                ),
            ],
        },
        Example {
            about: "a variable that nothing defines",
            steps: &[
                Step::File(".env", 0o600, "PORT=80\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  web:
    image: nginx:${TAG}
"#,
                ),
            ],
        },
    ],
    good: &[
        Example {
            about: "a version",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  web:
    image: nginx:1.25.3-alpine
"#,
            )],
        },
        Example {
            about: "a version in .env",
            steps: &[
                Step::File(".env", 0o600, "TAG=1.25.3\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  web:
    image: nginx:${TAG:?}
"#,
                ),
            ],
        },
        Example {
            about: "an image that the project builds",
            steps: &[
                Step::File("Dockerfile", 0o644, "FROM scratch\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  web:
    build: .
    image: web:latest
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Compose(_, deployment) = artifact else { return };
    // Nobody else moves the tag of what the project builds.
    let own = &deployment.own_images;
    let is_own = |service: &Service<'_>| {
        let image = service.text(&["image"]).map(|image| Reference::of(image).plain_name());
        service.at(&["build"]).is_some() || image.is_some_and(|image| own.contains(&image))
    };
    for service in services(artifact).filter(|service| !is_own(service)) {
        let Some((node, scalar)) = service.at(&["image"]).and_then(|node| Some((node, node.scalar()?))) else {
            continue;
        };
        let (pin, by_default) = judge(&service, scalar);
        let (severity, what) = match (pin, by_default) {
            (Pin::Untagged, _) => {
                (Severity::Error, "{key} {uses an image|use images} without a tag, which means latest")
            }
            (Pin::Moving, false) => {
                (Severity::Error, "{key} {uses an image tag that moves|use image tags that move} to new versions")
            }
            (Pin::Moving, true) => (
                Severity::Error,
                "without .env, {key} {uses an image tag that moves|use image tags that move} to new versions",
            ),
            (Pin::Unknown, _) if service.stack.variables.known => {
                (Severity::Error, "the image {tag|tags} of {key} {is a variable|are variables} that nothing defines")
            }
            (Pin::Unknown, _) => (
                Severity::Note,
                "the image {tag|tags} of {key} {is a variable|are variables}, and there is no .env that could define {it|them}",
            ),
            (Pin::Wide, _) => {
                (Severity::Warning, "the image {tag|tags} of {key} {is not a full version|are not full versions}")
            }
            (Pin::Version | Pin::Digest, _) => continue,
        };
        let image = Reference::of(scalar.value.as_str()).shown().map_or(Fact::None, Fact::Name);
        findings.push(
            about(&CHECK, &service, node.place, what, "write the full version, such as postgres:15.5-alpine")
                .severity(by_environment(service.stack.environment, severity))
                .fact("image", image)
                .fact("pin", Fact::Word(pin.word())),
        );
    }
}

/// The worse of what runs with `.env` and what runs without it, and whether that is the latter.
fn judge(service: &Service<'_>, scalar: &Scalar) -> (Pin, bool) {
    let open = scalar.variables.iter().any(|variable| {
        variable.resolved == Resolved::Undefined
            || variable.resolved == Resolved::Required && !service.stack.variables.known
    });
    // `${TAG:?}` with an .env that does not have it: another check says so, and Compose does not start.
    let refused = scalar.variables.iter().any(|variable| variable.resolved == Resolved::Required);
    let now = match Reference::of(scalar.value.as_str()).pin() {
        Pin::Untagged | Pin::Unknown if refused => Pin::Version,
        Pin::Untagged | Pin::Unknown if open => Pin::Unknown,
        pin => pin,
    };
    match by_default(scalar) {
        Some(Pin::Moving) if now != Pin::Moving => (Pin::Moving, true),
        _ => (now, false),
    }
}

/// What the text is where no variable is defined; `None` where a variable has no default.
#[expect(clippy::disallowed_methods, reason = "an image's name")]
fn by_default(scalar: &Scalar) -> Option<Pin> {
    scalar.written.as_ref()?;
    let mut is_whole = true;
    let mut watch = |_: &[u8], resolved: Resolved| is_whole &= resolved == Resolved::Default;
    let text = env::interpolate(scalar.written(), &|_| None, 4096, &mut watch)?;
    let pin = std::str::from_utf8(text.expose()).ok().map(|text| Reference::of(text).pin());
    pin.filter(|_| is_whole)
}
