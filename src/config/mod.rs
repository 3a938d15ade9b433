//! `envward.toml`: what a project tells envward about itself. Every default works without it.

mod attestation;
mod fault;
mod read;
mod section;
mod show;

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use globset::{GlobMatcher, GlobSet};
use jiff::civil::Date;

use crate::env::readers::Reader;
use crate::environment::Environment;
use crate::path::RelPath;
use crate::problem::ProblemKind;
use crate::secret::Secret;
use crate::secret::class::{self, Class, Limits};

pub use attestation::{ATTESTATIONS, ATTESTED_DAYS, Attestable, holds};
pub use fault::{Fault, Invalid};

/// The file's name at the project root.
pub const FILE: &str = "envward.toml";

/// Directories that the walk does not enter: dependencies and virtual environments, which are large, and whose env
/// files are somebody else's.
pub const PRUNED: [&str; 17] = [
    ".cargo",
    ".gradle",
    ".m2",
    ".nox",
    ".pnpm-store",
    ".terraform",
    ".tox",
    ".venv",
    ".yarn",
    "Pods",
    "__pycache__",
    "bower_components",
    "node_modules",
    "site-packages",
    "target",
    "vendor",
    "venv",
];

/// A valid configuration.
#[derive(Debug, Default)]
pub struct Config {
    /// Where it was read; `None` for the defaults.
    pub source: Option<RelPath>,
    /// `[project] name`.
    pub name: Option<String>,
    /// `[project] readers`: the programs that read the env files; none where they are to be found.
    pub readers: Vec<Reader>,
    /// `[project.environments]`: path pattern -> environment, first match wins.
    pub environments: Vec<(GlobMatcher, Environment)>,
    /// `[files]`.
    pub files: Files,
    /// `[policy]`.
    pub policy: Policy,
    /// `[hook]`.
    pub hook: Hook,
    /// `[preflight]`.
    pub preflight: Preflight,
    /// `[[ignore]]`.
    pub ignores: Vec<Ignore>,
    /// `[[accept]]`.
    pub accepts: Vec<Accept>,
}

/// `[files]`.
#[derive(Debug)]
pub struct Files {
    /// Patterns of further env files.
    pub extra: GlobSet,
    /// The last parts of those patterns: what a tree of git's, which knows no paths, can be asked for.
    pub extra_names: GlobSet,
    /// Patterns of further templates.
    pub templates: GlobSet,
    /// Directory names that the walk does not enter.
    pub prune: Vec<String>,
    /// Modes that pass besides 0600 and stricter.
    pub allowed_modes: Vec<u32>,
    /// Users whose files pass besides yours, root's and those of the project root's owner.
    pub allowed_owners: Vec<String>,
    /// The patterns as written, for `--print-config`.
    pub written: BTreeMap<&'static str, Vec<String>>,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            extra: GlobSet::empty(),
            extra_names: GlobSet::empty(),
            templates: GlobSet::empty(),
            prune: PRUNED.iter().map(|name| (*name).to_owned()).collect(),
            allowed_modes: Vec::new(),
            allowed_owners: Vec::new(),
            written: BTreeMap::new(),
        }
    }
}

/// `[policy]`.
#[derive(Debug, Default)]
pub struct Policy {
    /// `[policy.minimum_length]`: class -> the least number of characters, instead of the default's.
    pub minimum_length: BTreeMap<Class, usize>,
    /// `[policy.classes]`: key -> its class; `None` for "no secret".
    pub classes: BTreeMap<String, Option<Class>>,
    /// `[policy.ages]`: class -> when its secrets are due, instead of the default's.
    pub ages: BTreeMap<Class, Limits>,
    /// `[policy.key_ages]`: key -> when it is due, instead of its class's.
    pub key_ages: BTreeMap<String, Limits>,
}

/// `[hook]`.
#[derive(Debug, Default)]
pub struct Hook {
    /// Whether the hooks also stop a change that only leaves what is wrong as it is.
    pub strict: bool,
}

/// `[preflight]`.
#[derive(Debug, Default)]
pub struct Preflight {
    /// Which checks.
    pub profile: Profile,
    /// `[preflight.attestations]`: what somebody says was done, by its name.
    pub attestations: BTreeMap<&'static str, Attestation>,
    /// `[preflight.newest]`: the least version that somebody wants of an image, by the image's name.
    pub newest: BTreeMap<String, String>,
}

/// Which checks `preflight` makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Those of the deployment checklists.
    #[default]
    Takumi,
    /// Secrets and exposure alone.
    Minimal,
}

impl Profile {
    /// The word in the configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Takumi => "takumi",
            Self::Minimal => "minimal",
        }
    }
}

/// What no program can see, and somebody says was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The day it was done.
    pub on: Date,
    /// Who says so.
    pub by: String,
    /// The last day it holds; else [`crate::config::ATTESTED_DAYS`] after it was done.
    pub until: Option<Date>,
}

/// `[[ignore]]`: a finding that is known, with the reason.
#[derive(Debug)]
pub struct Ignore {
    /// The check's id.
    pub check: &'static str,
    /// The path, or a pattern of paths; every path where it is not given.
    pub path: Option<GlobMatcher>,
    /// The key; every key where it is not given.
    pub key: Option<String>,
    /// For a finding in history: the last commit that it covers.
    pub through: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day.
    pub until: Option<Date>,
    /// Its line.
    pub line: NonZeroU32,
}

/// `[[accept]]`: a problem that is known, with the reason.
#[derive(Debug)]
pub struct Accept {
    /// Which problem.
    pub problem: ProblemKind,
    /// The path, or a pattern of paths; required where the problem has one.
    pub path: Option<GlobMatcher>,
    /// Why.
    pub reason: String,
    /// The last day.
    pub until: Option<Date>,
    /// Its line.
    pub line: NonZeroU32,
}

impl Config {
    /// The environment that the configuration gives to a path.
    #[must_use]
    pub fn environment_of(&self, path: &RelPath) -> Option<Environment> {
        let (_, environment) = self.environments.iter().find(|(glob, _)| matches(glob, path))?;
        Some(*environment)
    }

    /// When a secret is due: by its key, else by its class.
    #[must_use]
    pub fn limits_of(&self, key: &str, class: Class) -> Limits {
        let given = self.policy.key_ages.get(key).or_else(|| self.policy.ages.get(&class));
        given.copied().unwrap_or_else(|| class::default_limits(class))
    }

    /// Whether a key and its value are a secret.
    #[expect(clippy::disallowed_methods, reason = "the judge takes bytes")]
    #[must_use]
    pub fn is_secret(&self, key: &str, value: &Secret) -> bool {
        self.class_of(key, value.expose()).is_some_and(|class| class != Class::Hash)
    }

    /// The class of a key and its value, by the configuration, else by its words; `None` where it is no secret.
    #[must_use]
    pub fn class_of(&self, key: &str, value: &[u8]) -> Option<Class> {
        match self.policy.classes.get(key) {
            Some(class) => *class,
            None => class::of(key, value),
        }
    }
}

/// Whether a pattern covers a path, byte for byte.
#[must_use]
pub fn matches(glob: &GlobMatcher, path: &RelPath) -> bool {
    glob.is_match(path.under(std::path::Path::new("")))
}
