//! One object after the other: through libgit2, which opens a pack in no time.
//!
//! Loose objects are read by our own reader: libgit2 never comes back from one that was cut off.

use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType};

use super::Oid;
use super::objects::{Fault, Kind, Objects};
use super::odb::reader::Reader;
use super::odb::{self, Odb};
use crate::problem::Problem;
use crate::secret::Secret;

/// No tree, commit or tag of an honest repository is larger.
const LIMIT: u64 = 128 << 20;
/// The blocks (8 KiB) of packs that are kept for reading one object after the other.
const FEW_BLOCKS: usize = 512;

/// Where a repository's objects lie, as we see it: found out when it is needed, and once.
pub(super) struct Local {
    /// The repository's `objects` directories, without their alternates.
    objects: Vec<PathBuf>,
    id_len: usize,
    directories: OnceCell<Vec<PathBuf>>,
    odb: OnceCell<Odb>,
}

impl Local {
    /// What is in an `objects` directory.
    pub(super) fn new(objects: PathBuf, id_len: usize) -> Self {
        Self { objects: vec![objects], id_len, directories: OnceCell::new(), odb: OnceCell::new() }
    }

    /// One that also has what is in this directory.
    pub(super) fn add(&mut self, objects: &Path) {
        self.objects.push(objects.to_path_buf());
        (self.directories, self.odb) = (OnceCell::new(), OnceCell::new());
    }

    /// The object directories, and their alternates. What cannot be listed is a problem of the sweep; here it is missing.
    fn directories(&self) -> &[PathBuf] {
        self.directories.get_or_init(|| odb::directories(&self.objects, &mut Vec::new()))
    }

    fn odb(&self) -> &Odb {
        self.odb.get_or_init(|| Odb::load(&self.objects, self.id_len, &mut Vec::new()))
    }
}

/// A repository's object store, for one object after the other. Each is verified against its id.
pub(super) struct Store<'a> {
    /// libgit2's, where it has one: strict hash verification is its default.
    theirs: Option<git2::Odb<'a>>,
    local: &'a Local,
    reader: OnceCell<RefCell<Reader<'a>>>,
}

impl<'a> Store<'a> {
    /// One that reads what lies there, through libgit2 where that can.
    pub(super) fn new(theirs: Option<git2::Odb<'a>>, local: &'a Local) -> Self {
        Self { theirs, local, reader: OnceCell::new() }
    }

    /// A blob of at most `limit` bytes: its size is known before it is read.
    pub(super) fn blob(&self, id: Oid, limit: u64) -> Result<Secret, Problem> {
        match self.object(id, limit).map_err(|fault| fault.at(id))? {
            (Kind::Blob, content) => Ok(Secret::new(content)),
            _ => Err(Fault::Corrupt.at(id)),
        }
    }

    fn object(&self, id: Oid, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
        let Some(theirs) = &self.theirs else { return self.own(id, limit) };
        match odb::loose(self.local.directories(), id, limit) {
            None => match packed(theirs, id, limit) {
                // What only a multi-pack-index knows is missing to libgit2.
                Err(Fault::Missing) => self.own(id, limit),
                answer => answer,
            },
            // Another copy may be sound.
            Some(Err(Fault::Missing | Fault::Corrupt)) => self.own(id, limit),
            Some(answer) => answer,
        }
    }

    fn own(&self, id: Oid, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
        let reader = self.reader.get_or_init(|| RefCell::new(Reader::new(self.local.odb(), FEW_BLOCKS)));
        let mut reader = reader.borrow_mut();
        let number = reader.odb.ids.find(id.as_bytes()).ok_or(Fault::Missing)?;
        reader.object(number, limit)
    }
}

impl Objects for Store<'_> {
    fn read(&self, id: Oid) -> Result<(Kind, Vec<u8>), Fault> {
        self.object(id, LIMIT)
    }
}

/// Through libgit2.
fn packed(theirs: &git2::Odb<'_>, id: Oid, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
    let id = to_git2(id)?;
    let (size, _) = theirs.read_header(id).map_err(|error| fault(&error))?;
    if u64::try_from(size).unwrap_or(u64::MAX) > limit {
        return Err(Fault::TooLarge);
    }
    let object = theirs.read(id).map_err(|error| fault(&error))?;
    let kind = match object.kind() {
        ObjectType::Commit => Kind::Commit,
        ObjectType::Tree => Kind::Tree,
        ObjectType::Blob => Kind::Blob,
        ObjectType::Tag => Kind::Tag,
        ObjectType::Any => return Err(Fault::Corrupt),
    };
    Ok((kind, object.data().to_vec()))
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
