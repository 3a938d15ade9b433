//! What a repository's configuration says.

use std::path::{Component, Path, PathBuf};

use crate::git::Repository;
use crate::git::worktree::ignore::Places;
use crate::problem::{Problem, ProblemKind};

/// Where git looks for hooks, by the configuration in files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HooksDir {
    /// The directory; `None` where `core.hooksPath` is empty, and git runs no hook.
    pub dir: Option<PathBuf>,
    /// The file with the last word on `core.hooksPath`, where there is one.
    pub said_in: Option<PathBuf>,
}

/// `core.hooksPath`, relative to the top of the work tree (bare: to the git directory) as git takes it, `~/` expanded;
/// else `hooks` in the common directory.
pub(in crate::git) fn hooks_dir(repo: &Repository) -> HooksDir {
    const NAME: &str = "core.hookspath";
    let Some(said_in) = repo.config().said_in(NAME) else {
        return HooksDir { dir: Some(repo.common_dir().join("hooks")), said_in: None };
    };
    let dir = repo.config().path(NAME).map(|path| repo.workdir().unwrap_or(repo.git_dir()).join(path));
    HooksDir { dir, said_in: Some(said_in.to_path_buf()) }
}

/// `core.worktree` of the main work tree, counted from the common directory; its parts are resolved by name alone, for it may not be there.
pub(in crate::git) fn worktree(repo: &Repository) -> Option<PathBuf> {
    let path = repo.config().path("core.worktree")?;
    let mut full = PathBuf::new();
    for part in repo.common_dir().join(path).components() {
        match part {
            Component::ParentDir => drop(full.pop()),
            other => full.push(other),
        }
    }
    Some(full)
}

/// A shallow and a partial clone.
pub(in crate::git) fn gaps(repo: &Repository) -> Vec<Problem> {
    let mut gaps = Vec::new();
    if repo.common_dir().join("shallow").metadata().is_ok_and(|file| file.len() > 0) {
        gaps.push(Problem::whole(ProblemKind::ShallowClone));
    }
    if is_partial(repo) {
        gaps.push(Problem::whole(ProblemKind::PartialClone));
    }
    gaps
}

/// Whether objects are missing on purpose: a promisor remote, or a pack that came from one.
pub(in crate::git) fn is_partial(repo: &Repository) -> bool {
    repo.config().has_promisor() || has_promisor_pack(repo.common_dir())
}

fn has_promisor_pack(common: &Path) -> bool {
    let Ok(packs) = common.join("objects/pack").read_dir() else { return false };
    packs.flatten().any(|file| Path::new(&file.file_name()).extension().is_some_and(|end| end == "promisor"))
}

/// Where git looks for ignore rules; `None` in a bare repository.
pub(in crate::git) fn ignore_places(repo: &Repository) -> Option<Places> {
    let workdir = repo.workdir()?.to_path_buf();
    // An empty path is none, and so is the null device: git then reads no file, not its default either.
    let users = match repo.config().value("core.excludesfile") {
        Some(b"/dev/null") => None,
        Some(_) => repo.config().path("core.excludesfile").map(|path| workdir.join(path)),
        None => repo.config().home().git.as_ref().map(|git| git.join("ignore")),
    };
    let general = std::iter::once(repo.common_dir().join("info/exclude")).chain(users).collect();
    Some(Places { workdir, general, folds_case: repo.config().is_true("core.ignorecase") })
}
