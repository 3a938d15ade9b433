//! Finding the repository that a directory is in.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use git2::{ErrorClass, ErrorCode, RepositoryOpenFlags};

use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// Opens it; `None` where there is none. No flag says that the environment counts, so no `GIT_` variable does; the
/// user's own configuration does (`safe.directory`, `core.excludesFile`): those are git's own rules.
pub(super) fn open(start: &Path) -> Result<Option<git2::Repository>, Problem> {
    only_files(start)?;
    match git2::Repository::open_ext(start, RepositoryOpenFlags::empty(), &[] as &[&OsStr]) {
        Ok(repo) => Ok(Some(repo)),
        Err(error) if error.code() == ErrorCode::NotFound => nothing_there(start).map(|()| None),
        Err(error) => Err(Problem::whole(kind(&error))),
    }
}

/// Opens the git directory itself, whether or not its work tree is there.
pub(super) fn open_git_dir(dir: &Path) -> Result<git2::Repository, Problem> {
    only_files(dir)?;
    let flags = RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::NO_DOTGIT | RepositoryOpenFlags::BARE;
    git2::Repository::open_ext(dir, flags, &[] as &[&OsStr]).map_err(|error| Problem::whole(kind(&error)))
}

/// libgit2's message quotes paths and configuration, so that only its kind passes.
fn kind(error: &git2::Error) -> ProblemKind {
    match (error.code(), error.class()) {
        (ErrorCode::Owner, _) => ProblemKind::ForeignOwner,
        (_, ErrorClass::Os | ErrorClass::Filesystem) => ProblemKind::UnreadablePath,
        (_, ErrorClass::Config) => ProblemKind::UnreadableGitConfig,
        _ => ProblemKind::UnsupportedRepository,
    }
}

/// "No repository" must be true: a `.git` that cannot be opened, or that points nowhere, is a problem. (An empty `.git`
/// directory is none to git either.)
fn nothing_there(start: &Path) -> Result<(), Problem> {
    for dir in start.ancestors() {
        let dot_git = dir.join(".git");
        let found = match std::fs::symlink_metadata(&dot_git) {
            Ok(found) => found,
            Err(error) if is_absent(&error) => continue,
            Err(error) => return Err(Problem::io(RelPath::from(".git"), &error)),
        };
        if !found.is_dir() {
            return Err(Problem::at(ProblemKind::UnsupportedRepository, RelPath::from(".git")));
        }
        match std::fs::symlink_metadata(dot_git.join("HEAD")) {
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(Problem::io(RelPath::from(".git"), &error)),
            Ok(_) => return Err(Problem::at(ProblemKind::UnsupportedRepository, RelPath::from(".git"))),
        }
    }
    Ok(())
}

/// libgit2 opens these as they are: a named pipe in their place would hang it.
fn only_files(start: &Path) -> Result<(), Problem> {
    const OPENED: [&str; 7] =
        ["HEAD", "config", "commondir", "shallow", "info/grafts", "objects/info/alternates", "packed-refs"];
    let Some(git_dir) = start
        .ancestors()
        .flat_map(|dir| [dir.join(".git"), dir.to_path_buf()])
        .find(|dir| dir.join("HEAD").symlink_metadata().is_ok() && dir.join("objects").symlink_metadata().is_ok())
    else {
        return Ok(());
    };
    for name in OPENED {
        match std::fs::metadata(git_dir.join(name)) {
            Ok(found) if !found.is_file() => {
                return Err(Problem::at(ProblemKind::NotAFile, RelPath::from(format!(".git/{name}").as_str())));
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A path as libgit2 gives it, without the slash at its end.
pub(super) fn tidy(path: &Path) -> PathBuf {
    path.components().collect()
}
