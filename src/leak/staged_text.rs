//! The compose files and Dockerfiles of the index, and of a commit that is examined by itself.

use super::blob::SYMLINK;
use super::staged::Holder;
use crate::config::Config;
use crate::files::READ_LIMIT;
use crate::finding::Origin;
use crate::git::{Oid, Repository, Staged};
use crate::problem::{Problem, ProblemKind};
use crate::project::{WrittenSecret, WrittenText};
use crate::secret::Secret;

/// One of them, beside what HEAD (of a commit: its parent) has there.
#[derive(Debug)]
pub struct StagedText {
    /// The entry.
    pub entry: Staged,
    /// What has it.
    pub holder: Holder,
    /// Its content.
    pub text: WrittenText,
    /// The secrets of the version before.
    pub head: Vec<WrittenSecret>,
}

impl StagedText {
    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.holder.origin(&self.entry)
    }

    /// Whether the version before has this value.
    #[must_use]
    pub fn had(&self, value: &Secret) -> bool {
        self.head.iter().any(|old| old.value.ct_eq(value))
    }

    /// Reads an entry; `None` for what is neither a compose file nor a Dockerfile.
    ///
    /// # Errors
    /// A blob that cannot be read.
    pub fn read(
        repository: &Repository,
        entry: &Staged,
        holder: &Holder,
        config: &Config,
    ) -> Result<Option<Self>, Problem> {
        let Some(kind) = WrittenText::kind(entry.path.file_name()).filter(|_| entry.mode != SYMLINK) else {
            return Ok(None);
        };
        let read = |blob: Oid| match repository.blob(blob, READ_LIMIT) {
            Ok(text) => Ok(Some(WrittenText::read(&entry.path, kind, &text, config))),
            // Docker reads none that is so large.
            Err(problem) if problem.kind == ProblemKind::TooLarge => Ok(None),
            Err(problem) => Err(Problem { path: Some(entry.path.clone()), ..problem }),
        };
        let Some(text) = read(entry.blob)? else { return Ok(None) };
        // What stops nothing needs no comparison.
        let head = entry.head.filter(|head| *head != entry.blob && !text.secrets.is_empty());
        let head = head.map(read).transpose()?.flatten().map(|before| before.secrets).unwrap_or_default();
        Ok(Some(Self { entry: entry.clone(), holder: holder.clone(), text, head }))
    }
}
