//! What a repository's configuration says.

use std::path::{Component, Path, PathBuf};

use super::Repository;
use super::ignore::Places;
use super::means::unreadable;
use crate::problem::{Problem, ProblemKind};

/// `core.hooksPath`, relative to the top of the work tree (bare: to the git directory) as git takes it, `~/` expanded;
/// else `hooks` in the common directory.
pub(super) fn hooks_dir(repo: &Repository) -> Result<PathBuf, Problem> {
    Ok(match repo.means().path("core.hookspath")? {
        Some(path) if !path.as_os_str().is_empty() => repo.workdir().unwrap_or(repo.git_dir()).join(path),
        _ => repo.common_dir().join("hooks"),
    })
}

/// `core.worktree` of the main work tree, counted from the common directory; its parts are resolved by name alone, for it may not be there.
pub(super) fn worktree(repo: &Repository) -> Option<PathBuf> {
    let path = repo.means().path("core.worktree").ok()??;
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
pub(super) fn gaps(repo: &Repository) -> Vec<Problem> {
    let mut gaps = Vec::new();
    if repo.common_dir().join("shallow").metadata().is_ok_and(|file| file.len() > 0) {
        gaps.push(Problem::whole(ProblemKind::ShallowClone));
    }
    match is_partial(repo) {
        Ok(true) => gaps.push(Problem::whole(ProblemKind::PartialClone)),
        Ok(false) => {}
        Err(_) => gaps.push(unreadable()),
    }
    gaps
}

/// Whether objects are missing on purpose: a promisor remote, or a pack that came from one.
pub(super) fn is_partial(repo: &Repository) -> Result<bool, Problem> {
    let settings = repo.means().settings()?;
    let partial = settings.iter().any(|(name, value)| is_promisor(name, value));
    Ok(partial || has_promisor_pack(repo.common_dir()))
}

/// git gives the first and last part of a name in lower case.
fn is_promisor(name: &[u8], value: &[u8]) -> bool {
    let no = [b"false".as_slice(), b"no", b"off", b"0"].iter().any(|word| value.eq_ignore_ascii_case(word));
    let remote = name.starts_with(b"remote.");
    name == b"extensions.partialclone"
        || remote && name.ends_with(b".partialclonefilter")
        || remote && name.ends_with(b".promisor") && !no
}

fn has_promisor_pack(common: &Path) -> bool {
    let Ok(packs) = common.join("objects/pack").read_dir() else { return false };
    packs.flatten().any(|file| Path::new(&file.file_name()).extension().is_some_and(|end| end == "promisor"))
}

/// Where git looks for ignore rules; `None` in a bare repository.
pub(super) fn ignore_places(repo: &Repository) -> Result<Option<Places>, Problem> {
    let Some(workdir) = repo.workdir() else { return Ok(None) };
    let users = match repo.means().path("core.excludesfile")? {
        Some(path) => Some(workdir.join(path)),
        None => users_ignore_file(),
    };
    let general = std::iter::once(repo.common_dir().join("info/exclude")).chain(users).collect();
    Ok(Some(Places { workdir: workdir.to_path_buf(), general, folds_case: repo.means().is_true("core.ignorecase") }))
}

/// git's default for `core.excludesFile`.
#[expect(clippy::disallowed_methods, reason = "git's own default goes by them")]
fn users_ignore_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")))?;
    Some(config.join("git/ignore"))
}
