//! The env files of the index.

use super::blob;
use super::project::environment_of;
use super::secrets::{FoundSecret, secrets_of};
use crate::config::Config;
use crate::env::Document;
use crate::env::names::Role;
use crate::environment::Environment;
use crate::finding::Origin;
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
    /// The secrets of HEAD's version.
    pub head: Vec<FoundSecret>,
}

impl StagedFile {
    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::Index { path: self.entry.path.clone(), blob: self.entry.blob }
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
        let mut files = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(role) = role_of(&entry.path) else { continue };
            let mut read = |blob: Oid| blob::document(repository, &entry.path, (blob, entry.mode), role, problems);
            let document = read(entry.blob);
            let head = entry.head.filter(|head| *head != entry.blob).and_then(&mut read);
            let secrets = document.as_ref().map(|document| secrets_of(document, config)).unwrap_or_default();
            let head = head.as_ref().map(|document| secrets_of(document, config)).unwrap_or_default();
            let environment = environment_of(&entry.path, document.as_ref(), config);
            files.push(Self { entry, role, environment, document, secrets, head });
        }
        Ok(files)
    }
}
