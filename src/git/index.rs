//! The index file, versions 2 to 4. Our own reader: libgit2's takes many times as long and keeps every entry. No entry
//! is kept or copied here.

mod cache_tree;
pub(super) mod ewah;
mod whole;

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use sha1::Digest;

pub(super) use self::cache_tree::CacheTree;
use super::entries::{self, Content, broken};
use super::objects::Objects;
use super::read;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// An entry as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) path: &'a [u8],
    pub(super) blob: &'a [u8],
    pub(super) mode: u32,
    pub(super) stage: u8,
    pub(super) intent_to_add: bool,
    /// Whether a sparse checkout leaves it out of the work tree.
    pub(super) is_left_out: bool,
    /// The file of the work tree, as it was when its content was this blob; `None` where git listed the entries.
    pub(super) stamp: Option<Stamp>,
}

/// What tells that a file was not written since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// When it was written: seconds since 1970, and nanoseconds.
    pub(super) written: (u32, u32),
    /// The lower bits of its size.
    pub(super) size: u32,
}

/// Why an index could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexFault {
    /// It is not what it should be.
    Broken,
    /// A version or extension that is not known.
    Unsupported,
}

const HEADER: usize = 12;
/// An entry with its path is shorter: Linux takes paths of 4,096 bytes, git's own limit is far above.
const LONGEST: usize = 64 << 10;
/// What is read at a time.
const PIECE: usize = 256 << 10;
const STAT: usize = 24;
const EXTENDED: u16 = 0x4000;
const NAME_LENGTH: u16 = 0x0fff;
const INTENT_TO_ADD: u16 = 0x2000;
const SKIP_WORKTREE: u16 = 0x4000;
const DIRECTORY: u32 = 0o040_000;

/// An index file whose checksum is right, and whose entries and extensions have been found. It is read piece by piece,
/// and never stands in memory as a whole: ten megabytes of it would cost more than all the rest.
#[derive(Debug)]
pub(super) struct Index {
    file: File,
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
    id_len: usize,
    objects: &dyn Objects,
) -> Result<entries::Index, Problem> {
    let path = file.map_or_else(|| git_dir.join("index"), Path::to_path_buf);
    let Some(index) = open(&path, RelPath::from("index"), id_len)? else {
        return Ok(entries::Index::listed(Vec::new()));
    };
    match index.is_plain() {
        true => Ok(entries::Index { content: Content::File(index) }),
        false => whole::entries(&index, git_dir, objects).map(entries::Index::listed),
    }
}

/// Opens an index file; `None` where there is none.
fn open(path: &Path, shown: RelPath, id_len: usize) -> Result<Option<Index>, Problem> {
    let (file, size) = match read::regular(path) {
        Ok(opened) => opened,
        Err(error) if read::is_absent(&error) => return Ok(None),
        Err(error) => return Err(read::problem(shown, &error, read::INDEX)),
    };
    if size > read::INDEX {
        return Err(read::problem(shown, &std::io::ErrorKind::FileTooLarge.into(), read::INDEX));
    }
    Index::open(file, size, id_len).map(Some).map_err(|fault| match fault {
        IndexFault::Broken => broken(),
        IndexFault::Unsupported => Problem::at(ProblemKind::UnsupportedRepository, shown),
    })
}

impl Index {
    /// Finds the parts of a file of this size.
    pub(super) fn open(file: File, size: u64, id_len: usize) -> Result<Self, IndexFault> {
        let end = size.checked_sub(id_len as u64).ok_or(IndexFault::Broken)?;
        let header: [u8; HEADER] = bytes(&file, 0)?;
        let mut rest = Cursor(&header);
        if rest.take(4)? != b"DIRC" {
            return Err(IndexFault::Broken);
        }
        let (version, count) = (rest.number()?, rest.number()?);
        let mut index = Self { file, end, version, id_len, count, trees: Vec::new(), link: None, is_sparse: false };
        let is_known = (2..=4).contains(&version);
        let after = index.verify(if is_known { count } else { 0 })?;
        if !is_known {
            return Err(IndexFault::Unsupported);
        }
        index.extensions(after)?;
        Ok(index)
    }

