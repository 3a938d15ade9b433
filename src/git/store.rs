//! One object after the other: through libgit2, which opens a pack in no time.

use std::cell::RefCell;
use std::path::PathBuf;

use git2::{ErrorCode, ObjectType};

use super::Oid;
use super::objects::{Fault, Kind, Objects};
use super::odb::reader::Reader;
use super::odb::{directories, loose};
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

/// No tree and no commit is larger; what is not asked for by its size may be a blob of this size.
const LARGEST: u64 = 256 << 20;

/// A repository's object store, for one object after the other. Each is verified against its id.
pub(super) enum Store<'a> {
    /// libgit2's packs.
    Libgit2(Packs<'a>),
    /// Ours, where libgit2 has none.
    Own(Box<RefCell<Reader<'a>>>),
}

/// libgit2's object store, whose strict hash verification is its default. Of a file that was cut off it waits for the
/// end for ever: objects in files of their own are read here.
pub(super) struct Packs<'a> {
    odb: git2::Odb<'a>,
    directories: Vec<PathBuf>,
}

impl<'a> Store<'a> {
    /// libgit2's, with the objects of these directories.
    pub(super) fn of_libgit2(repo: &'a git2::Repository, objects: &[PathBuf]) -> Result<Self, Problem> {
        let odb = repo.odb().map_err(|_| Problem::whole(ProblemKind::UnsupportedRepository))?;
        // An alternate that is not there is a problem only where an object is missing.
        Ok(Self::Libgit2(Packs { odb, directories: directories::all(objects, &mut Vec::new()) }))
    }

    /// A blob of at most `limit` bytes: its size is known before it is read.
    pub(super) fn blob(&self, id: Oid, limit: u64) -> Result<Secret, Problem> {
        let found = match self {
            Self::Libgit2(packs) => packs.blob(id, limit),
            Self::Own(reader) => {
                let mut reader = reader.borrow_mut();
                let number = reader.odb.ids.find(id.as_bytes()).ok_or(Fault::Missing);
                number.and_then(|number| reader.object(number, limit)).and_then(only_blob)
            }
        };
        found.map_err(|fault| fault.at(id))
    }
}

impl Objects for Store<'_> {
    fn read(&self, id: Oid) -> Result<(Kind, Vec<u8>), Fault> {
        match self {
            Self::Libgit2(packs) => packs.read(id),
            Self::Own(reader) => reader.read(id),
        }
    }
}

impl Packs<'_> {
    fn blob(&self, id: Oid, limit: u64) -> Result<Secret, Fault> {
        if let Some(answer) = self.file(id, limit) {
            return answer.and_then(only_blob);
        }
        let theirs = to_git2(id)?;
        let (size, kind) = self.odb.read_header(theirs).map_err(|error| fault(&error))?;
        if kind != ObjectType::Blob {
            return Err(Fault::Corrupt);
        }
        if u64::try_from(size).unwrap_or(u64::MAX) > limit {
            return Err(Fault::TooLarge);
        }
        let object = self.odb.read(theirs).map_err(|error| fault(&error))?;
        Ok(Secret::copy_of(object.data()))
    }

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

fn only_blob((kind, content): (Kind, Vec<u8>)) -> Result<Secret, Fault> {
    match kind {
        Kind::Blob => Ok(Secret::new(content)),
        _ => Err(Fault::Corrupt),
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
