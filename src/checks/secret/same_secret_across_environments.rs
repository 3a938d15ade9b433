//! `same-secret-across-environments`: one secret in two environments.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::environment::Environment;
use crate::finding::{Fact, Finding, Severity};
use crate::project::{FoundSecret, ProjectFile, Standing, Together};
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
    let mut seen: BTreeMap<Tag, Places<'_>> = BTreeMap::new();
    for file in &project.files {
        for secret in file.in_use().filter(|secret| secret.is_filled()) {
            let places = seen.entry(context.group.tag(&secret.value)).or_default();
            let other = places.all.iter().filter(|(other, _)| !together.are(&other.path, &file.path)).find_map(
                |(other, there)| {
                    severity(other.environment, file.environment).map(|severity| (severity, *other, *there))
                },
            );
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
            // One that stands as an earlier one does is never the first in another environment.
            let standing = together.standing(&file.path);
            if standing.is_none_or(|standing| places.known.insert((file.environment, standing))) {
                places.all.push((file, secret));
            }
        }
    }
}

/// The places of one value.
#[derive(Default)]
struct Places<'a> {
    all: Vec<(&'a ProjectFile, &'a FoundSecret)>,
    known: BTreeSet<(Environment, &'a Standing)>,
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

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes a project")]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::path::RelPath;
    use crate::project::Project;
    use crate::secret::GroupKey;
    use crate::work;

    /// The same value in so many files of one deployment, and then in one of another.
    fn steps(count: usize) -> u64 {
        let home = tempfile::tempdir().unwrap();
        let value: String = (0..48_u8).map(|at| char::from(b'a' + at.wrapping_mul(37) % 26)).collect();
        let names = (0..count).map(|at| format!("a{at}/.env.production"));
        for name in names.chain(["z/.env.development".to_owned()]) {
            let path = home.path().join(name);
            std::fs::create_dir(path.parent().unwrap()).unwrap();
            std::fs::write(path, format!("DB_PASSWORD={value}\n")).unwrap();
        }
        let config = Config::default();
        let project = Project::load(home.path(), &RelPath::default(), false, &config, None).unwrap();
        let (group, today, mut found) = (GroupKey::new([0; 32]), jiff::civil::date(2026, 1, 1), Vec::new());
        let context = Context {
            config: &config,
            project: &project,
            user: 0,
            staged_only: false,
            group: &group,
            ages: None,
            today,
        };
        let steps = work::steps(|| run(&Artifact::Project(&project), &context, &mut found));
        assert_eq!(found.len(), 1);
        steps
    }

    #[test]
    fn one_value_in_many_files_takes_as_much_work_as_there_are_files() {
        let (few, more) = (steps(20), steps(160));
        assert!(few >= 20 && more <= few * 9, "{few} {more}");
    }
}
