//! An env file out of git's object store.

use super::reading::Reading;
use super::secrets::FoundSecret;
use crate::config::Config;
use crate::env::Document;
use crate::env::names::Role;
use crate::files::READ_LIMIT;
use crate::git::{Oid, Repository};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// The mode of a symbolic link in git: its blob is a path, not a content.
const SYMLINK: u32 = 0o120_000;

/// What a blob is.
pub(super) enum Content {
    /// An env file, and its secrets.
    Read(Document, Vec<FoundSecret>),
    /// It is not opened, or could not be read: then a problem says so.
    Unread,
    /// No env file: a symbolic link, or a text that its name alone made doubtful.
    Other,
}

impl Content {
    /// The document and its secrets, where it was read.
    pub(super) fn read(self) -> (Option<Document>, Vec<FoundSecret>) {
        match self {
            Self::Read(document, secrets) => (Some(document), secrets),
            Self::Unread | Self::Other => (None, Vec::new()),
        }
    }
}

/// The content of a blob (id and mode) that stands at a path.
pub(super) fn content(
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
    if matches!(reading.role, Role::Archive | Role::Encrypted) {
        return Content::Unread;
    }
    match repository.blob(id, READ_LIMIT) {
        Ok(text) => reading.read(text, config).map_or(Content::Other, |(text, secrets)| Content::Read(text, secrets)),
        // What is that large and has no clear name is no env file.
        Err(problem) if reading.is_doubtful && problem.kind == ProblemKind::TooLarge => Content::Other,
        Err(problem) => {
            problems.push(Problem { path: Some(path.clone()), ..problem });
            Content::Unread
        }
    }
}
