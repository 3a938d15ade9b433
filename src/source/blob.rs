//! An env file out of git's object store.

use super::secrets::is_open;
use crate::config::Config;
use crate::env::Document;
use crate::env::names::Role;
use crate::files::READ_LIMIT;
use crate::git::{Oid, Repository};
use crate::path::RelPath;
use crate::problem::Problem;

/// The mode of a symbolic link in git: its blob is a path, not a content.
const SYMLINK: u32 = 0o120_000;

/// What a blob holds.
pub(super) enum Content {
    /// A text that was read.
    Text(Document),
    /// Ciphertext, as its name says.
    Sealed,
    /// Nothing to read, or it could not be read: then a problem says so.
    Unread,
}

impl Content {
    /// The text, where it was read.
    pub(super) fn text(self) -> Option<Document> {
        match self {
            Self::Text(document) => Some(document),
            Self::Sealed | Self::Unread => None,
        }
    }
}

/// The content of a blob (id and mode) that stands at a path.
pub(super) fn content(
    repository: &Repository,
    path: &RelPath,
    (id, mode): (Oid, u32),
    role: Role,
    config: &Config,
    problems: &mut Vec<Problem>,
) -> Content {
    if mode == SYMLINK || role == Role::Archive {
        return Content::Unread;
    }
    let document = match repository.blob(id, READ_LIMIT) {
        Ok(text) => Document::parse(text),
        Err(problem) => {
            problems.push(Problem { path: Some(path.clone()), ..problem });
            return Content::Unread;
        }
    };
    if role == Role::Encrypted && !is_open(&document, config) {
        return Content::Sealed;
    }
    match unread(&document, role, path) {
        Some(problem) => {
            problems.push(problem);
            Content::Unread
        }
        None => Content::Text(document),
    }
}

/// Why the text of a file cannot be judged. A copy may be an editor's own format, of which the readable lines count.
pub(super) fn unread(document: &Document, role: Role, path: &RelPath) -> Option<Problem> {
    let is_judged = document.is_read() || role == Role::Copy;
    (!is_judged).then(|| Problem::of_encoding(document.encoding(), path.clone()))
}
