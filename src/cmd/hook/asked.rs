//! Where git itself looks for hooks: it alone knows every file, condition and variable that its configuration comes from.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;
use crate::git::Repository;
use crate::problem::{Problem, ProblemKind};

/// The directory that git takes hooks from in this repository.
pub(super) fn hooks_dir(repository: &Repository) -> Result<PathBuf, Error> {
    let top = repository.workdir().unwrap_or_else(|| repository.common_dir());
    // Of a file in it: where `core.hooksPath` is empty, the directory has no name.
    let file = git_path(top, "hooks/pre-commit")?;
    match file.parent() {
        Some(dir) if dir.parent().is_some() => {
            let dir = top.join(dir);
            // A submodule's lies above it.
            let is_above = dir.components().any(|part| part == std::path::Component::ParentDir);
            Ok(if is_above { dir.canonicalize().unwrap_or(dir) } else { dir })
        }
        _ => Err(Error::Usage("core.hooksPath is empty, so git runs no hook: git config --unset core.hooksPath")),
    }
}

/// `git rev-parse --git-path`: it reads the configuration, and starts no program that stands there.
fn git_path(top: &Path, name: &str) -> Result<PathBuf, Error> {
    let failed = || Error::Problem(Problem::whole(ProblemKind::GitFailed));
    let mut git = Command::new("git");
    git.arg("-C").arg(top).args(["rev-parse", "--git-path", name]).stdin(Stdio::null()).stderr(Stdio::null());
    let output = git.output().map_err(|_| failed())?;
    let line = output.stdout.strip_suffix(b"\n").filter(|line| output.status.success() && !line.is_empty());
    line.map(|line| PathBuf::from(std::ffi::OsStr::from_bytes(line))).ok_or_else(failed)
}
