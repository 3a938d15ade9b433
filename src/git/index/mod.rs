//! The index file, versions 2 to 4. Our own reader: libgit2's takes many times as long and keeps every entry. No entry
//! is kept or copied here.

mod cache_tree;
mod checksum;
mod chunks;
mod cursor;
pub(in crate::git) mod entries;
mod entry;
pub(super) mod ewah;
mod extensions;
mod split_index;
pub(in crate::git) mod staged;

use self::checksum::Sum;
use self::cursor::Cursor;
use self::entry::{Last, is_whole, pass, shortest};
use super::read;
use crate::git::index::chunks::{Pieces, bytes};
use crate::git::index::entries::{Content, broken};
use crate::git::object::read::Objects;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use sha1::Digest as _;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

pub(super) use self::cache_tree::CacheTree;
pub(super) use self::entry::{Entry, Stamp};

/// Why an index could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexFault {
    /// It is not what it should be.
    Broken,
    /// A version or extension that is not known.
    Unsupported,
}

/// How much of an index is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// All of it, its checksum, too.
    Whole,
    /// What git checks when it makes a commit, and a little more: that its parts fit together, and that its entries are in
    /// order. git leaves the checksum to `git fsck` (`verify_index_checksum` in its read-cache.c), and a damaged index that
    /// is read as git reads it says what git is about to commit.
    AsGit,
}

const HEADER: usize = 12;
const DIRECTORY: u32 = 0o040_000;

/// An index file whose extensions have been found. It is read piece by piece, and never is in memory as a whole: ten
/// megabytes of it would cost more than all the rest.
#[derive(Debug)]
pub(super) struct Index {
    file: File,
    /// Where the extensions start.
    after: u64,
    /// Where the checksum starts.
    end: u64,
    version: u32,
    id_len: usize,
    count: u32,
    /// The `TREE` extension.
    trees: Vec<u8>,
    /// The `link` extension, of a split index.
    link: Option<Vec<u8>>,
    /// Whether some of its entries may be whole directories (`sdir`).
    is_sparse: bool,
}

/// The index of a git directory, or this other file of it, put together where it is split or sparse. No file is an empty
/// index.
///
/// # Errors
/// One that cannot be read, or that names objects which cannot be read.
pub(super) fn read(
    git_dir: &Path,
    file: Option<&Path>,
    (id_len, care): (usize, Care),
    objects: &dyn Objects,
) -> Result<entries::Index, Problem> {
    let path = file.map_or_else(|| git_dir.join("index"), Path::to_path_buf);
    let Some(index) = open(&path, RelPath::from("index"), id_len, care)? else {
        return Ok(entries::Index::listed(Vec::new()));
    };
    match index.is_plain() {
        true => Ok(entries::Index { content: Content::File(index) }),
        false => split_index::entries(&index, git_dir, objects).map(entries::Index::listed),
    }
}

/// Opens an index file; `None` where there is none.
fn open(path: &Path, shown: RelPath, id_len: usize, care: Care) -> Result<Option<Index>, Problem> {
    let (file, size) = match read::regular(path) {
        Ok(opened) => opened,
        Err(error) if read::is_absent(&error) => return Ok(None),
        Err(error) => return Err(read::problem(shown, &error, read::INDEX)),
    };
    if size > read::INDEX {
        return Err(read::problem(shown, &std::io::ErrorKind::FileTooLarge.into(), read::INDEX));
    }
    Index::open(file, size, id_len, care).map(Some).map_err(|fault| match fault {
        IndexFault::Broken => broken(),
        IndexFault::Unsupported => Problem::at(ProblemKind::UnsupportedRepository, shown),
    })
}

impl Index {
    /// Finds the parts of a file of this size.
    fn open(file: File, size: u64, id_len: usize, care: Care) -> Result<Self, IndexFault> {
        let end = size.checked_sub(id_len as u64).ok_or(IndexFault::Broken)?;
        let header: [u8; HEADER] = bytes(&file, 0)?;
        let mut rest = Cursor(&header);
        if rest.take(4)? != b"DIRC" {
            return Err(IndexFault::Broken);
        }
        let (version, count) = (rest.number()?, rest.number()?);
        let (trees, link, is_sparse) = (Vec::new(), None, false);
        let mut index = Self { file, after: end, end, version, id_len, count, trees, link, is_sparse };
        let is_known = (2..=4).contains(&version);
        let guessed = if care == Care::AsGit && is_known { extensions::guess(&index.file, end)? } else { None };
        index.after = match guessed {
            Some(after) => after,
            None => index.verify(if is_known { count } else { 0 })?,
        };
        if !is_known {
            return Err(IndexFault::Unsupported);
        }
        // Room is made for so many.
        if u64::from(count) * shortest(id_len) > index.after {
            return Err(IndexFault::Broken);
        }
        index.extensions(index.after)?;
        // What names other files or trees costs more than its checksum.
        if guessed.is_some() && !index.is_plain() && index.verify(count)? != index.after {
            return Err(IndexFault::Broken);
        }
        Ok(index)
    }

