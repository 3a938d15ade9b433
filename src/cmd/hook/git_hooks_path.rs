//! Where git itself looks for hooks: it alone knows every file, condition and variable that its configuration comes from.

use std::path::{Component, Path, PathBuf};

use super::shown;
use crate::error::Error;
use crate::git::{self, HooksDir, Repository};
use crate::hook::Site;
use crate::path::RelPath;
use crate::shell::for_shell;

/// The directory that git takes hooks from in this repository.
pub(super) fn hooks_dir(repository: &Repository) -> Result<PathBuf, Error> {
    let top = repository.workdir().unwrap_or_else(|| repository.common_dir());
    // Of a file in it: where `core.hooksPath` is empty, the directory has no name.
    let file = git::git_path(top, "hooks/pre-commit")?;
    let unset = || {
        let said_in = repository.hooks_dir().said_in.map(|file| RelPath::new(file.as_os_str().as_encoded_bytes()));
        let from = said_in.map(|file| format!(" --file {}", for_shell(&file))).unwrap_or_default();
        format!("remove the setting: git config{from} --unset core.hooksPath")
    };
    let dir = match file.parent() {
        Some(dir) if dir.parent().is_some() => top.join(dir),
        _ => return Err(Error::blocked_here("core.hooksPath is empty, so git runs no hook", unset())),
    };
    if Site::of(repository, dir.clone()).is_no_directory() {
        let message = "core.hooksPath does not name a directory, so git runs no hook";
        return Err(Error::blocked_here(message, unset()));
    }
    // A submodule's lies above it.
    let is_above = dir.components().any(|part| part == Component::ParentDir);
    Ok(if is_above { dir.canonicalize().unwrap_or(dir) } else { dir })
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
