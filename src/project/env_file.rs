//! One env file of the work tree, opened, judged by descriptor and read.

use std::sync::OnceLock;

use super::hashes::HashAt;
use super::secrets::{FoundSecret, Stand};
use crate::config::Config;
use crate::env::names::{self, NEXT, PREVIOUS, Role};
use crate::env::{Assignment, Document, Dollar, committed_by_design};
use crate::environment::Environment;
use crate::files::{Link, Root, Stat, is_being_written, is_temporary};
use crate::finding::Origin;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::file_role::{Content, Reading};
use crate::secret::strength::{self, Strength};

/// What git says about a file of the work tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GitView {
    /// It is in the index.
    pub tracked: bool,
    /// What is in the index is ciphertext, which a filter decrypts in the work tree (git-crypt).
    pub is_sealed: bool,
    /// git's ignore rules hide it.
    pub ignored: bool,
    /// Whether the branch's upstream has it.
    pub upstream: Upstream,
}

/// What the upstream of the branch has of a file that is not in the index, as of the last fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Upstream {
    /// Nothing.
    #[default]
    Nothing,
    /// The file, and commits that are not here: a pull brings it.
    Incoming,
    /// The file, which HEAD still has: the removal is in the index alone.
    RemovalStaged,
    /// The file, which HEAD has no more: the removal is not pushed.
    RemovalCommitted {
        /// Whether a plain `git push` goes to that branch.
        is_plain: bool,
    },
    /// The file, and commits that are not pushed have other versions of it.
    VersionsUnpushed,
}

impl GitView {
    /// Whether the next commit publishes what the file contains.
    #[must_use]
    pub fn is_published(self) -> bool {
        self.tracked && !self.is_sealed
    }
}

/// One env file, copy or template of the work tree.
#[derive(Debug)]
pub struct ProjectFile {
    /// Its path below the project root.
    pub path: RelPath,
    /// What its name says it is.
    pub role: Role,
    /// What it is for.
    pub environment: Environment,
    /// What its descriptor says; `None` where it was not opened.
    pub stat: Option<Stat>,
    /// Whether its file system keeps modes.
    pub keeps_modes: bool,
    /// Set for a symbolic link.
    pub link: Option<Link>,
    /// Its content; `None` where it was not read.
    pub document: Option<Document>,
    /// Its secrets.
    pub secrets: Vec<FoundSecret>,
    /// Those that a `#` switches off: nothing uses them, and everybody who opens the file has them.
    pub commented: Vec<FoundSecret>,
    /// What git says; `None` outside a repository.
    pub git: Option<GitView>,
    /// The hashes in it, once somebody asked.
    pub(super) hashes: OnceLock<Vec<HashAt>>,
}

impl ProjectFile {
    /// Whether it is the value before of another key, which is accepted until that key's rotation is confirmed.
    #[must_use]
    pub fn is_previous(&self, secret: &FoundSecret) -> bool {
        secret.name.strip_suffix(PREVIOUS).is_some_and(|base| self.has_value(base))
    }

    /// Whether a secret is the next or the previous value of a key of this file, and no secret of its own.
    #[must_use]
    pub fn is_state(&self, secret: &FoundSecret) -> bool {
        let base = secret.name.strip_suffix(NEXT).or_else(|| secret.name.strip_suffix(PREVIOUS));
        base.is_some_and(|base| self.has_value(base))
    }

    /// Whether a value stands under this name.
    #[must_use]
    pub fn has_value(&self, name: &str) -> bool {
        let Some(document) = &self.document else { return false };
        let mut found = document.places(name).into_iter().filter_map(|index| document.assignments().get(index));
        found.any(|assignment| !assignment.value.is_empty())
    }

    /// Whether a line of it sets this name, also to nothing.
    #[must_use]
    pub fn defines(&self, name: &str) -> bool {
        self.document.as_ref().is_some_and(|document| !document.places(name).is_empty())
    }

    /// Opens, judges and reads one file, without asking git; `None` where there is none, or a directory, or what is no
    /// env file after all.
    pub(super) fn open(
        root: &Root,
        path: &RelPath,
        reading: Reading<'_>,
        config: &Config,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        // The next moment it has its own name, under which it is examined.
        if is_being_written(path.file_name()) {
            return None;
        }
        let seen = root.inspect(path, reading.role != Role::Archive)?;
        let is_gone = seen.problems.iter().any(|problem| problem.kind == ProblemKind::VanishedFile);
        if is_gone && is_temporary(path.file_name()) {
            return None;
        }
        let keeps_modes = seen.problems.iter().all(|problem| problem.kind != ProblemKind::ModesMeaningless);
        if seen.text.is_none() && reading.is_doubtful {
            problems.extend(seen.problems.into_iter().filter(|one| one.kind == ProblemKind::UnreadablePath));
            return None;
        }
        let content = seen.text.map_or(Content::Unread, |text| reading.read(path, text, config, problems));
        if matches!(content, Content::Other) {
            return None;
        }
        problems.extend(seen.problems);
        if seen.link == Some(Link::Outside) && reading.role.is_in_use() {
            problems.push(Problem::at(ProblemKind::OutwardLink, path.clone()));
        }
        let text = content.text();
        let role = text.as_ref().map_or(reading.role, |text| text.role);
        let (document, secrets, commented) = match text {
            Some(text) => (Some(text.document), text.secrets, text.commented),
            None => (None, Vec::new(), Vec::new()),
        };
        Some(Self {
            environment: environment_of(path, document.as_ref(), config),
            git: None,
            path: path.clone(),
            role,
            stat: seen.stat,
            keeps_modes,
            link: seen.link,
            document,
            secrets,
            commented,
            hashes: OnceLock::new(),
        })
    }

