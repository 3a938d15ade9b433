//! The secrets of an env file, and the set of those that are in use.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use crate::config::{Config, Policy};
use crate::env::{Document, Hidden, Key, Way};
use crate::environment::Environment;
use crate::path::RelPath;
use crate::project::Project;
use crate::project::env_file::ProjectFile;
use crate::secret::class::{self, Class, Length};
use crate::secret::placeholder::{self, Placeholder};
use crate::secret::strength::{self, Strength};
use crate::secret::{GroupKey, Secret, Tag};

/// Whether a secret has a value that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// Nothing behind the `=`.
    Empty,
    /// A value that stands for a value.
    Placeholder(Placeholder),
    /// A value, and how hard it is to guess.
    Filled(Strength),
}

/// How long a secret should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// What its class asks for, in words.
    Default(&'static str),
    /// What the configuration asks for.
    Characters(usize),
}

/// What a secret is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// An assignment, by its index in [`Document::assignments`].
    Assignment(usize),
    /// A line that Docker Compose does not read as an assignment.
    Line,
    /// A file that it is all of.
    File,
}

/// One place that holds a secret.
#[derive(Debug)]
pub struct FoundSecret {
    /// What it is in.
    pub stand: Stand,
    /// Its line.
    pub line: NonZeroU32,
    /// Its key, where it may be printed.
    pub key: Option<Key>,
    /// Its key as written, to compare with, never to print.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// The secret part: the whole value, or the password inside a URL or behind a user.
    pub value: Secret,
    /// Whether it was taken out of a longer value.
    pub in_url: bool,
    /// What the value is.
    pub filling: Filling,
}

impl FoundSecret {
    /// Whether a value that means something is there.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        matches!(self.filling, Filling::Filled(_))
    }

    /// Whether it is all of a file behind `secrets:`.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.stand == Stand::File
    }

    /// What its class asks for, where it is shorter.
    #[expect(clippy::disallowed_methods, reason = "the judge takes bytes")]
    #[must_use]
    pub fn too_short(&self, policy: &Policy) -> Option<Requirement> {
        match policy.minimum_length.get(&self.class) {
            Some(count) if self.value.is_at_least(*count) => None,
            Some(count) => Some(Requirement::Characters(*count)),
            None => match class::length(self.class, self.value.expose()) {
                Length::Enough => None,
                Length::Short { need } => Some(Requirement::Default(need)),
            },
        }
    }

    /// The strength of a filled one.
    #[must_use]
    pub fn strength(&self) -> Option<Strength> {
        match self.filling {
            Filling::Filled(strength) => Some(strength),
            _ => None,
        }
    }
}

/// The secrets that some reader sees in a document, in order. Ciphertext is none.
#[must_use]
pub(crate) fn secrets_of(document: &Document, config: &Config) -> Vec<FoundSecret> {
    let mut found = Vec::new();
    for (index, assignment) in document.assignments().iter().enumerate() {
        let Ok(name) = std::str::from_utf8(document.name(assignment)) else { continue };
        let place = (Stand::Assignment(index), assignment.line, assignment.key.as_ref());
        let nothing = Secret::default();
        let value = if document.is_comment(assignment) { &nothing } else { &assignment.value };
        found.extend(secret(name, value, place, config));
    }
    let hidden = document.hidden().iter().filter(|one| one.way != Way::Comment);
    found.extend(hidden.filter_map(|one| of_hidden(one, config)));
    found
}

/// The secrets that a `#` switches off, and that stand there all the same: those that look real.
#[must_use]
pub(super) fn commented_in(document: &Document, config: &Config) -> Vec<FoundSecret> {
    let comments = document.hidden().iter().filter(|one| one.way == Way::Comment);
    comments.filter_map(|one| of_hidden(one, config)).filter(|one| one.strength() > Some(Strength::Weak)).collect()
}

/// Whether a document is ciphertext: some tool encrypted values of it, and what it left in the open is no secret.
#[must_use]
pub(crate) fn is_sealed(document: &Document, all: &[FoundSecret]) -> bool {
    document.cipher().is_some() && !all.iter().any(FoundSecret::is_filled)
}