    /// Verifies the checksum (all zeros where `index.skipHash` is set) and steps over the entries; where they end.
    fn verify(&self, count: u32) -> Result<u64, IndexFault> {
        let checksum = self.checksum()?;
        let is_checked = checksum.iter().any(|byte| *byte != 0);
        let mut sum = if self.id_len == 20 { Sum::Sha1(sha1::Sha1::new()) } else { Sum::Sha256(sha2::Sha256::new()) };
        let (mut pieces, mut left, mut after) = (Pieces::new(&self.file, 0, self.end), count, HEADER as u64);
        let (mut skip, mut fault) = (HEADER, None);
        while let Some((piece, fresh)) = pieces.next()? {
            if is_checked {
                sum.update(fresh);
            }
            let mut rest = Cursor(piece.bytes);
            rest.take(skip)?;
            skip = 0;
            while left > 0 && fault.is_none() && (piece.is_last || is_whole(rest.0, self.id_len)) {
                let before = rest.0.len();
                // A broken entry may be what the checksum is wrong for: that is told first.
                fault = pass(&mut rest, self.version, self.id_len).err();
                after += (before - rest.0.len()) as u64;
                left -= 1;
            }
            let kept = if left > 0 && fault.is_none() { rest.0.len() } else { 0 };
            pieces.keep(kept);
        }
        if is_checked && !sum.is(&checksum) {
            return Err(IndexFault::Broken);
        }
        match fault {
            Some(fault) => Err(fault),
            None if left > 0 => Err(IndexFault::Broken),
            None => Ok(after),
        }
    }

    /// Takes in the extensions. git's rule: one may be passed over when its name begins with a capital.
    fn extensions(&mut self, mut at: u64) -> Result<(), IndexFault> {
        while at < self.end {
            let header: [u8; 8] = bytes(&self.file, at)?;
            let mut header = Cursor(&header);
            let (name, size) = (header.take(4)?, header.number()?);
            at += 8;
            let next = at + u64::from(size);
            if next > self.end {
                return Err(IndexFault::Broken);
            }
            match name {
                b"TREE" => self.trees = self.extension(at, size)?,
                b"link" => self.link = Some(self.extension(at, size)?),
                b"sdir" => self.is_sparse = true,
                name if name.first().is_some_and(u8::is_ascii_uppercase) => {}
                _ => return Err(IndexFault::Unsupported),
            }
            at = next;
        }
        if at == self.end { Ok(()) } else { Err(IndexFault::Broken) }
    }

    fn extension(&self, at: u64, size: u32) -> Result<Vec<u8>, IndexFault> {
        let mut bytes = vec![0; usize::try_from(size).map_err(|_| IndexFault::Broken)?];
        self.file.read_exact_at(&mut bytes, at).map_err(|_| IndexFault::Broken)?;
        Ok(bytes)
    }

    /// Whether its entries are all there is to it.
    fn is_plain(&self) -> bool {
        self.link.is_none() && !self.is_sparse
    }

    /// What the file ends with.
    fn checksum(&self) -> Result<Vec<u8>, IndexFault> {
        let mut checksum = vec![0; self.id_len];
        self.file.read_exact_at(&mut checksum, self.end).map_err(|_| IndexFault::Broken)?;
        Ok(checksum)
    }

    /// git's own record of the trees that it would write; empty where it cannot be read, as with git.
    pub(super) fn trees(&self) -> CacheTree<'_> {
        CacheTree::read(&self.trees, self.id_len).unwrap_or_default()
    }

    /// When the file was written; `None` where that is not known.
    pub(super) fn written(&self) -> Option<std::time::SystemTime> {
        self.file.metadata().and_then(|meta| meta.modified()).ok()
    }

    /// How many entries there are.
    pub(super) fn count(&self) -> u64 {
        u64::from(self.count)
    }

    /// Calls `sink` with each entry, in the order of their paths. A fault may come after some entries: what they were
    /// then counts for nothing.
    pub(super) fn each<E: From<IndexFault>>(&self, mut sink: impl FnMut(Entry<'_>) -> Result<(), E>) -> Result<(), E> {
        let (mut pieces, mut left) = (Pieces::new(&self.file, HEADER as u64, self.after), self.count);
        let (mut last, mut kept) = (Last::default(), 0);
        while left > 0 {
            let (piece, _) = pieces.next()?.ok_or(IndexFault::Broken)?;
            let mut rest = Cursor(piece.bytes);
            while left > 0 && (piece.is_last || is_whole(rest.0, self.id_len)) {
                sink(self.entry(&mut rest, &mut last)?)?;
                left -= 1;
            }
            kept = rest.0.len();
            pieces.keep(kept);
        }
        // They end where the extensions start.
        if kept == 0 && pieces.is_done() { Ok(()) } else { Err(IndexFault::Broken.into()) }
    }
}
