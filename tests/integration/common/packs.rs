//! Packs, their indexes and loose objects, byte by byte: also such as git never writes, with the checksums right.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha1::{Digest as _, Sha1};

use super::encode::hex;

pub const COMMIT: u8 = 1;
pub const TREE: u8 = 2;
pub const BLOB: u8 = 3;
pub const OFS_DELTA: u8 = 6;
pub const REF_DELTA: u8 = 7;

/// An object's id.
pub type Id = [u8; 20];

/// What an index says of an object.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: Id,
    pub offset: u64,
    pub crc: u32,
}

/// A pack in the making.
pub struct Pack {
    bytes: Vec<u8>,
    pub entries: Vec<Entry>,
}

impl Default for Pack {
    fn default() -> Self {
        Self { bytes: b"PACK\0\0\0\x02\0\0\0\0".to_vec(), entries: Vec::new() }
    }
}

impl Pack {
    /// How long it is by now: where the next object will lie.
    pub fn len(&self) -> u64 {
        self.bytes.len().try_into().unwrap()
    }

    /// An object as it is; its id.
    pub fn whole(&mut self, kind: u8, content: &[u8]) -> Id {
        self.claiming(kind, content, content.len().try_into().unwrap())
    }

    /// An object whose header says that it has `size` bytes.
    pub fn claiming(&mut self, kind: u8, content: &[u8], size: u64) -> Id {
        let id = id_of(kind, content);
        self.entry(id, &header(kind, size), content);
        id
    }

    /// A delta on the object so many bytes before it.
    pub fn on_distance(&mut self, id: Id, distance: u64, delta: &[u8]) {
        let size = delta.len().try_into().unwrap();
        self.entry(id, &[header(OFS_DELTA, size), distance_of(distance)].concat(), delta);
    }

    /// A delta on the object with this id.
    pub fn on_id(&mut self, id: Id, base: Id, delta: &[u8]) {
        let size = delta.len().try_into().unwrap();
        self.entry(id, &[header(REF_DELTA, size), base.to_vec()].concat(), delta);
    }

    /// Anything: a header, and what is deflated behind it.
    pub fn entry(&mut self, id: Id, header: &[u8], content: &[u8]) {
        let bytes = [header, &deflated(content)].concat();
        let entry = Entry { id, offset: self.len(), crc: libdeflater::crc32(&bytes) };
        self.entries.push(entry);
        self.bytes.extend(bytes);
    }

    /// A commit of a tree with one file, both as they should be; the id of the commit.
    pub fn commit_of(&mut self, name: &str, blob: Id) -> Id {
        let tree = self.whole(TREE, &tree_of(&[(name, blob)]));
        self.whole(COMMIT, &commit_of(tree))
    }

    /// The whole file.
    pub fn file(&self) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let count: u32 = self.entries.len().try_into().unwrap();
        bytes[8..12].copy_from_slice(&count.to_be_bytes());
        with_sum(bytes)
    }

    /// Puts it, with an index of version 2, into a repository whose branch `main` is at this commit.
    pub fn install(&self, git_dir: &Path, main: Id) {
        let file = self.file();
        put(git_dir, "objects/pack/pack-odd.pack", &file);
        put(git_dir, "objects/pack/pack-odd.idx", &index_2(&self.entries, &file));
        put(git_dir, "refs/heads/main", format!("{}\n", hex(&main)).as_bytes());
    }
}