/// Whether a file that is called ciphertext holds a secret in the open.
pub(super) fn is_open<'a>(document: &Document, mut secrets: impl Iterator<Item = &'a FoundSecret>) -> bool {
    document.is_read() && secrets.any(|secret| secret.is_filled() && secret.key.is_some())
}

fn of_hidden(hidden: &Hidden, config: &Config) -> Option<FoundSecret> {
    secret(&hidden.name, &hidden.value, (Stand::Line, hidden.line, hidden.key.as_ref()), config)
}

/// The secret behind a key, at a place: what it is in, its line, the key where it may be printed.
#[expect(clippy::disallowed_methods, reason = "the judges take bytes; this is the one place that hands them over")]
fn secret(
    name: &str,
    value: &Secret,
    (stand, line, key): (Stand, NonZeroU32, Option<&Key>),
    config: &Config,
) -> Option<FoundSecret> {
    let value = value.expose();
    let class = config.class_of(name, value)?;
    // What dotenvx and dotenv-vault write beside their ciphertext, which is no assignment's name anywhere else.
    let is_tools = ["sops_", "DOTENV_PUBLIC_KEY", "DOTENV_VAULT"].iter().any(|start| name.starts_with(start));
    if class == Class::Hash || class::is_sealed(value) || is_tools {
        return None;
    }
    let password = class::password(name, value);
    let in_url = password.is_some();
    let bare = class::in_backticks(value).unwrap_or(value);
    let secret = password.map_or_else(|| Secret::copy_of(bare), Secret::new);
    let filling = filling_of(name, secret.expose());
    let (name, key) = (name.to_owned(), key.cloned());
    Some(FoundSecret { stand, line, key, name, class, value: secret, in_url, filling })
}

pub(super) fn filling_of(name: &str, value: &[u8]) -> Filling {
    if value.is_empty() {
        return Filling::Empty;
    }
    let inner = class::nested::of(value);
    let value = inner.as_ref().map_or(value, |inner| inner.secret.as_slice());
    match placeholder::of_key(name, value) {
        Some(kind) => Filling::Placeholder(kind),
        None => Filling::Filled(strength::of(value)),
    }
}

/// The values that no name in a report may show: every secret that was read and is not weak, and every strong value
/// under any key. Weak ones are words that names are made of (`postgres`, `production`): masking them would hide the
/// file that must be fixed, and give the value away.
pub struct Seen<'a> {
    group: &'a GroupKey,
    values: BTreeMap<Tag, Secret>,
}

impl<'a> Seen<'a> {
    /// Nothing yet.
    #[must_use]
    pub fn new(group: &'a GroupKey) -> Self {
        Self { group, values: BTreeMap::new() }
    }

    /// The values of a project: of its env files, of what its compose files contain themselves, and of the settings of
    /// coding agents.
    pub fn project(&mut self, project: &Project, config: &Config) {
        project.files.iter().for_each(|file| self.file(file));
        let written = project.written_secrets(config);
        written.iter().chain(project.agents.secrets()).for_each(|secret| self.value(secret, true));
    }

    /// The values of an env file.
    pub fn file(&mut self, file: &ProjectFile) {
        self.add(file.document.as_ref(), &file.secrets);
        self.add(None, &file.commented);
    }

    /// The values of a document and of the secrets in it.
    #[expect(clippy::disallowed_methods, reason = "the judge takes bytes, and the mask needs the values")]
    pub fn add(&mut self, document: Option<&Document>, secrets: &[FoundSecret]) {
        for secret in secrets.iter().filter(|secret| secret.strength() > Some(Strength::Weak)) {
            let tag = self.group.tag(&secret.value);
            self.values.entry(tag).or_insert_with(|| Secret::copy_of(secret.value.expose()));
        }
        let read = document.into_iter().flat_map(Document::assignments).map(|assignment| &assignment.value);
        let hidden = document.into_iter().flat_map(Document::hidden).map(|hidden| &hidden.value);
        for value in read.chain(hidden) {
            // Most are those secrets, of which the strength is known.
            if let Entry::Vacant(place) = self.values.entry(self.group.tag(value)) {
                if strength::of(value.expose()) == Strength::Strong {
                    place.insert(Secret::copy_of(value.expose()));
                }
            }
        }
    }

