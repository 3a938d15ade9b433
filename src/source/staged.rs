//! The env files of the index, and of a commit that is looked at by itself.

use super::blob;
use super::project::environment_of;
use super::secrets::{FoundSecret, secrets_of};
use crate::config::Config;
use crate::env::Document;
use crate::env::names::Role;
use crate::environment::Environment;
use crate::finding::{CommitRef, Origin};
use crate::git::{IndexEntry, Oid, Repository, Staged};
use crate::path::RelPath;
use crate::problem::Problem;

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
    /// The commit that has it; `None` in the index.
    pub commit: Option<CommitRef>,
}

impl StagedFile {
    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        origin(&self.entry, self.commit.as_ref())
    }

    /// Whether it must not be in git: everything but templates and ciphertext.
    #[must_use]
    pub fn is_private(&self) -> bool {
        let ciphertext = self.document.as_ref().is_some_and(|document| document.cipher().is_some());
        !matches!(self.role, Role::Template | Role::Encrypted) && !ciphertext
    }

    /// The env files and templates of an index, each read and compared with HEAD.
    ///
    /// # Errors
    /// A HEAD that cannot be read. A blob that cannot be is a problem of its own.
    pub fn load(
        repository: &Repository,
        index: Vec<IndexEntry>,
        role_of: &dyn Fn(&RelPath) -> Option<Role>,
        config: &Config,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Self>, Problem> {
        let wanted = index.into_iter().filter(|entry| role_of(&entry.path).is_some()).collect();
        let entries = repository.compare(wanted)?;
        Ok(Self::read(repository, entries, None, role_of, config, problems))
    }

    /// The env files and templates among some entries, of the index or of a commit.
    pub fn read(
        repository: &Repository,
        entries: Vec<Staged>,
        commit: Option<&CommitRef>,
        role_of: &dyn Fn(&RelPath) -> Option<Role>,
        config: &Config,
        problems: &mut Vec<Problem>,
    ) -> Vec<Self> {
        let mut files = Vec::new();
        for entry in entries {
            let Some(role) = role_of(&entry.path) else { continue };
            let mut read = |blob: Oid| blob::document(repository, &entry.path, (blob, entry.mode), role, problems);
            let document = read(entry.blob);
            let head = entry.head.filter(|head| *head != entry.blob).and_then(&mut read);
            let secrets = document.as_ref().map(|document| secrets_of(document, config)).unwrap_or_default();
            let head = head.as_ref().map(|document| secrets_of(document, config)).unwrap_or_default();
            let environment = environment_of(&entry.path, document.as_ref(), config);
            let commit = commit.cloned();
            files.push(Self { entry, role, environment, document, secrets, head, commit });
        }
        files
    }
}

/// Where an entry of the index, or of a commit, stands.
pub(super) fn origin(entry: &Staged, commit: Option<&CommitRef>) -> Origin {
    let (path, blob) = (entry.path.clone(), entry.blob);
    if commit.is_some() { Origin::Commit { path, blob } } else { Origin::Index { path, blob } }
}