/// Writes a file of a repository.
pub fn put(git_dir: &Path, path: &str, bytes: &[u8]) {
    let path = git_dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Writes a loose object with the header `word size`; what its name says.
pub fn put_loose(git_dir: &Path, header: &str, content: &[u8]) -> Id {
    let bytes = [header.as_bytes(), b"\0", content].concat();
    let id: Id = Sha1::digest(&bytes).into();
    let name = hex(&id);
    put(git_dir, &format!("objects/{}/{}", &name[..2], &name[2..]), &deflated(&bytes));
    id
}

pub fn id_of(kind: u8, content: &[u8]) -> Id {
    let word = ["", "commit", "tree", "blob", "tag"].get(usize::from(kind)).copied().unwrap_or("blob");
    Sha1::digest([format!("{word} {}\0", content.len()).as_bytes(), content].concat()).into()
}

pub fn tree_of(files: &[(&str, Id)]) -> Vec<u8> {
    let entry = |(name, id): &(&str, Id)| [format!("100644 {name}\0").as_bytes(), id].concat();
    files.iter().flat_map(entry).collect()
}

pub fn commit_of(tree: Id) -> Vec<u8> {
    let who = "A <a@example.com> 1700000000 +0000";
    format!("tree {}\nauthor {who}\ncommitter {who}\n\nm\n", hex(&tree)).into_bytes()
}

pub fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The type, and the size in groups of four, seven, seven bits.
pub fn header(kind: u8, mut size: u64) -> Vec<u8> {
    let mut bytes = vec![kind << 4 | low(size, 4)];
    size >>= 4;
    while size > 0 {
        *bytes.last_mut().unwrap() |= 0x80;
        bytes.push(low(size, 7));
        size >>= 7;
    }
    bytes
}

/// A size at the start of a delta: groups of seven bits, the lowest first.
pub fn size_of(mut size: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while size > 0x7f {
        bytes.push(low(size, 7) | 0x80);
        size >>= 7;
    }
    bytes.push(low(size, 7));
    bytes
}

/// A delta that copies nothing: on a base said to have `base` bytes, with a result said to have `result` bytes.
pub fn inserting(base: u64, result: u64, text: &[u8]) -> Vec<u8> {
    let pieces = text.chunks(0x7f).flat_map(|piece| [&[u8::try_from(piece.len()).unwrap()], piece].concat());
    size_of(base).into_iter().chain(size_of(result)).chain(pieces).collect()
}

/// How an OFS_DELTA says how far before it its base lies: the highest group first, each but the last one too small.
fn distance_of(mut distance: u64) -> Vec<u8> {
    let mut bytes = vec![low(distance, 7)];
    distance >>= 7;
    while distance > 0 {
        distance -= 1;
        bytes.insert(0, low(distance, 7) | 0x80);
        distance >>= 7;
    }
    bytes
}

fn low(number: u64, bits: u32) -> u8 {
    (number & ((1 << bits) - 1)).try_into().unwrap()
}

/// An index of version 1.
pub fn index_1(entries: &[Entry], pack: &[u8]) -> Vec<u8> {
    let entries = sorted(entries);
    let pair = |entry: &Entry| [&u32::try_from(entry.offset).unwrap().to_be_bytes()[..], &entry.id].concat();
    let bytes = [fan_out(&entries), entries.iter().flat_map(pair).collect(), sum_of(pack).to_vec()].concat();
    with_sum(bytes)
}

/// An index of version 2; what lies behind the first 2 GiB stands in its table of large offsets.
pub fn index_2(entries: &[Entry], pack: &[u8]) -> Vec<u8> {
    let entries = sorted(entries);
    let (mut small, mut large) = (Vec::new(), Vec::new());
    for entry in &entries {
        small.extend(small_or_large(entry.offset, &mut large));
    }
    let parts = [
        b"\xfftOc\0\0\0\x02".to_vec(),
        fan_out(&entries),
        entries.iter().flat_map(|entry| entry.id).collect(),
        entries.iter().flat_map(|entry| entry.crc.to_be_bytes()).collect(),
        small,
        large,
        sum_of(pack).to_vec(),
    ];
    with_sum(parts.concat())
}

/// A multi-pack-index of one pack.
pub fn multi_pack_index(pack_name: &str, entries: &[Entry]) -> Vec<u8> {
    let entries = sorted(entries);
    let (mut offsets, mut large) = (Vec::new(), Vec::new());
    for entry in &entries {
        offsets.extend(0_u32.to_be_bytes());
        offsets.extend(small_or_large(entry.offset, &mut large));
    }
    let mut names = [pack_name.as_bytes(), b"\0"].concat();
    names.resize(names.len().next_multiple_of(4), 0);
    let ids = entries.iter().flat_map(|entry| entry.id).collect();
    let mut chunks = vec![(*b"PNAM", names), (*b"OIDF", fan_out(&entries)), (*b"OIDL", ids), (*b"OOFF", offsets)];
    if !large.is_empty() {
        chunks.push((*b"LOFF", large));
    }
    let count = u8::try_from(chunks.len()).unwrap();
    let mut bytes = [b"MIDX\x01\x01".as_slice(), &[count, 0], &1_u32.to_be_bytes()].concat();
    let mut at = u64::try_from(bytes.len() + 12 * (chunks.len() + 1)).unwrap();
    for (name, chunk) in &chunks {
        bytes.extend([&name[..], &at.to_be_bytes()].concat());
        at += u64::try_from(chunk.len()).unwrap();
    }
    bytes.extend([&[0; 4][..], &at.to_be_bytes()].concat());
    bytes.extend(chunks.into_iter().flat_map(|(_, chunk)| chunk));
    with_sum(bytes)
}

/// 31 bits of an offset, or the number of the row that has it.
fn small_or_large(offset: u64, large: &mut Vec<u8>) -> [u8; 4] {
    const LARGE: u32 = 1 << 31;
    let small = u32::try_from(offset).ok().filter(|small| small & LARGE == 0);
    let number = small.unwrap_or_else(|| {
        let row = u32::try_from(large.len() / 8).unwrap();
        large.extend(offset.to_be_bytes());
        row | LARGE
    });
    number.to_be_bytes()
}

fn sorted(entries: &[Entry]) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    entries.sort_by_key(|entry| entry.id);
    entries
}

fn fan_out(entries: &[Entry]) -> Vec<u8> {
    let up_to = |byte: u8| entries.iter().filter(|entry| entry.id[0] <= byte).count();
    (0..=u8::MAX).flat_map(|byte| u32::try_from(up_to(byte)).unwrap().to_be_bytes()).collect()
}

/// The checksum at the end of a pack.
fn sum_of(pack: &[u8]) -> &[u8] {
    &pack[pack.len() - 20..]
}

/// The bytes, and their checksum behind them.
pub fn with_sum(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = Sha1::digest(&bytes);
    bytes.extend(sum);
    bytes
}
