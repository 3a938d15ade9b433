//! `image-behind`: an image that is older than the version you named.

use super::{about, services};
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::image::{Reference, version_of};
use crate::finding::{Fact, Finding, Severity};
use crate::name::Name;

pub(crate) static CHECK: Check = Check {
    id: "image-behind",
    title: "an image that is older than the version you named",
    doc: r#"## What it does

Reports an `image:` whose tag has an older version than `[preflight.newest]` in `envward.toml` names for it. Tags are compared by the numbers at their start, as far as both have them. A tag without a version is reported by `image-not-fixed`. Only you can say which version is the newest: envward opens no connection.

The deployment guide: "Updates and Maintenance".

## Why it matters

Write a version down once, when you know that it fixes a vulnerability, and envward finds every stack that still has an older one.

## What to do

Write the new version into the compose file, then run `docker compose pull` and `docker compose up -d`.

## Facts

- `image`: the image, if its name can be shown
- `newest`: the version in `envward.toml`

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Warning,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "an older version",
        steps: &[
            Step::File(
                "envward.toml",
                0o644,
                r#"
[preflight.newest]
postgres = "15.6"
"#,
            ),
            Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:15.5-alpine
"#,
            ),
        ],
    }],
    good: &[
        Example {
            about: "that version and a newer version",
            steps: &[
                Step::File(
                    "envward.toml",
                    0o644,
                    r#"
[preflight.newest]
postgres = "15.5"
redis = "7.2"
"#,
                ),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:15.5-alpine
  cache:
    image: redis:7.10.1
"#,
                ),
            ],
        },
        Example {
            about: "no version is named",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  db:
    image: postgres:9.6.1
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let Some(node) = service.at(&["image"]) else { continue };
        let image = Reference::of(node.text().unwrap_or_default());
        let named = context.config.preflight.newest.get(&image.plain_name());
        let Some((newest, tag)) = named.zip(image.tag) else { continue };
        let Some((wanted, has)) = version_of(newest).zip(version_of(tag)) else { continue };
        // `7` may be any version that begins with 7.
        let is_behind =
            wanted.iter().zip(&has).find(|(wanted, has)| wanted != has).is_some_and(|(wanted, has)| has < wanted);
        if is_behind {
            findings.push(
                about(
                    &CHECK,
                    &service,
                    node.place,
                    "{key} {uses|use} {image}, which is older than version {newest} in envward.toml",
                    "write the new version into the compose file, then: docker compose pull",
                )
                .fact("image", image.shown().map_or(Fact::Word("an image"), Fact::Name))
                .fact("newest", Fact::Name(Name(newest.as_bytes().to_vec()))),
            );
        }
    }
}
