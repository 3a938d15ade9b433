//! The env files of the index, and of a commit that is examined by itself.

use super::blob;
use crate::config::Config;
use crate::env::Document;
use crate::env::committed_by_design::is_shared;
use crate::env::names::Role;
use crate::environment::Environment;
use crate::finding::Origin;
use crate::git::{CommitRef, IndexEntry, Oid, Repository, Staged};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::{Content, FoundSecret, Reading, Text, environment_of, is_sealed};

/// An env file or template of the index, beside what HEAD has there.
#[derive(Debug)]
pub struct StagedFile {
    /// The entry.
    pub entry: Staged,
    /// What its name says it is.
    pub role: Role,
    /// What it is for.
    pub environment: Environment,
    /// Its content; `None` where it was not read.
    pub document: Option<Document>,
    /// Its secrets.
    pub secrets: Vec<FoundSecret>,
    /// The secrets of HEAD's version (of a commit: its parent's).
    pub head: Vec<FoundSecret>,
    /// What has it.
    pub holder: Holder,
}

/// What has an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The index.
    Index,
    /// A commit that is examined by itself.
    Commit(CommitRef),
    /// No commit: a ref, or a tag, leads to the file itself or to a tree with it.
    Ref,
}

impl Holder {
    /// The commit, where it is one.
    pub(crate) fn commit(&self) -> Option<CommitRef> {
        match self {
            Self::Commit(commit) => Some(commit.clone()),
            Self::Index | Self::Ref => None,
        }
    }

    /// Where an entry of it stands.
    pub(crate) fn origin(&self, entry: &Staged) -> Origin {
        let (path, blob) = (entry.path.clone(), entry.blob);
        match self {
            Self::Index => Origin::Index { path, blob },
            Self::Commit(_) | Self::Ref => Origin::Commit { path, blob },
        }
    }
}

impl StagedFile {
    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.holder.origin(&self.entry)
    }

    /// Whether it must not be in git: everything but templates, ciphertext, and what is meant to be committed and contains no
    /// secret.
    #[must_use]
    pub fn is_private(&self) -> bool {
        let is_harmless = |document: &Document| {
            let is_filled = self.secrets.iter().any(FoundSecret::is_filled);
            is_sealed(document, &self.secrets) || is_shared(self.entry.path.file_name()) && !is_filled
        };
        let is_public = matches!(self.role, Role::Template | Role::Encrypted);
        !is_public && !self.document.as_ref().is_some_and(is_harmless)
    }

    /// The env files and templates of an index, each read and compared with HEAD.
    ///
    /// # Errors
    /// A HEAD that cannot be read. A blob that cannot be is a problem of its own.
    pub fn load<'a>(
        repository: &Repository,
        index: Vec<IndexEntry>,
        reading_of: &dyn Fn(&RelPath) -> Option<Reading<'a>>,
        config: &Config,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Self>, Problem> {
        let wanted = index.into_iter().filter(|entry| reading_of(&entry.path).is_some()).collect();
        let entries = repository.compare(wanted)?;
        Ok(Self::read(repository, entries, &Holder::Index, reading_of, config, problems))
    }

    /// The env files and templates among some entries, of the index or of a commit.
    pub fn read<'a>(
        repository: &Repository,
        entries: Vec<Staged>,
        holder: &Holder,
        reading_of: &dyn Fn(&RelPath) -> Option<Reading<'a>>,
        config: &Config,
        problems: &mut Vec<Problem>,
    ) -> Vec<Self> {
        let mut files = Vec::new();
        for entry in entries {
            let Some(reading) = reading_of(&entry.path) else { continue };
            let mut read =
                |blob: Oid| blob::content(repository, &entry.path, (blob, entry.mode), reading, config, problems);
            let content = read(entry.blob);
            if matches!(content, Content::Other) {
                continue;
            }
            let head = entry.head.filter(|head| *head != entry.blob).and_then(|head| read(head).text());
            let head = head.map(|text| text.into_all().1).unwrap_or_default();
            let text = content.text();
            let role = text.as_ref().map_or(reading.role, |text| text.role);
            let (document, secrets) = text.map(Text::into_all).unzip();
            let secrets = secrets.unwrap_or_default();
            let environment = environment_of(&entry.path, document.as_ref(), config);
            let holder = holder.clone();
            files.push(Self { entry, role, environment, document, secrets, head, holder });
        }
        files
    }
}
