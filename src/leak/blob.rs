//! An env file out of git's object store.

use crate::config::Config;
use crate::env::names::Role;
use crate::files::READ_LIMIT;
use crate::git::{Oid, Repository};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::{Content, Reading};

/// The mode of a symbolic link in git: its blob is a path, not a content.
pub(super) const SYMLINK: u32 = 0o120_000;

/// The content of a blob (id and mode) that stands at a path.
pub(crate) fn content(
    repository: &Repository,
    path: &RelPath,
    (id, mode): (Oid, u32),
    reading: Reading<'_>,
    config: &Config,
    problems: &mut Vec<Problem>,
) -> Content {
    if mode == SYMLINK {
        return Content::Other;
    }
    if reading.role == Role::Archive {
        return Content::Unread;
    }
    match repository.blob(id, READ_LIMIT) {
        Ok(text) => reading.read(path, text, config, problems),
        // What is that large and has no clear name is no env file.
        Err(problem) if reading.is_doubtful && problem.kind == ProblemKind::TooLarge => Content::Other,
        Err(problem) => {
            problems.push(Problem { path: Some(path.clone()), ..problem });
            Content::Unread
        }
    }
}
