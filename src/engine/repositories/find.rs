//! The repositories below directories.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::engine::locate;
use crate::error::Error;
use crate::git::is_git_dir;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::system::System;

/// The repositories below some directories; below this one where none is given.
pub(super) fn below_all(
    paths: &[PathBuf],
    system: &System,
    problems: &mut Vec<Problem>,
) -> Result<Vec<PathBuf>, Error> {
    let here = [PathBuf::from(".")];
    let mut found = Vec::new();
    for top in if paths.is_empty() { &here[..] } else { paths } {
        locate::place(Some(top), system)?;
        let before = found.len();
        below(top, system, &mut found, problems);
        if found.len() == before {
            let name = RelPath::new(top.as_os_str().as_bytes());
            problems.push(Problem::at(ProblemKind::NoRepositories, name));
        }
    }
    Ok(found)
}

/// The repositories in a directory and below it: work trees, also in other work trees, and bare ones.
fn below(top: &Path, system: &System, found: &mut Vec<PathBuf>, problems: &mut Vec<Problem>) {
    let full = system.directory.join(top);
    let shown = |path: &Path| path.strip_prefix(&full).map_or_else(|_| path.to_path_buf(), |rest| joined(top, rest));
    let mut walk = WalkDir::new(&full).sort_by_file_name().follow_links(false).into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map(|path| RelPath::new(shown(path).as_os_str().as_bytes()));
                let cause = error.io_error().map(|cause| Problem::io(RelPath::default(), cause).cause);
                problems.push(Problem { kind: ProblemKind::UnreadablePath, path, cause: cause.flatten(), spot: None });
                continue;
            }
        };
        if !entry.file_type().is_dir() {
            continue;
        }
        if entry.file_name() == ".git" && entry.depth() > 0 {
            walk.skip_current_dir();
        } else if entry.path().join(".git").symlink_metadata().is_ok() {
            found.push(shown(entry.path()));
        } else if is_git_dir(entry.path()) {
            found.push(shown(entry.path()));
            walk.skip_current_dir();
        }
    }
}

fn joined(top: &Path, rest: &Path) -> PathBuf {
    match (top == Path::new("."), rest.as_os_str().is_empty()) {
        (_, true) => top.to_path_buf(),
        (true, false) => rest.to_path_buf(),
        (false, false) => top.join(rest),
    }
}
