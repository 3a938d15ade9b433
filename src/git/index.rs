//! The index file, versions 2 to 4. Our own reader: libgit2's takes many times as long and keeps every entry.

use sha1::Digest;

use super::Oid;

/// An entry as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) path: &'a [u8],
    pub(super) blob: Oid,
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

const STAT: usize = 24;
const EXTENDED: u16 = 0x4000;
const NAME_LENGTH: u16 = 0x0fff;
const INTENT_TO_ADD: u16 = 0x2000;
const SKIP_WORKTREE: u16 = 0x4000;
const DIRECTORY: u32 = 0o040_000;

/// Calls `sink` with each entry. A fault may come after some entries: what they were then counts for nothing.
pub(super) fn read(bytes: &[u8], id_len: usize, sink: &mut dyn FnMut(Entry<'_>)) -> Result<(), IndexFault> {
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
    let mut path = Vec::new();
    for _ in 0..count {
        entry(&mut rest, version, id_len, &mut path, sink)?;
    }
    extensions(rest)
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

fn entry(
    rest: &mut Cursor<'_>,
    version: u32,
    id_len: usize,
    path: &mut Vec<u8>,
    sink: &mut dyn FnMut(Entry<'_>),
) -> Result<(), IndexFault> {
    let before = rest.0.len();
    rest.take(STAT)?;
    let mode = rest.number()?;
    rest.take(12)?;
    let blob = Oid::from_bytes(rest.take(id_len)?).ok_or(IndexFault::Broken)?;
    let flags = rest.short()?;
    let more = if flags & EXTENDED != 0 && version > 2 { rest.short()? } else { 0 };
    if more & !(INTENT_TO_ADD | SKIP_WORKTREE) != 0 {
        return Err(IndexFault::Unsupported);
    }
    let kept = if version == 4 { path.len().checked_sub(rest.varint()?).ok_or(IndexFault::Broken)? } else { 0 };
    path.truncate(kept);
    path.extend_from_slice(rest.until_nul()?);
    let length = flags & NAME_LENGTH;
    if length != NAME_LENGTH && usize::from(length) != path.len() {
        return Err(IndexFault::Broken);
    }
    if path.is_empty() {
        // In a split index: it stands for an entry of the shared one.
        return Err(IndexFault::Unsupported);
    }
    if version < 4 {
        // One NUL is gone; with the padding an entry is a multiple of eight bytes.
        let used = before - rest.0.len();
        rest.take(used.next_multiple_of(8) - used)?;
    }
    if mode == DIRECTORY {
        return Err(IndexFault::Unsupported);
    }
    let stage = u8::try_from(flags >> 12 & 3).unwrap_or(0);
    sink(Entry { path, blob, mode, stage, intent_to_add: more & INTENT_TO_ADD != 0 });
    Ok(())
}

/// git's rule: an extension may be passed over when its name begins with a capital.
fn extensions(mut rest: Cursor<'_>) -> Result<(), IndexFault> {
    while !rest.0.is_empty() {
        let name = rest.take(4)?;
        let size = usize::try_from(rest.number()?).map_err(|_| IndexFault::Broken)?;
        rest.take(size)?;
        if !name.first().is_some_and(u8::is_ascii_uppercase) {
            return Err(IndexFault::Unsupported);
        }
    }
    Ok(())
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
