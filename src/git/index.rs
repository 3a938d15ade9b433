//! The index file, versions 2 to 4. Our own reader: libgit2's takes many times as long and keeps every entry. No entry
//! is kept or copied here.

mod cache_tree;

use std::ops::Range;

use sha1::Digest;

pub(super) use cache_tree::CacheTree;

/// An entry as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) path: &'a [u8],
    pub(super) blob: &'a [u8],
    pub(super) mode: u32,
    pub(super) stage: u8,
    pub(super) intent_to_add: bool,
}

/// Why an index could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexFault {
    /// It is not what it should be.
    Broken,
    /// A split or sparse index, or a version or extension that is not known.
    Unsupported,
}

const HEADER: usize = 12;
const STAT: usize = 24;
const EXTENDED: u16 = 0x4000;
const NAME_LENGTH: u16 = 0x0fff;
const INTENT_TO_ADD: u16 = 0x2000;
const SKIP_WORKTREE: u16 = 0x4000;
const DIRECTORY: u32 = 0o040_000;

/// An index file whose checksum is right, and whose entries and extensions have been found.
#[derive(Debug)]
pub(super) struct Index {
    bytes: Vec<u8>,
    version: u32,
    id_len: usize,
    count: u32,
    /// Where the `TREE` extension is.
    trees: Range<usize>,
}

impl Index {
    /// Finds its parts.
    pub(super) fn open(bytes: Vec<u8>, id_len: usize) -> Result<Self, IndexFault> {
        let end = bytes.len().checked_sub(id_len).ok_or(IndexFault::Broken)?;
        let (body, checksum) = bytes.split_at_checked(end).ok_or(IndexFault::Broken)?;
        verify(body, checksum)?;
        let mut rest = Cursor(body);
        if rest.take(4)? != b"DIRC" {
            return Err(IndexFault::Broken);
        }
        let version = rest.number()?;
        if !(2..=4).contains(&version) {
            return Err(IndexFault::Unsupported);
        }
        let count = rest.number()?;
        for _ in 0..count {
            pass(&mut rest, version, id_len)?;
        }
        let trees = extensions(rest, body.len())?;
        Ok(Self { version, id_len, count, trees, bytes })
    }

    /// git's own record of the trees that it would write; empty where it cannot be read, as with git.
    pub(super) fn trees(&self) -> CacheTree<'_> {
        let content = self.bytes.get(self.trees.clone()).unwrap_or_default();
        CacheTree::read(content, self.id_len).unwrap_or_default()
    }

    /// How many entries there are.
    pub(super) fn count(&self) -> u64 {
        u64::from(self.count)
    }

    /// Calls `sink` with each entry, in the order of their paths. A fault may come after some entries: what they were
    /// then counts for nothing.
    pub(super) fn each<E: From<IndexFault>>(&self, sink: &mut dyn FnMut(Entry<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut rest = Cursor(self.bytes.get(HEADER..).unwrap_or_default());
        let mut path = Vec::new();
        for _ in 0..self.count {
            sink(self.entry(&mut rest, &mut path)?)?;
        }
        Ok(())
    }

    /// The next entry; `path` holds the path of the one before, on which version 4 builds.
    fn entry<'p, 'b: 'p>(&self, rest: &mut Cursor<'b>, path: &'p mut Vec<u8>) -> Result<Entry<'p>, IndexFault> {
        let before = rest.0.len();
        rest.take(STAT)?;
        let mode = rest.number()?;
        rest.take(12)?;
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
        // Without a name it stands for an entry of the shared index of a split one; a directory is a sparse one's.
        if path.is_empty() || mode == DIRECTORY {
            return Err(IndexFault::Unsupported);
        }
        let stage = u8::try_from(flags >> 12 & 3).unwrap_or(0);
        Ok(Entry { path, blob, mode, stage, intent_to_add: more & INTENT_TO_ADD != 0 })
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

/// All zeros where `index.skipHash` is set.
fn verify(body: &[u8], checksum: &[u8]) -> Result<(), IndexFault> {
    let is_right = checksum.iter().all(|byte| *byte == 0)
        || match checksum.len() {
            20 => sha1::Sha1::digest(body).as_slice() == checksum,
            _ => sha2::Sha256::digest(body).as_slice() == checksum,
        };
    if is_right { Ok(()) } else { Err(IndexFault::Broken) }
}

/// git's rule: an extension may be passed over when its name begins with a capital.
fn extensions(mut rest: Cursor<'_>, end: usize) -> Result<Range<usize>, IndexFault> {
    let mut trees = 0..0;
    while !rest.0.is_empty() {
        let name = rest.take(4)?;
        let size = usize::try_from(rest.number()?).map_err(|_| IndexFault::Broken)?;
        let start = end - rest.0.len();
        rest.take(size)?;
        if name == b"TREE" {
            trees = start..start + size;
        } else if !name.first().is_some_and(u8::is_ascii_uppercase) {
            return Err(IndexFault::Unsupported);
        }
    }
    Ok(trees)
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