    /// Whether it holds a filled secret, or its content was not read and it may.
    #[must_use]
    pub fn may_hold_secrets(&self) -> bool {
        match (&self.document, self.role) {
            (None, _) | (_, Role::Archive | Role::Keys) => true,
            (Some(_), _) => self.secrets.iter().chain(&self.commented).any(FoundSecret::is_filled),
        }
    }

    /// Whether it is a file in use, a copy of one, or what opens one: everything but templates, ciphertext, and what is
    /// meant to be committed and contains no secret.
    #[must_use]
    pub fn is_private(&self) -> bool {
        let is_harmless = committed_by_design::is_shared(self.path.file_name()) && !self.may_hold_secrets();
        !matches!(self.role, Role::Template | Role::Encrypted) && !self.is_ciphertext() && !is_harmless
    }

    /// Whether a shell runs it: what Docker Compose would make of it means nothing.
    #[must_use]
    pub fn is_script(&self) -> bool {
        committed_by_design::is_script(self.path.file_name())
    }

    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::Worktree(self.path.clone())
    }

    /// The secrets of a file in use, keys that decrypt others included: copies and templates have checks of their own.
    pub fn in_use(&self) -> impl Iterator<Item = &FoundSecret> {
        let in_use = self.role.is_in_use();
        self.secrets.iter().filter(move |_| in_use)
    }

    /// Its assignments with their indexes; none for ciphertext.
    pub fn assignments(&self) -> impl Iterator<Item = (usize, &Assignment)> {
        let document = self.document.as_ref().filter(|_| !self.is_ciphertext());
        document.into_iter().flat_map(|document| document.assignments().iter().enumerate())
    }

    /// Whether a secret's value is made of references to keys above it.
    #[must_use]
    pub fn is_reference(&self, secret: &FoundSecret) -> bool {
        let Stand::Assignment(index) = secret.stand else { return false };
        let assignment = self.document.as_ref().and_then(|document| document.assignments().get(index));
        assignment.is_some_and(|assignment| assignment.dollar == Dollar::Reference)
    }

    /// Whether Docker Compose expands a `$` of a secret, which is not weak as it is written: what is wrong is the `$`.
    #[must_use]
    pub fn is_cut_short(&self, secret: &FoundSecret) -> bool {
        let (Stand::Assignment(index), Some(document)) = (secret.stand, self.document.as_ref()) else { return false };
        let assignment = document.assignments().get(index).filter(|one| one.dollar == Dollar::Rewritten);
        let written = assignment.map(|assignment| document.written(assignment));
        !self.is_script() && written.is_some_and(|written| strength::of(written) > Strength::Weak)
    }

    /// Whether its content is ciphertext, but for what is no secret.
    #[must_use]
    pub fn is_ciphertext(&self) -> bool {
        let is_sealed = self.document.as_ref().is_some_and(|document| document.cipher().is_some());
        self.role == Role::Encrypted || is_sealed && !self.may_hold_secrets()
    }
}

/// By the configuration, else by the name, else by a directory, else by what the file itself sets.
pub(crate) fn environment_of(path: &RelPath, document: Option<&Document>, config: &Config) -> Environment {
    config
        .environment_of(path)
        .or_else(|| names::environment_word(path.file_name()).and_then(Environment::from_word))
        .or_else(|| workplace(path))
        .or_else(|| document.and_then(setting))
        .unwrap_or(Environment::Unknown)
}

/// A directory's word for development and tests. That one is called `production` does not make a file more than it is.
pub(super) fn workplace(path: &RelPath) -> Option<Environment> {
    Environment::of_directories(&path.parent()).filter(|environment| *environment != Environment::Production)
}

#[expect(clippy::disallowed_methods, reason = "NODE_ENV and the like are compared with known words")]
fn setting(document: &Document) -> Option<Environment> {
    let pairs = document.assignments().iter().filter_map(|assignment| {
        let key = assignment.key.as_ref()?;
        Some((key.as_str(), assignment.value.expose()))
    });
    Environment::from_settings(pairs)
}
