//! `live-value-in-image`: a secret in use that a container image contains.

use super::{severity, with_facts, with_reach};
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::git::replacement::Replacement;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::trace::ImagePart;

pub(crate) static CHECK: Check = Check {
    id: "live-value-in-image",
    title: "a secret in use that a container image contains",
    doc: r#"## What it does

`docker save IMAGE | envward trace -` (or `envward trace IMAGE.tar`) searches an image in the layout of Docker or OCI for the secrets of the current env files: the files of each layer, also those that a later layer deletes, the environment, the history and the rest of the configuration.

Severity: error, because everybody who can pull the image can read it. Critical if every account can read the file with the image.

## Why it matters

What one layer adds and the next removes is still in the image. `ARG` and `ENV` stay in its history. An image is pushed to registries, and cached on every host that runs it.

## What to do

Replace the secret. Build the image again without it: `RUN --mount=type=secret` for the build, an env file at run time, a `.dockerignore` for the build context. Delete the old image and its tags, on the host and in the registry.

## Facts

- `in_use`: the env file that contains the value
- `form`: how the value is written
- `part`: `layer`, `environment`, `history` or `configuration`
- `member`: the path in the layer, with `!` between the names in nested archives; null for other parts
- `blob`: the member of the image file that is the layer or the description
- `more`: how many more files of the same layer contain the value
- `offset`: how many bytes stand before the value in the file
- `images`: the names of the image
- `layer`: the number of the layer, from 1 for the lowest; null for other parts
- `layers`: how many layers the image has; null for other parts
- `step`: the number of the step in the history; null for other parts
- `reach`, `readers`, `owner`, `mode`: of the file with the image; null on standard input
- `same_as`: the key that has the same value, as a URL and the password in it have; its command replaces both
- `same_as_in`: the file of that key, if it is another file of the same deployment
"#,
    group: Group::Trace,
    severity: Severity::Critical,
    kinds: &[Kind::SavedImage],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "an env file in a layer",
            steps: &[
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::Image("image.tar", "", &[("app/.env", "DB_PASSWORD={password}\n")]),
            ],
        },
        Example {
            about: "a build argument in the history",
            steps: &[
                Step::File(".env", 0o600, "NPM_TOKEN={token}\n"),
                Step::Image("image.tar", "|1 NPM_TOKEN={token} /bin/sh -c npm ci", &[]),
            ],
        },
    ],
    good: &[Example {
        about: "an image without secrets",
        steps: &[
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::Image("image.tar", "/bin/sh -c npm ci", &[("app/server.js", "run()\n")]),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Traced(sighting) = artifact else { return };
    let (Origin::Image(_), Some(part)) = (&sighting.origin, sighting.image) else { return };
    let replacement = Replacement::of(sighting.key.as_ref(), &sighting.in_use, context);
    let (what, layer, step) = match part {
        ImagePart::Layer(None) => {
            ("{member} in this image contains {the value|the values} of {key} from {in_use}{form:aside}", None, None)
        }
        ImagePart::Layer(layer) => (
            "{member} in layer {layer} of {layers} contains {the value|the values} of {key} from {in_use}{form:aside}",
            layer,
            None,
        ),
        ImagePart::Environment => (
            "the environment of this image contains {the value|the values} of {key} from {in_use}{form:aside}",
            None,
            None,
        ),
        ImagePart::History(step) => (
            "step {step} in the history of this image contains {the value|the values} of {key} from {in_use}{form:aside}",
            None,
            Some(step),
        ),
        ImagePart::Configuration => (
            "the configuration of this image contains {the value|the values} of {key} from {in_use}{form:aside}",
            None,
            None,
        ),
    };
    let number = |number: Option<u32>| number.map_or(Fact::None, |number| Fact::Number(u64::from(number)));
    let grade = sighting.reach.map_or(Severity::Error, severity).max(Severity::Error);
    let finding = Finding::new(&CHECK, sighting.origin.clone(), what, replacement.help)
        .severity(grade)
        .then("build the image again without the secret, and delete the old image and its tags");
    let finding = with_reach(with_facts(finding, sighting), sighting)
        .fact("blob", sighting.blob.clone().map_or(Fact::None, Fact::Path))
        .fact("images", Fact::Names(sighting.images.clone()))
        .fact("layer", number(layer.map(|(number, _)| number)))
        .fact("layers", number(layer.map(|(_, count)| count)))
        .fact("step", number(step));
    findings.push(replacement.facts(finding));
}