    /// Verifies the checksum (all zeros where `index.skipHash` is set) and steps over the entries; where they end.
    fn verify(&self, count: u32) -> Result<u64, IndexFault> {
        let checksum = self.checksum()?;
        let is_checked = checksum.iter().any(|byte| *byte != 0);
        let mut sum = if self.id_len == 20 { Sum::Sha1(sha1::Sha1::new()) } else { Sum::Sha256(sha2::Sha256::new()) };
        let (mut pieces, mut left, mut after) = (Pieces::new(self, 0), count, HEADER as u64);
        let (mut skip, mut fault) = (HEADER, None);
        while let Some((piece, fresh)) = pieces.next()? {
            if is_checked {
                sum.update(fresh);
            }
            let mut rest = Cursor(piece.bytes);
            rest.take(skip)?;
            skip = 0;
            while left > 0 && fault.is_none() && (piece.is_last || rest.0.len() >= LONGEST) {
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
    pub(super) fn each<E: From<IndexFault>>(&self, sink: &mut dyn FnMut(Entry<'_>) -> Result<(), E>) -> Result<(), E> {
        let (mut pieces, mut left) = (Pieces::new(self, HEADER as u64), self.count);
        let mut path = Vec::new();
        while left > 0 {
            let (piece, _) = pieces.next()?.ok_or(IndexFault::Broken)?;
            let mut rest = Cursor(piece.bytes);
            while left > 0 && (piece.is_last || rest.0.len() >= LONGEST) {
                sink(self.entry(&mut rest, &mut path)?)?;
                left -= 1;
            }
            let kept = rest.0.len();
            pieces.keep(kept);
        }
        Ok(())
    }

    /// The next entry; `path` holds the path of the one before, on which version 4 builds.
    fn entry<'p, 'b: 'p>(&self, rest: &mut Cursor<'b>, path: &'p mut Vec<u8>) -> Result<Entry<'p>, IndexFault> {
        let before = rest.0.len();
        rest.take(8)?;
        let written = (rest.number()?, rest.number()?);
        rest.take(8)?;
        let mode = rest.number()?;
        rest.take(8)?;
        let stamp = Some(Stamp { written, size: rest.number()? });
        let blob = rest.take(self.id_len)?;
        let flags = rest.short()?;
        let more = if flags & EXTENDED != 0 && self.version > 2 { rest.short()? } else { 0 };
        if more & !(INTENT_TO_ADD | SKIP_WORKTREE) != 0 {
            return Err(IndexFault::Unsupported);
        }
        let path: &[u8] = if self.version == 4 {
            let kept = path.len().checked_sub(rest.varint()?).ok_or(IndexFault::Broken)?;
            path.truncate(kept);
            path.extend_from_slice(rest.until_nul()?);
            if path.len() > LONGEST {
                return Err(IndexFault::Broken);
            }
            path
        } else {
            let name = match flags & NAME_LENGTH {
                NAME_LENGTH => rest.until_nul()?,
                // Its end is where the length says, or the length is wrong.
                length => {
                    let name = rest.take(usize::from(length))?;
                    if rest.take(1)? != [0] || name.contains(&0) {
                        return Err(IndexFault::Broken);
                    }
                    name
                }
            };
            rest.pad(before)?;
            name
        };
        let length = flags & NAME_LENGTH;
        if length != NAME_LENGTH && usize::from(length) != path.len() {
            return Err(IndexFault::Broken);
        }
        // Without a name it stands for an entry of the shared index.
        if path.is_empty() && self.link.is_none() || mode == DIRECTORY && !self.is_sparse {
            return Err(IndexFault::Broken);
        }
        let stage = u8::try_from(flags >> 12 & 3).unwrap_or(0);
        let (intent_to_add, is_left_out) = (more & INTENT_TO_ADD != 0, more & SKIP_WORKTREE != 0);
        Ok(Entry { path, blob, mode, stage, intent_to_add, is_left_out, stamp })
    }
}

/// Steps over an entry.
fn pass(rest: &mut Cursor<'_>, version: u32, id_len: usize) -> Result<(), IndexFault> {
    let before = rest.0.len();
    rest.take(STAT + 16 + id_len)?;
    let flags = rest.short()?;
    if flags & EXTENDED != 0 && version > 2 {
        rest.take(2)?;
    }
    if version == 4 {
        rest.varint()?;
        return rest.until_nul().map(drop);
    }
    match flags & NAME_LENGTH {
        NAME_LENGTH => drop(rest.until_nul()?),
        length => drop(rest.take(usize::from(length) + 1)?),
    }
    rest.pad(before)
}

enum Sum {
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
}

impl Sum {
    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(sum) => sum.update(bytes),
            Self::Sha256(sum) => sum.update(bytes),
        }
    }

    fn is(self, checksum: &[u8]) -> bool {
        match self {
            Self::Sha1(sum) => sum.finalize().as_slice() == checksum,
            Self::Sha256(sum) => sum.finalize().as_slice() == checksum,
        }
    }
}

/// A few bytes of a file.
fn bytes<const COUNT: usize>(file: &File, at: u64) -> Result<[u8; COUNT], IndexFault> {
    let mut bytes = [0; COUNT];
    file.read_exact_at(&mut bytes, at).map_err(|_| IndexFault::Broken)?;
    Ok(bytes)
}

/// The file from some place to its checksum, in pieces; what is not used of one stands at the start of the next.
struct Pieces<'a> {
    file: &'a File,
    buffer: Vec<u8>,
    filled: usize,
    kept: usize,
    at: u64,
    end: u64,
}

struct Piece<'a> {
    bytes: &'a [u8],
    is_last: bool,
}

