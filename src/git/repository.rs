//! One repository, through git2. git2's types do not leave `git/`.

use std::path::Path;

use super::{History, Oid, Staged};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

/// An entry of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// Its path.
    pub path: RelPath,
    /// Its blob.
    pub blob: Oid,
    /// Its mode: 0o100644, 0o100755, 0o120000 (a symlink), 0o160000 (a submodule).
    pub mode: u32,
}

/// An open repository.
pub struct Repository {}

impl Repository {
    /// The repository that `start` (a directory) is in: work tree, linked work tree, submodule, bare. `None` where
    /// there is none. No `GIT_` variable is obeyed.
    ///
    /// # Errors
    /// One that another user owns, or that cannot be read.
    pub fn discover(_start: &Path) -> Result<Option<Self>, Problem> {
        Err(Problem::whole(ProblemKind::NotARepository))
    }

    /// The top of the work tree; `None` in a bare repository.
    #[must_use]
    pub fn workdir(&self) -> Option<&Path> {
        None
    }

    /// The git directory (of a linked work tree: its own).
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        Path::new("")
    }

    /// Where hooks are run from: `core.hooksPath`, else `hooks` in the common directory.
    ///
    /// # Errors
    /// A configuration that cannot be read.
    pub fn hooks_dir(&self) -> Result<std::path::PathBuf, Problem> {
        Err(Problem::whole(ProblemKind::GitFailed))
    }

    /// What is known to be missing: a shallow or partial clone.
    #[must_use]
    pub fn gaps(&self) -> Vec<Problem> {
        Vec::new()
    }

    /// Whether git's own ignore rules hide this untracked path (a file) of the work tree.
    ///
    /// # Errors
    /// Rules that cannot be read.
    pub fn is_ignored(&self, _path: &RelPath) -> Result<bool, Problem> {
        Ok(false)
    }

    /// The entries of the index (every stage), or of another index file.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn index(&self, _file: Option<&Path>) -> Result<Vec<IndexEntry>, Problem> {
        Ok(Vec::new())
    }

    /// The index's entries that `wanted` asks for, each compared with HEAD.
    ///
    /// # Errors
    /// An index or a HEAD that cannot be read.
    pub fn staged(&self, _file: Option<&Path>, _wanted: &dyn Fn(&RelPath) -> bool) -> Result<Vec<Staged>, Problem> {
        Ok(Vec::new())
    }

    /// A blob's content.
    ///
    /// # Errors
    /// Missing, corrupt, no blob, or larger than `limit` bytes (found out before it is read).
    pub fn blob(&self, _id: Oid, _limit: u64) -> Result<Secret, Problem> {
        Err(Problem::whole(ProblemKind::MissingObject))
    }

    /// Where `head_commit:path` stands, for a configuration read at a commit.
    ///
    /// # Errors
    /// Objects that cannot be read.
    pub fn at_commit(&self, _commit: Oid, _path: &RelPath) -> Result<Option<Oid>, Problem> {
        Ok(None)
    }

    /// The commit that `spec` (an id, an abbreviated id, a ref) names.
    ///
    /// # Errors
    /// None or several.
    pub fn resolve(&self, _spec: &str) -> Result<Oid, Problem> {
        Err(Problem::whole(ProblemKind::BrokenRef))
    }

    /// Whether `ancestor` is `of` or reachable from it.
    ///
    /// # Errors
    /// Objects that cannot be read.
    pub fn is_ancestor(&self, _ancestor: Oid, _of: Oid) -> Result<bool, Problem> {
        Ok(false)
    }

    /// Whether the commit `through` (an abbreviated id, a tag) is `commit` or comes after it.
    #[must_use]
    pub fn covers(&self, through: &str, commit: Oid) -> bool {
        self.resolve(through).is_ok_and(|through| self.is_ancestor(commit, through).unwrap_or(false))
    }

    /// Every path that `wanted` asks for, in every commit that any ref, HEAD of any work tree, stash or reflog
    /// reaches.
    #[must_use]
    pub fn history(&self, _wanted: &dyn Fn(&RelPath) -> bool) -> History {
        History::default()
    }
}
