//! `same-secret-across-environments`: one secret in two environments.

use std::collections::BTreeMap;

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::environment::Environment;
use crate::finding::{Fact, Finding, Severity};
use crate::project::{FoundSecret, ProjectFile, Together};
use crate::secret::Tag;

pub(crate) static CHECK: Check = Check {
    id: "same-secret-across-environments",
    title: "one secret in two environments",
    doc: r#"## What it does

Reports a filled secret that the env files of two deployments both use, including passwords inside URLs. Severity: error if one of them is production and the other is not; warning between development and test, between production and staging, and if the environment of one of the two files is unknown. Two files whose names say no environment (`.env` and `backend/.env`) belong to one deployment if only one of them sets NODE_ENV or the like. So do files that one compose stack reads, unless the files say otherwise.

## Why it matters

Development secrets are on laptops, in chats and in CI. If production uses the same value, they open production.

## What to do

Generate a new value for production.

## Facts

- `with`: the other place: path, key, line
- `environments`: the two environments
"#,
    group: Group::Secret,
    severity: Severity::Error,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 10)],
    bad: &[
        Example {
            about: "staging is another deployment",
            steps: &[
                Step::File(".env.staging", 0o600, "JWT_SECRET={hex64}\n"),
                Step::File(".env.production", 0o600, "JWT_SECRET={hex64}\n"),
            ],
        },
        Example {
            about: "the key of development opens production",
            steps: &[
                Step::File(".env.development", 0o600, "JWT_SECRET={hex64}\n"),
                Step::File(".env.production", 0o600, "JWT_SECRET={hex64}\n"),
            ],
        },
    ],
    good: &[
        Example {
            about: "two files of one compose stack",
            steps: &[
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  api:
    image: api:1.0.0
    env_file: [.env, .env.production]
"#,
                ),
                Step::File(".env", 0o600, "JWT_SECRET={hex64}\n"),
                Step::File(".env.production", 0o600, "JWT_SECRET={hex64}\n"),
            ],
        },
        Example {
            about: "two files of one deployment, one of which says its environment",
            steps: &[
                Step::File(
                    ".env",
                    0o600,
                    r#"
NODE_ENV=production
JWT_SECRET={hex64}
"#,
                ),
                Step::File("backend/.env", 0o600, "JWT_SECRET={hex64}\n"),
            ],
        },
        Example {
            about: "a value for each environment",
            steps: &[
                Step::File(".env.development", 0o600, "JWT_SECRET={hex64}\n"),
                Step::File(".env.production", 0o600, "JWT_SECRET={hex642}\n"),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    let together = Together::of(project, context.config);
    let mut seen: BTreeMap<Tag, Vec<(&ProjectFile, &FoundSecret)>> = BTreeMap::new();
    for file in &project.files {
        for secret in file.in_use().filter(|secret| secret.is_filled()) {
            let places = seen.entry(context.group.tag(&secret.value)).or_default();
            let other =
                places.iter().filter(|(other, _)| !together.are(&other.path, &file.path)).find_map(|(other, there)| {
                    severity(other.environment, file.environment).map(|severity| (severity, *other, *there))
                });
            if let Some((severity, other, there)) = other {
                let with = Fact::Place { path: other.path.clone(), key: there.key.clone(), line: there.line };
                let words = vec![together.word(&other.path), together.word(&file.path)];
                findings.push(
                    Finding::new(
                        &CHECK,
                        file.origin(),
                        "{key} {has|have} the same value as {with}, in another environment",
                        "give each environment its own value",
                    )
                    .severity(severity)
                    .line(secret.line)
                    .key(secret.key.as_ref())
                    .fact("with", with)
                    .fact("environments", Fact::Words(words)),
                );
            }
            places.push((file, secret));
        }
    }
}

fn severity(one: Environment, other: Environment) -> Option<Severity> {
    use Environment::{Production, Unknown};
    match (one, other) {
        // Production and staging.
        (Production, Production) => Some(Severity::Warning),
        _ if one == other => None,
        (Production, Unknown) | (Unknown, Production) => Some(Severity::Warning),
        (Unknown, _) | (_, Unknown) => None,
        (Production, _) | (_, Production) => Some(Severity::Error),
        _ => Some(Severity::Warning),
    }
}