impl<'a> Pieces<'a> {
    fn new(index: &'a Index, at: u64) -> Self {
        Self { file: &index.file, buffer: vec![0; PIECE], filled: 0, kept: 0, at, end: index.end }
    }

    /// The next piece, and the part of it that was not in the one before; `None` at the end.
    fn next(&mut self) -> Result<Option<(Piece<'_>, &[u8])>, IndexFault> {
        if self.at >= self.end {
            return Ok(None);
        }
        self.buffer.copy_within(self.filled - self.kept..self.filled, 0);
        let room = PIECE - self.kept;
        let wanted = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(room);
        let fresh = self.buffer.get_mut(self.kept..self.kept + wanted).filter(|fresh| !fresh.is_empty());
        let fresh = fresh.ok_or(IndexFault::Broken)?;
        self.file.read_exact_at(fresh, self.at).map_err(|_| IndexFault::Broken)?;
        self.at += wanted as u64;
        self.filled = self.kept + wanted;
        let bytes = self.buffer.get(..self.filled).ok_or(IndexFault::Broken)?;
        let fresh = bytes.get(self.kept..).ok_or(IndexFault::Broken)?;
        self.kept = 0;
        Ok(Some((Piece { bytes, is_last: self.at == self.end }, fresh)))
    }

    /// So many bytes of the piece were not used.
    fn keep(&mut self, count: usize) {
        self.kept = count;
    }
}

/// What is left to read.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], IndexFault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(IndexFault::Broken)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, IndexFault> {
        self.take(4)?.try_into().map(u32::from_be_bytes).map_err(|_| IndexFault::Broken)
    }

    fn short(&mut self) -> Result<u16, IndexFault> {
        self.take(2)?.try_into().map(u16::from_be_bytes).map_err(|_| IndexFault::Broken)
    }

    fn until_nul(&mut self) -> Result<&'a [u8], IndexFault> {
        let end = memchr::memchr(0, self.0).ok_or(IndexFault::Broken)?;
        let name = self.take(end)?;
        self.take(1)?;
        Ok(name)
    }

    /// With its padding an entry of version 2 or 3, which began at `before`, is a multiple of eight bytes; one NUL of it
    /// is gone.
    fn pad(&mut self, before: usize) -> Result<(), IndexFault> {
        let used = before - self.0.len();
        self.take(used.next_multiple_of(8) - used).map(drop)
    }

    /// git's offset encoding: each further byte adds one before it shifts.
    fn varint(&mut self) -> Result<usize, IndexFault> {
        let mut value = 0usize;
        for position in 0..5 {
            let byte = self.take(1)?.first().copied().unwrap_or(0);
            let low = usize::from(byte & 0x7f);
            value = if position == 0 { low } else { ((value + 1) << 7) | low };
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(IndexFault::Broken)
    }
}
