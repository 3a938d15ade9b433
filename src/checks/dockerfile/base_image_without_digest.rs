//! `base-image-without-digest`: a base image without a digest.

use super::base_images::{Taken, images};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::image::{Pin, Reference};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "base-image-without-digest",
    title: "a base image without a digest",
    doc: r#"## What it does

Notes an image that a Dockerfile builds on with a version but without a digest. This is hardening, so it is only a note.

The deployment checklist: "All Docker images use fixed versions (no `latest`)".

## Why it matters

Anyone who can push to the registry can put another image under an existing version. A digest always means the same image.

## What to do

`docker buildx imagetools inspect NAME:1.2.3` shows the digest: `FROM NAME:1.2.3@sha256:…`. Let a bot update the digest, or the image stays old.

## Facts

- `image`: the image, if its name can be shown
"#,
    group: Group::Dockerfile,
    severity: Severity::Note,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::FixedVersions, 4)],
    bad: &[Example { about: "a version", steps: &[Step::File("Dockerfile", 0o644, "FROM node:18.19.0\n")] }],
    good: &[
        Example {
            about: "a digest",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                "FROM node:18.19.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
            )],
        },
        Example { about: "no base image", steps: &[Step::File("Dockerfile", 0o644, "FROM scratch\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    for Taken { path, line, image } in images(build) {
        let reference = Reference::of(&image);
        if reference.pin() != Pin::Version {
            continue;
        }
        let (what, help) = ("{image} has no digest", "add @sha256:… after the tag");
        let shown = reference.shown().map_or(Fact::Word("an image"), Fact::Name);
        findings.push(Finding::new(&CHECK, Origin::Worktree(path), what, help).line(line).fact("image", shown));
    }
}
