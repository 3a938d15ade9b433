//! One object after the other: through libgit2, which opens a pack in no time.

use std::cell::RefCell;

use git2::{ErrorCode, ObjectType};

use super::Oid;
use super::objects::{Fault, Kind, Objects};
use super::odb::reader::Reader;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

/// A repository's object store, for one object after the other. Each is verified against its id.
pub(super) enum Store<'a> {
    /// libgit2's: strict hash verification is its default.
    Libgit2(git2::Odb<'a>),
    /// Ours, where libgit2 has none.
    Own(Box<RefCell<Reader<'a>>>),
}

impl Store<'_> {
    /// A blob of at most `limit` bytes: its size is known before it is read.
    pub(super) fn blob(&self, id: Oid, limit: u64) -> Result<Secret, Problem> {
        let odb = match self {
            Self::Libgit2(odb) => odb,
            Self::Own(reader) => {
                let mut reader = reader.borrow_mut();
                let number = reader.odb.ids.find(id.as_bytes()).ok_or(Fault::Missing.at(id))?;
                return match reader.object(number, limit).map_err(|fault| fault.at(id))? {
                    (Kind::Blob, content) => Ok(Secret::new(content)),
                    _ => Err(Fault::Corrupt.at(id)),
                };
            }
        };
        let theirs = to_git2(id).map_err(|fault| fault.at(id))?;
        let (size, kind) = odb.read_header(theirs).map_err(|error| fault(&error).at(id))?;
        if kind != ObjectType::Blob {
            return Err(Fault::Corrupt.at(id));
        }
        if u64::try_from(size).unwrap_or(u64::MAX) > limit {
            return Err(Problem::at(ProblemKind::TooLarge, id.to_string().as_str().into()));
        }
        let object = odb.read(theirs).map_err(|error| fault(&error).at(id))?;
        Ok(Secret::copy_of(object.data()))
    }
}

impl Objects for Store<'_> {
    fn read(&self, id: Oid) -> Result<(Kind, Vec<u8>), Fault> {
        let odb = match self {
            Self::Libgit2(odb) => odb,
            Self::Own(reader) => return reader.read(id),
        };
        let object = odb.read(to_git2(id)?).map_err(|error| fault(&error))?;
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
