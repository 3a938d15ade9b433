//! The one use of libgit2: it opens a repository, which makes it judge the owner. It reads no object and no ref.

use std::ffi::OsStr;
use std::path::Path;

use git2::{ErrorClass, ErrorCode, RepositoryOpenFlags};

use crate::problem::ProblemKind;

/// Opens a git directory, by way of the directory that holds its `.git` where there is one.
pub(super) fn open(git_dir: &Path, holder: Option<&Path>) -> Result<(), ProblemKind> {
    let place = holder.unwrap_or(git_dir);
    match git2::Repository::open_ext(place, flags(holder.is_some()), &[] as &[&OsStr]) {
        Ok(_) => Ok(()),
        Err(error) => Err(kind(&error)),
    }
}

fn flags(has_holder: bool) -> RepositoryOpenFlags {
    match has_holder {
        true => RepositoryOpenFlags::NO_SEARCH,
        false => RepositoryOpenFlags::NO_SEARCH | RepositoryOpenFlags::NO_DOTGIT | RepositoryOpenFlags::BARE,
    }
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
