//! Where git itself looks for hooks: it alone knows every file, condition and variable that its configuration comes from.

use std::path::{Component, Path, PathBuf};

use super::shown;
use crate::error::Error;
use crate::git::{self, HooksDir, Repository};

/// The directory that git takes hooks from in this repository.
pub(super) fn hooks_dir(repository: &Repository) -> Result<PathBuf, Error> {
    let top = repository.workdir().unwrap_or_else(|| repository.common_dir());
    // Of a file in it: where `core.hooksPath` is empty, the directory has no name.
    let file = git::git_path(top, "hooks/pre-commit")?;
    match file.parent() {
        Some(dir) if dir.parent().is_some() => {
            let dir = top.join(dir);
            // A submodule's lies above it.
            let is_above = dir.components().any(|part| part == Component::ParentDir);
            Ok(if is_above { dir.canonicalize().unwrap_or(dir) } else { dir })
        }
        _ => Err(Error::blocked(
            "core.hooksPath is empty, so git runs no hook",
            "unset it: git config --unset core.hooksPath (with --global, if it is set there)",
        )),
    }
}

/// Who says that git looks in this directory; `None` where nobody does, and it is git's usual one.
pub(super) fn said_by(repository: &Repository, dir: &Path) -> Option<String> {
    let same = |path: &Path| path.canonicalize().ok() == dir.canonicalize().ok() && path.exists() || path == dir;
    match repository.hooks_dir() {
        HooksDir { dir: Some(known), said_in } if same(&known) => {
            said_in.map(|file| format!("core.hooksPath in {}", shown(&file)))
        }
        _ => Some("core.hooksPath from an environment variable".to_owned()),
    }
}
