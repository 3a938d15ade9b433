//! The repositories of submodules, which git keeps inside the one they belong to, also when their work tree is gone.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::git::refs::tips;
use crate::git::{Repository, read};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// Submodules in submodules: more than this is no honest repository.
const DEPTH: usize = 16;

/// A submodule's repository.
pub struct Module {
    /// Where it is, seen from the top of the work tree; its name, where no work tree says.
    pub path: RelPath,
    /// The repository.
    pub repository: Repository,
}

impl Repository {
    /// The submodules' repositories, theirs, and so on, sorted by their paths.
    #[must_use]
    pub fn modules(&self, problems: &mut Vec<Problem>) -> Vec<Module> {
        let mut found = Vec::new();
        for (dir, _) in tips::git_dirs(self.common_dir(), problems) {
            below(&dir.join("modules"), &RelPath::default(), DEPTH, &mut found, problems);
        }
        let top = self.workdir();
        let place = |(name, repository): (RelPath, Self)| {
            let path = top.zip(repository.configured_worktree()).and_then(|(top, inner)| RelPath::below(top, &inner));
            Module { path: path.filter(|path| !path.is_root()).unwrap_or(name), repository }
        };
        let mut modules: Vec<Module> = found.into_iter().map(place).collect();
        modules.sort_by(|one, other| one.path.cmp(&other.path));
        modules
    }
}

/// A name may have several parts, so that a directory without a repository is looked into.
fn below(
    dir: &Path,
    name: &RelPath,
    depth: usize,
    found: &mut Vec<(RelPath, Repository)>,
    problems: &mut Vec<Problem>,
) {
    let entries = match read::entries_if_there(dir) {
        Ok(entries) => entries,
        Err(error) => return problems.push(Problem::io(shown(name), &error)),
    };
    let mut all: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    all.sort();
    for dir in all {
        let name = name.join(dir.file_name().map(OsStrExt::as_bytes).unwrap_or_default());
        if !is_dir(&dir) {
            // git keeps nothing else there: this is what is left of a repository, or leads to one elsewhere.
            problems.push(Problem::at(ProblemKind::UnsupportedRepository, shown(&name)));
        } else if depth == 0 {
            problems.push(Problem::at(ProblemKind::TooLarge, name));
        } else if !is_git_dir(&dir) {
            below(&dir, &name, depth - 1, found, problems);
        } else {
            match Repository::of_git_dir(&dir) {
                Ok(repository) => found.push((name.clone(), repository)),
                Err(problem) => problems.push(Problem { path: Some(name.clone()), ..problem }),
            }
            below(&dir.join("modules"), &name, depth - 1, found, problems);
        }
    }
}

fn shown(name: &RelPath) -> RelPath {
    RelPath::from(".git/modules").join(name.as_bytes())
}

/// Whether a directory looks like a git directory: a bare repository, or what is behind a `.git`.
#[must_use]
pub fn is_git_dir(dir: &Path) -> bool {
    dir.join("HEAD").symlink_metadata().is_ok() && is_dir(&dir.join("objects")) && is_dir(&dir.join("refs"))
}

fn is_dir(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir())
}
