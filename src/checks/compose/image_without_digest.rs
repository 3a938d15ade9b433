//! `image-without-digest`: an image without a digest.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::image::{Pin, Reference};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "image-without-digest",
    title: "an image without a digest",
    doc: r#"## What it does

Notes an `image:` with a version but without a digest.

## Why it matters

The deployment checklist: "All Docker images use fixed versions (no `latest`)". Anyone who owns the repository of the image, or has its password, can put another image under the same tag. A digest always means the same image.

## What to do

`docker compose config --lock-image-digests` prints the digests of what runs now.

## Facts

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Note,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::FixedVersions, 2)],
    bad: &[Example {
        about: "only a tag",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  web:
    image: nginx:1.25.3
"#,
        )],
    }],
    good: &[Example {
        about: "a digest",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  web:
    image: nginx:1.25.3@sha256:4c0fdaa8b6341bfdeca5f18f7837462c80cff90527ee35ef185571e1c327beac
"#,
        )],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact).filter(|service| service.at(&["build"]).is_none()) {
        let Some(node) = service.at(&["image"]) else { continue };
        if node.text().is_some_and(|text| Reference::of(text).pin() == Pin::Version) {
            findings.push(about(
                &CHECK,
                &service,
                node.place,
                "{key} {uses an image|use images} without a digest",
                "add the digest that this prints: docker compose config --lock-image-digests",
            ));
        }
    }
}
