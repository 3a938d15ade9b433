//! Which env files belong together: those of one deployment, in which one secret has one value. The same for `init`,
//! which makes them, for `rotation`, which replaces them, for `incident`, and for the checks.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::docker::compose::{Location, Stack};
use crate::env::names;
use crate::environment::Environment;
use crate::path::RelPath;
use crate::project::env_file::ProjectFile;
use crate::project::load::Project;
use crate::work;

/// What a file says that it is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// Its name or the configuration says it: `.env.staging`.
    Named(&'static str),
    /// Its name says nothing (`.env`, `backend/.env`); what it sets itself may.
    Plain(Environment),
}

impl Label {
    /// That of a file, of which `environment` is known otherwise.
    #[must_use]
    pub fn of(path: &RelPath, environment: Environment, config: &Config) -> Self {
        let word = names::environment_word(path.file_name());
        let by_name = word.and_then(|word| Some((Environment::from_word(word)?, word)));
        match (config.environment_of(path), by_name) {
            (Some(said), Some((named, word))) if said == named => Self::Named(deployment(named, word)),
            (Some(said), _) => Self::Named(said.word()),
            (None, Some((named, word))) => Self::Named(deployment(named, word)),
            (None, None) => Self::Plain(environment),
        }
    }

    /// The word for it on a screen.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Named(word) => word,
            Self::Plain(environment) => environment.word(),
        }
    }

    /// Whether two files with these are of one deployment, by what they say alone. Plain files are of one host, unless
    /// they say that they are not; `is_one_host` is false where plain files say different things.
    #[must_use]
    pub fn agrees(&self, other: &Self, is_one_host: bool) -> bool {
        use Environment::Unknown;
        match (self, other) {
            (Self::Named(one), Self::Named(other)) => one == other,
            (Self::Plain(one), Self::Plain(other)) => one == other || is_one_host && [one, other].contains(&&Unknown),
            (Self::Named(word), Self::Plain(said)) | (Self::Plain(said), Self::Named(word)) => said.word() == *word,
        }
    }

    /// Whether they say that they are of two deployments.
    fn contradicts(&self, other: &Self) -> bool {
        let is_silent = |label: &Self| *label == Self::Plain(Environment::Unknown);
        !is_silent(self) && !is_silent(other) && !self.agrees(other, false)
    }
}

/// Staging is as real as production, and another deployment.
fn deployment(environment: Environment, word: &str) -> &'static str {
    let word = word.to_ascii_lowercase();
    match (environment, word.as_str()) {
        (Environment::Production, "stage" | "staging" | "stg") => "staging",
        (Environment::Production, "preview") => "preview",
        (Environment::Production, word) if word.starts_with("pre") => "preproduction",
        _ => environment.word(),
    }
}

/// What a file says, and the stacks that read it, by their numbers. Files of which the same is known belong together with
/// the same files.
pub type Standing = (Label, BTreeSet<usize>);

/// The files of a project, as they belong together.
#[derive(Debug, Default)]
pub struct Together {
    files: BTreeMap<RelPath, Standing>,
    is_one_host: bool,
}

impl Together {
    /// Of the files of a project.
    #[must_use]
    pub fn of(project: &Project, config: &Config) -> Self {
        let readers = readers(&project.stacks);
        let label = |file: &ProjectFile| {
            let stacks = readers.get(&file.path).cloned().unwrap_or_default();
            (file.path.clone(), (Label::of(&file.path, file.environment, config), stacks))
        };
        let files: BTreeMap<_, _> = project.files.iter().map(label).collect();
        let is_one_host = are_one_host(files.values().map(|(label, _)| label));
        Self { files, is_one_host }
    }

    /// What is known of a file; `None` where it is not the project's.
    #[must_use]
    pub fn standing(&self, path: &RelPath) -> Option<&Standing> {
        self.files.get(path)
    }

    /// Whether two files are of one deployment: they say so, or one stack reads both and they do not say otherwise.
    #[must_use]
    pub fn are(&self, one: &RelPath, other: &RelPath) -> bool {
        work::step();
        let (Some((label, stacks)), Some((other, others))) = (self.files.get(one), self.files.get(other)) else {
            return one == other;
        };
        label.agrees(other, self.is_one_host) || !label.contradicts(other) && !stacks.is_disjoint(others)
    }

    /// The word for the deployment of a file.
    #[must_use]
    pub fn word(&self, path: &RelPath) -> &'static str {
        self.files.get(path).map_or(Environment::Unknown.word(), |(label, _)| label.word())
    }
}

/// Whether the plain files that say something all say the same, so that the silent ones belong to them.
#[must_use]
pub fn are_one_host<'a>(labels: impl Iterator<Item = &'a Label>) -> bool {
    let loud = labels.filter(|label| matches!(label, Label::Plain(said) if *said != Environment::Unknown));
    loud.collect::<BTreeSet<_>>().len() <= 1
}

/// The numbers of the stacks that read each file.
fn readers(stacks: &[Stack]) -> BTreeMap<RelPath, BTreeSet<usize>> {
    let mut readers: BTreeMap<RelPath, BTreeSet<usize>> = BTreeMap::new();
    for (number, stack) in stacks.iter().enumerate() {
        let env_files = stack.services().flat_map(|service| service.env_files()).map(|file| file.location);
        let secrets = stack.file_secrets().into_iter().map(|secret| secret.location);
        let below = env_files.chain(secrets).filter_map(|location| match location {
            Location::Below(path) => Some(path),
            _ => None,
        });
        for path in below.chain(stack.env_files.iter().cloned()) {
            readers.entry(path).or_default().insert(number);
        }
    }
    readers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_files_say() {
        use Environment::{Development, Production, Unknown};
        let label = |name: &str, said| Label::of(&RelPath::from(name), said, &Config::default());
        let cases = [
            ((".env.staging", Unknown), (".env.production", Unknown), false, true),
            ((".env.stg", Unknown), ("api/.env.staging", Unknown), true, false),
            ((".env.prod", Unknown), ("api/.env.production", Unknown), true, false),
            ((".env.prod", Unknown), ("api/.env.pre-prod", Unknown), false, true),
            ((".env", Production), (".env.production", Unknown), true, false),
            ((".env", Development), (".env.production", Unknown), false, true),
            ((".env", Unknown), (".env.production", Unknown), false, false),
            ((".env", Unknown), ("api/.env", Production), true, false),
            ((".env", Development), ("api/.env", Production), false, true),
        ];
        for (one, other, agrees, contradicts) in cases {
            let (first, second) = (label(one.0, one.1), label(other.0, other.1));
            assert_eq!(first.agrees(&second, true), agrees, "{one:?} {other:?}");
            assert_eq!(second.agrees(&first, true), agrees, "{one:?} {other:?}");
            assert_eq!(first.contradicts(&second), contradicts, "{one:?} {other:?}");
        }
    }
}
