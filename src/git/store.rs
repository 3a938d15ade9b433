//! Objects through libgit2.

use std::path::PathBuf;

use git2::{ErrorCode, ObjectType, Odb};

use super::Oid;
use super::objects::{Fault, Kind, Objects};
use super::odb::{directories, loose};
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

/// No tree and no commit is larger; what is not asked for by its size may be a blob of this size.
const LARGEST: u64 = 256 << 20;

/// A repository's object store, one object at a time. libgit2 verifies each object against its id (strict hash
/// verification is its default), but of a file that was cut off it waits for the end for ever: files are read here.
pub(super) struct Store<'a> {
    odb: Odb<'a>,
    directories: Vec<PathBuf>,
}

impl<'a> Store<'a> {
    /// With the objects of some more directories.
    pub(super) fn open(repo: &'a git2::Repository, more: &[PathBuf]) -> Result<Self, Problem> {
        let odb = repo.odb().map_err(|_| Problem::whole(ProblemKind::UnsupportedRepository))?;
        // An alternate that is not there is a problem only where an object is missing.
        let mut directories = directories::all(&repo.commondir().join("objects"), &mut Vec::new());
        directories.extend_from_slice(more);
        Ok(Self { odb, directories })
    }

    /// A blob of at most `limit` bytes: its size is known before it is read.
    pub(super) fn blob(&self, id: Oid, limit: u64) -> Result<Secret, Problem> {
        match self.file(id, limit) {
            Some(Ok((Kind::Blob, content))) => return Ok(Secret::new(content)),
            Some(Ok(_)) => return Err(Fault::Corrupt.at(id)),
            Some(Err(fault)) => return Err(fault.at(id)),
            None => {}
        }
        let theirs = to_git2(id).map_err(|fault| fault.at(id))?;
        let (size, kind) = self.odb.read_header(theirs).map_err(|error| fault(&error).at(id))?;
        if kind != ObjectType::Blob {
            return Err(Fault::Corrupt.at(id));
        }
        if u64::try_from(size).unwrap_or(u64::MAX) > limit {
            return Err(Fault::TooLarge.at(id));
        }
        let object = self.odb.read(theirs).map_err(|error| fault(&error).at(id))?;
        Ok(Secret::copy_of(object.data()))
    }

    /// An object that lies in a file of its own; `None` where it lies in a pack, or nowhere.
    fn file(&self, id: Oid, limit: u64) -> Option<Result<(Kind, Vec<u8>), Fault>> {
        let name = id.to_string();
        let (beginning, rest) = name.split_at_checked(2)?;
        let read = |dir: &PathBuf| match loose::object(&dir.join(beginning).join(rest), limit) {
            Err(Fault::Missing) => None,
            Ok((kind, content)) if Oid::of(kind, &content, id.as_bytes().len()) != Some(id) => {
                Some(Err(Fault::Corrupt))
            }
            answer => Some(answer),
        };
        self.directories.iter().find_map(read)
    }
}

impl Objects for Store<'_> {
    fn read(&self, id: Oid) -> Result<(Kind, Vec<u8>), Fault> {
        if let Some(answer) = self.file(id, LARGEST) {
            return answer;
        }
        let object = self.odb.read(to_git2(id)?).map_err(|error| fault(&error))?;
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
