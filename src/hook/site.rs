//! The directory from which git runs hooks, and what is there.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use super::installed::{Found, Place};
use super::script::Script;
use crate::git::Repository;
use crate::path::RelPath;
use crate::problem::Problem;

/// The directory of a repository's hooks, or of git's template.
pub(crate) struct Site<'a> {
    pub(crate) dir: PathBuf,
    /// `None` for git's template.
    repository: Option<&'a Repository>,
}

impl<'a> Site<'a> {
    /// Of a repository.
    pub(crate) fn of(repository: &'a Repository, dir: PathBuf) -> Self {
        Self { dir, repository: Some(repository) }
    }

    /// Of git's template.
    pub(crate) fn template(dir: PathBuf) -> Self {
        Self { dir, repository: None }
    }

    pub(crate) fn place(&self, script: &Script) -> Place {
        Place::new(&self.dir, script, self.repository.and_then(Repository::workdir))
    }

    /// What is in the place of a hook. One that git tracks, or would, is not renamed: everybody who uses the repository has it.
    pub(crate) fn found(&self, script: &Script) -> Result<Found, Problem> {
        let place = self.place(script);
        Ok(match place.found(script)? {
            Found::Foreign if self.is_committed(script.name) => Found::Named(place.path),
            found => found,
        })
    }

    /// Whether git would take a hook here for a file of the project.
    pub(crate) fn is_committed(&self, name: &str) -> bool {
        self.is_committed_file(&self.dir.join(name))
    }

    /// Whether git would take a file for one of the project. What is ignored is none.
    pub(crate) fn is_committed_file(&self, file: &Path) -> bool {
        let (Some(repository), Some(dir), Some(name)) = (self.repository, file.parent(), file.file_name()) else {
            return false;
        };
        let below =
            repository.workdir().and_then(|top| below(top, dir)).filter(|_| !dir.starts_with(repository.common_dir()));
        below.is_some_and(|dir| !repository.is_ignored(&dir.join(name.as_bytes())).unwrap_or(false))
    }

    /// Whether other repositories may run the hooks here: the directory is in none of this one's work trees, and not in its git
    /// directory.
    pub(crate) fn is_shared(&self) -> bool {
        let Some(repository) = self.repository else { return false };
        let main = repository.main_workdir();
        let own = [repository.workdir(), main.as_deref(), Some(repository.common_dir()), Some(repository.git_dir())];
        !own.into_iter().flatten().any(|top| below(top, &self.dir).is_some())
    }

    /// Whether the place of the directory is taken by something that is none, such as `/dev/null`.
    pub(crate) fn is_no_directory(&self) -> bool {
        is_no_directory(&self.dir)
    }
}

/// Whether something is there that is no directory: git runs no hook then.
pub(crate) fn is_no_directory(dir: &Path) -> bool {
    dir.metadata().is_ok_and(|meta| !meta.is_dir())
}

/// The way from one directory down to another, by the names that both really have.
fn below(top: &Path, dir: &Path) -> Option<RelPath> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| without_dots(path));
    RelPath::below(top, &without_dots(dir)).or_else(|| RelPath::below(&real(top), &real(dir)))
}

/// A path without `..`, by names alone, for it may not be there.
fn without_dots(path: &Path) -> PathBuf {
    let mut full = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(full.pop()),
            other => full.push(other),
        }
    }
    full
}