    /// One value from elsewhere than an env file, and the password in it: a strong one, and a secret that is not weak.
    #[expect(clippy::disallowed_methods, reason = "the judge takes bytes, and the mask needs the values")]
    pub fn value(&mut self, value: &Secret, is_secret: bool) {
        let least = if is_secret { Strength::Fair } else { Strength::Strong };
        let password = class::url_password(value.expose()).map(Secret::new);
        let values = [Some(value).filter(|value| strength::of(value.expose()) >= least), password.as_ref()];
        for value in values.into_iter().flatten().filter(|value| strength::of(value.expose()) > Strength::Weak) {
            self.values.entry(self.group.tag(value)).or_insert_with(|| Secret::copy_of(value.expose()));
        }
    }

    /// The values.
    #[must_use]
    pub fn into_values(self) -> Vec<Secret> {
        self.values.into_values().collect()
    }
}

/// The secrets that are in use now: those of the work tree's env files, by key and by value.
#[derive(Default)]
pub struct Live {
    /// By key: each value, the most severe environment that has it, and a file of that environment.
    by_key: BTreeMap<String, BTreeMap<Tag, (Environment, RelPath)>>,
    by_value: BTreeSet<Tag>,
    /// The files in which each key has a value, and what they are for.
    filled: BTreeMap<String, BTreeMap<RelPath, Environment>>,
    /// Whether an env file could not be read, so that "not in use" cannot be said.
    pub incomplete: bool,
}

impl Live {
    /// Adds the secrets of the env files among these.
    pub fn add_files(&mut self, files: &[ProjectFile], group: &GroupKey) {
        for file in files.iter().filter(|file| file.role.is_in_use()) {
            self.incomplete |= file.document.is_none();
            self.add(&file.path, file.environment, &file.secrets, group);
        }
    }

    /// Adds one env file's secrets.
    pub fn add(&mut self, path: &RelPath, environment: Environment, secrets: &[FoundSecret], group: &GroupKey) {
        for secret in secrets.iter().filter(|secret| secret.is_filled()) {
            let tag = group.tag(&secret.value);
            self.filled.entry(secret.name.clone()).or_default().insert(path.clone(), environment);
            let values = self.by_key.entry(secret.name.clone()).or_default();
            let known = values.entry(tag).or_insert_with(|| (environment, path.clone()));
            // The order of the variants: an unknown environment may be production.
            if known.0 < environment {
                *known = (environment, path.clone());
            }
            if secret.strength() > Some(Strength::Weak) {
                self.by_value.insert(tag);
            }
        }
    }

    /// Where this key has this value now, whatever its strength: the most severe environment and a file of it; `None`
    /// where it has not.
    #[must_use]
    pub fn place(&self, name: &str, tag: Tag) -> Option<&(Environment, RelPath)> {
        self.by_key.get(name)?.get(&tag)
    }

    /// Whether this key has some value now in the env file that took an older one's place: one of its directory, for the
    /// same environment. Only then can one say that it was replaced: a key that is gone may live on in a vault, and one
    /// of another directory or environment is another service's.
    #[must_use]
    pub fn has_key(&self, old: &RelPath, environment: Environment, name: &str) -> bool {
        let follows = |(file, now): (&RelPath, &Environment)| {
            let is_silent = *now == Environment::Unknown || environment == Environment::Unknown;
            file.parent() == old.parent() && (*now == environment || file == old && is_silent)
        };
        self.filled.get(name).is_some_and(|files| files.iter().any(follows))
    }

    /// The same of the place to which an env file moved, where no other env file has this key.
    #[must_use]
    pub fn has_key_alone(&self, place: &RelPath, environment: Environment, name: &str) -> bool {
        let is_alone = self.filled.get(name).is_some_and(|files| files.len() == 1);
        is_alone && self.has_key(place, environment, name)
    }

    /// Whether any key has this value now; weak values are everywhere and mean nothing.
    #[must_use]
    pub fn has_value(&self, tag: Tag) -> bool {
        self.by_value.contains(&tag)
    }
}
