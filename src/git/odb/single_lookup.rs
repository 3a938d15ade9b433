//! One object after the other, without a list of all: each is looked up in the packs' indexes where they lie.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::bases::Bases;
use super::reader::Packs;
use super::{ByteRange, Place, listing};
use crate::git::pack::file::PackFile;
use crate::git::{Oid, read};

/// More packs than this are listed once: looking into each index would take longer.
const MOST: usize = 64;
const FANOUT: u64 = 256 * 4;
/// The high bit of a 31-bit offset: the rest of it is a place in the table of long ones.
const LONG: u32 = 1 << 31;

/// The packs of some directories, by their own indexes.
pub(in crate::git) struct Few {
    id_len: usize,
    packs: Vec<Pack>,
    bases: Bases,
}

struct Pack {
    file: PackFile,
    index: IndexFile,
}

impl Few {
    /// Opens the packs; `None` where there are too many, or where one cannot be opened: then everything is listed, and
    /// what is wrong is told there.
    pub(in crate::git) fn open(directories: &[PathBuf], id_len: usize) -> Option<Self> {
        let mut packs = Vec::new();
        for dir in directories {
            for name in listing::pack_names(dir, &mut Vec::new()) {
                // One without an index of its own is found through the list of all.
                let Ok(index) = IndexFile::open(&name.with_extension("idx"), id_len) else { continue };
                packs.push(Pack { file: PackFile::open(&name).ok()?, index });
                if packs.len() > MOST {
                    return None;
                }
            }
        }
        Some(Self { id_len, packs, bases: Bases::default() })
    }
}

impl Packs for Few {
    fn id_len(&self) -> usize {
        self.id_len
    }

    fn file(&self, pack: usize) -> Option<&PackFile> {
        self.packs.get(pack).map(|pack| &pack.file)
    }

    fn byte_range_at(&self, pack: usize, start: u64) -> ByteRange {
        ByteRange { pack, start, end: start }
    }

    fn find(&self, id: Oid) -> Option<Place> {
        let found = |(number, pack): (usize, &Pack)| Some((number, pack.index.find(id.as_bytes()).ok().flatten()?));
        let (pack, start) = self.packs.iter().enumerate().find_map(found)?;
        Some(Place::Packed(self.byte_range_at(pack, start)))
    }

    fn bases(&self) -> &Bases {
        &self.bases
    }
}

/// A pack's index that stays in its file (gitformat-pack, "pack-*.idx files").
struct IndexFile {
    file: File,
    id_len: u64,
    is_second: bool,
    size: u64,
    /// How many objects begin with each byte, or a lower one.
    fanout: OnceLock<Vec<u32>>,
}

impl IndexFile {
    fn open(path: &Path, id_len: usize) -> io::Result<Self> {
        let (file, size) = read::regular(path)?;
        let mut start = [0; 8];
        file.read_exact_at(&mut start, 0)?;
        let is_second = start.starts_with(b"\xfftOc");
        if is_second && start != *b"\xfftOc\0\0\0\x02" {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self { file, id_len: id_len as u64, is_second, size, fanout: OnceLock::new() })
    }

    fn fanout(&self) -> io::Result<&[u32]> {
        if let Some(known) = self.fanout.get() {
            return Ok(known);
        }
        let mut bytes = [0; FANOUT as usize];
        self.file.read_exact_at(&mut bytes, self.start() - FANOUT)?;
        let table = bytes.chunks_exact(4).filter_map(|four| four.first_chunk().map(|four| u32::from_be_bytes(*four)));
        Ok(self.fanout.get_or_init(|| table.collect()))
    }

    /// Where the entries begin.
    fn start(&self) -> u64 {
        FANOUT + if self.is_second { 8 } else { 0 }
    }

    /// Where the pack has this object.
    fn find(&self, id: &[u8]) -> io::Result<Option<u64>> {
        let first = usize::from(id.first().copied().unwrap_or(0));
        let count = |at: Option<usize>| Ok::<_, io::Error>(at.map_or(0, |at| self.fanout_at(at)));
        self.fanout()?;
        let (mut from, mut to) = (count(first.checked_sub(1))?, count(Some(first))?);
        let (width, skip) = if self.is_second { (self.id_len, 0) } else { (self.id_len + 4, 4) };
        let mut known = vec![0; id.len()];
        while from < to {
            let middle = from + (to - from) / 2;
            self.file.read_exact_at(&mut known, self.start() + u64::from(middle) * width + skip)?;
            match known.as_slice().cmp(id) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Equal => return self.offset(middle).map(Some),
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        Ok(None)
    }

    fn fanout_at(&self, at: usize) -> u32 {
        self.fanout.get().and_then(|table| table.get(at)).copied().unwrap_or(0)
    }

    fn offset(&self, number: u32) -> io::Result<u64> {
        let number = u64::from(number);
        if !self.is_second {
            return self.number(self.start() + number * (self.id_len + 4)).map(u64::from);
        }
        let count = u64::from(self.fanout_at(255));
        // Ids, then a checksum of four bytes for each.
        let offsets = self.start() + count * (self.id_len + 4);
        let short = self.number(offsets + number * 4)?;
        if short & LONG == 0 {
            return Ok(u64::from(short));
        }
        let at = offsets + count * 4 + u64::from(short & !LONG) * 8;
        if at + 8 > self.size.saturating_sub(2 * self.id_len) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = [0; 8];
        self.file.read_exact_at(&mut bytes, at)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn number(&self, at: u64) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.file.read_exact_at(&mut bytes, at)?;
        Ok(u32::from_be_bytes(bytes))
    }
}
