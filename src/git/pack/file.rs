//! A pack's file, read in blocks at their places: no mapping, so that a file that shrinks is an error and no signal.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::git::read;

/// The size of a block. Deltas lie far from their bases: with larger blocks most of the time goes into copying what is
/// next to what is needed.
const BLOCK: u64 = 8 << 10;

/// An open pack. What git unlinks meanwhile stays readable.
pub(in crate::git) struct PackFile {
    file: File,
    size: u64,
}

impl PackFile {
    /// Opens it and looks at its header: `PACK`, then version 2 or 3.
    pub(in crate::git) fn open(path: &Path) -> io::Result<Self> {
        let (file, size) = read::regular(path)?;
        let mut header = [0; 8];
        file.read_exact_at(&mut header, 0)?;
        match header {
            [b'P', b'A', b'C', b'K', 0, 0, 0, 2 | 3] => Ok(Self { file, size }),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// Where its last entry ends, its checksum of so many bytes being the end of the file.
    pub(in crate::git) fn end(&self, id_len: usize) -> u64 {
        self.size.saturating_sub(id_len as u64)
    }

    /// Whether it ends with this checksum: where it was cut off, and if only by a byte, it does not, and git reads nothing
    /// of it.
    pub(in crate::git) fn ends_with(&self, checksum: &[u8]) -> bool {
        let mut end = vec![0; checksum.len()];
        self.file.read_exact_at(&mut end, self.end(checksum.len())).is_ok() && end == checksum
    }

    /// Reads as many bytes as there is room for, from a place on.
    pub(in crate::git) fn fill(&self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(bytes, start)
    }

    fn read(&self, block: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
        let start = block * BLOCK;
        let end = self.size.min(start.saturating_add(BLOCK));
        let count = end.checked_sub(start).filter(|count| *count > 0).ok_or(io::ErrorKind::UnexpectedEof)?;
        bytes.resize(usize::try_from(count).map_err(|_| io::ErrorKind::UnexpectedEof)?, 0);
        self.fill(start, bytes)
    }
}

/// Blocks that were read, each in the one slot that its number gives.
pub(in crate::git) struct Blocks {
    slots: Vec<Slot>,
    /// What is in more than one block.
    joined: Vec<u8>,
}

#[derive(Default)]
struct Slot {
    /// The pack and the block; none yet where there are no bytes.
    key: (usize, u64),
    bytes: Vec<u8>,
}

impl Blocks {
    /// With room for this many blocks of 8 KiB.
    pub(in crate::git) fn new(slots: usize) -> Self {
        Self { slots: std::iter::repeat_with(Slot::default).take(slots.max(1)).collect(), joined: Vec::new() }
    }

    /// The bytes of the pack between two places.
    pub(in crate::git) fn between(&mut self, pack: usize, file: &PackFile, start: u64, end: u64) -> io::Result<&[u8]> {
        let count = end.checked_sub(start).and_then(|count| usize::try_from(count).ok());
        let count = count.ok_or(io::ErrorKind::UnexpectedEof)?;
        if start / BLOCK == end.saturating_sub(1) / BLOCK {
            return self.at(pack, file, start)?.get(..count).ok_or_else(|| io::ErrorKind::UnexpectedEof.into());
        }
        if self.joined.len() < count {
            self.joined.resize(count, 0);
        }
        let joined = self.joined.get_mut(..count).unwrap_or_default();
        file.file.read_exact_at(joined, start)?;
        Ok(joined)
    }

    /// The bytes of the pack from a place on, as far as its block goes. Never none.
    pub(in crate::git) fn at(&mut self, pack: usize, file: &PackFile, place: u64) -> io::Result<&[u8]> {
        let block = place / BLOCK;
        let count = u64::try_from(self.slots.len()).unwrap_or(1);
        // Packs are far apart in number space only; this spreads their first blocks.
        let spread = u64::try_from(pack).unwrap_or(0).wrapping_mul(0x9e37_79b9);
        let slot = usize::try_from(block.wrapping_add(spread) % count).unwrap_or(0);
        let slot = self.slots.get_mut(slot).ok_or(io::ErrorKind::OutOfMemory)?;
        if slot.key != (pack, block) || slot.bytes.is_empty() {
            slot.key = (pack, block);
            if let Err(error) = file.read(block, &mut slot.bytes) {
                slot.bytes.clear();
                return Err(error);
            }
        }
        let within = usize::try_from(place % BLOCK).unwrap_or(usize::MAX);
        slot.bytes.get(within..).filter(|rest| !rest.is_empty()).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
