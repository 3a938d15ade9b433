//! An env file out of git's object store.

use crate::env::Document;
use crate::env::names::Role;
use crate::files::READ_LIMIT;
use crate::git::{Oid, Repository};
use crate::path::RelPath;
use crate::problem::Problem;

/// The mode of a symbolic link in git: its blob is a path, not a content.
const SYMLINK: u32 = 0o120_000;

/// The content of a blob (id and mode) that stands at a path; `None` where there is nothing to read, or it could not be
/// read: then a problem says so.
pub(super) fn document(
    repository: &Repository,
    path: &RelPath,
    (id, mode): (Oid, u32),
    role: Role,
    problems: &mut Vec<Problem>,
) -> Option<Document> {
    if mode == SYMLINK || matches!(role, Role::Archive | Role::Encrypted) {
        return None;
    }
    match repository.blob(id, READ_LIMIT) {
        Ok(text) => Some(Document::parse(text)),
        Err(problem) => {
            problems.push(Problem { path: Some(path.clone()), ..problem });
            None
        }
    }
}
