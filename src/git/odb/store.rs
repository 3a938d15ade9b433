//! One object after the other, by our own bounded reader.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::git::Oid;
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::odb::reader::Reader;
use crate::git::odb::single_lookup::Few;
use crate::git::odb::{self, Odb};
use crate::problem::Problem;
use crate::secret::Secret;

/// No tree, commit or tag of an honest repository is larger.
const LIMIT: u64 = 128 << 20;
/// The blocks (8 KiB) of packs that are kept for reading one object after the other.
const FEW_BLOCKS: usize = 512;

/// Where a repository's objects lie: found out when it is needed, and once.
pub(in crate::git) struct Local {
    /// The repository's `objects` directories, without their alternates.
    objects: Vec<PathBuf>,
    id_len: usize,
    directories: OnceLock<Vec<PathBuf>>,
    few: OnceLock<Option<Few>>,
    odb: OnceLock<Odb>,
}

impl Local {
    /// What is in an `objects` directory.
    pub(in crate::git) fn new(objects: PathBuf, id_len: usize) -> Self {
        let (directories, few, odb) = Default::default();
        Self { objects: vec![objects], id_len, directories, few, odb }
    }

    /// One that also has what is in this directory.
    pub(in crate::git) fn add(&mut self, objects: &Path) {
        self.objects.push(objects.to_path_buf());
        (self.directories, self.few, self.odb) = Default::default();
    }

    /// The object directories, and their alternates. What cannot be listed is a problem of the sweep; here it is missing.
    fn directories(&self) -> &[PathBuf] {
        self.directories.get_or_init(|| odb::directories(&self.objects, &mut Vec::new()))
    }

    fn few(&self) -> Option<&Few> {
        self.few.get_or_init(|| Few::open(self.directories(), self.id_len)).as_ref()
    }

    fn odb(&self) -> &Odb {
        self.odb.get_or_init(|| Odb::load(&self.objects, self.id_len, &mut Vec::new()))
    }
}

/// A repository's object store, for one object after the other. Each is verified against its id.
pub(in crate::git) struct Store<'a> {
    local: &'a Local,
    few: OnceLock<Option<RefCell<Reader<'a, Few>>>>,
    reader: OnceLock<RefCell<Reader<'a>>>,
}

impl<'a> Store<'a> {
    /// One that reads what lies there.
    pub(in crate::git) fn new(local: &'a Local) -> Self {
        Self { local, few: OnceLock::new(), reader: OnceLock::new() }
    }

    /// A blob of at most `limit` bytes: its size is known before it is read.
    pub(in crate::git) fn blob(&self, id: Oid, limit: u64) -> Result<Secret, Problem> {
        match self.object(id, limit).map_err(|fault| fault.at(id))? {
            (Kind::Blob, content) => Ok(Secret::new(content)),
            _ => Err(Fault::Corrupt.at(id)),
        }
    }

    /// The objects of which the id begins with these hexadecimal digits.
    pub(in crate::git) fn beginning_with(&self, hex: &str) -> Vec<Oid> {
        self.local.odb().ids.beginning_with(hex)
    }

    fn object(&self, id: Oid, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
        let quick = odb::loose(self.local.directories(), id, limit).or_else(|| self.packed(id, limit));
        match quick {
            // Another copy may be sound, or be known to a multi-pack-index alone.
            None | Some(Err(Fault::Missing | Fault::Corrupt)) => self.listed(id, limit),
            Some(answer) => answer,
        }
    }

    /// Out of a pack, by its own index.
    fn packed(&self, id: Oid, limit: u64) -> Option<Result<(Kind, Vec<u8>), Fault>> {
        let reader = || self.local.few().map(|few| RefCell::new(Reader::new(few, FEW_BLOCKS)));
        let reader = self.few.get_or_init(reader).as_ref()?;
        let answer = reader.borrow_mut().of(id, limit);
        let is_right = |(kind, content): &(Kind, Vec<u8>)| Oid::of(*kind, content, id.as_bytes().len()) == Some(id);
        Some(answer.and_then(|object| if is_right(&object) { Ok(object) } else { Err(Fault::Corrupt) }))
    }

    /// Out of the list of all objects.
    fn listed(&self, id: Oid, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
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
