//! Objects through libgit2.

use git2::{ErrorCode, ObjectType, Odb};

use super::Oid;
use super::objects::{Fault, Kind, Objects};
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

/// A repository's object store. libgit2 verifies each object against its id (strict hash verification is its default).
pub(super) struct Store<'a>(Odb<'a>);

impl<'a> Store<'a> {
    pub(super) fn open(repo: &'a git2::Repository) -> Result<Self, Problem> {
        repo.odb().map(Self).map_err(|_| Problem::whole(ProblemKind::UnsupportedRepository))
    }

    /// A blob of at most `limit` bytes: its size is known before it is read.
    pub(super) fn blob(&self, id: Oid, limit: u64) -> Result<Secret, Problem> {
        let theirs = to_git2(id).map_err(|fault| fault.at(id))?;
        let (size, kind) = self.0.read_header(theirs).map_err(|error| fault(&error).at(id))?;
        if kind != ObjectType::Blob {
            return Err(Fault::Corrupt.at(id));
        }
        if u64::try_from(size).unwrap_or(u64::MAX) > limit {
            return Err(Problem::at(ProblemKind::TooLarge, id.to_string().as_str().into()));
        }
        let object = self.0.read(theirs).map_err(|error| fault(&error).at(id))?;
        Ok(Secret::copy_of(object.data()))
    }
}

impl Objects for Store<'_> {
    fn read(&self, id: Oid) -> Result<(Kind, Vec<u8>), Fault> {
        let object = self.0.read(to_git2(id)?).map_err(|error| fault(&error))?;
        let kind = match object.kind() {
            ObjectType::Commit => Kind::Commit,
            ObjectType::Tree => Kind::Tree,
            ObjectType::Blob => Kind::Blob,
            ObjectType::Tag => Kind::Tag,
            ObjectType::Any => return Err(Fault::Corrupt),
        };
        Ok((kind, object.data().to_vec()))
    }
}

/// libgit2's form of an id. One of another length is in no store that it opens.
pub(super) fn to_git2(id: Oid) -> Result<git2::Oid, Fault> {
    git2::Oid::from_bytes(id.as_bytes()).map_err(|_| Fault::Missing)
}

/// Our form of an id.
pub(super) fn from_git2(id: git2::Oid) -> Option<Oid> {
    Oid::from_bytes(id.as_bytes())
}

fn fault(error: &git2::Error) -> Fault {
    match error.code() {
        ErrorCode::NotFound => Fault::Missing,
        _ => Fault::Corrupt,
    }
}
