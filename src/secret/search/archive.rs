//! What compression hides: the members of zip files, the content of gzip files. One level deep, and bounded.
//!
//! A tar file compresses nothing, so what is in it is found as it stands; in a `.tar.gz` the gzip is the one level.

use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;
use zeroize::Zeroizing;
use zip::ZipArchive;

/// How much of one archive is unpacked: enough for every archive of sources and settings, and a bomb ends here.
const MOST: usize = 64 << 20;
/// How many members of one archive are opened.
const MEMBERS: usize = 10_000;

/// What became of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpacked {
    /// They are no archive.
    Plain,
    /// All that is in it was seen.
    Whole,
    /// Not all: it is damaged, encrypted, too large, or packed in a way that is not read.
    Partly,
}

/// How something is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// RFC 1952.
    Gzip,
    /// PKWARE's APPNOTE.
    Zip,
}

/// So many bytes tell how something is packed.
pub const BEGINNING: usize = 4;

impl Packing {
    /// What a beginning says.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            // A local file, or the end of an empty archive (APPNOTE 4.3.7, 4.3.16).
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Zip),
            _ => None,
        }
    }
}

/// Shows `look` what is packed in `bytes`, piece by piece.
pub fn unpack(bytes: &[u8], look: &mut dyn FnMut(&[u8])) -> Unpacked {
    match Packing::of(bytes) {
        Some(Packing::Gzip) => gzip(bytes, look),
        Some(Packing::Zip) => zip(bytes, look),
        None => Unpacked::Plain,
    }
}

fn gzip(bytes: &[u8], look: &mut dyn FnMut(&[u8])) -> Unpacked {
    let mut room = MOST;
    inflate(MultiGzDecoder::new(bytes), &mut room, look)
}

fn zip(bytes: &[u8], look: &mut dyn FnMut(&[u8])) -> Unpacked {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Unpacked::Partly };
    let (mut room, mut whole) = (MOST, archive.len() <= MEMBERS);
    for index in 0..archive.len().min(MEMBERS) {
        // Without a password an encrypted one is an error.
        whole &= match archive.by_index(index) {
            Ok(member) => inflate(member, &mut room, look) == Unpacked::Whole,
            Err(_) => false,
        };
    }
    if whole { Unpacked::Whole } else { Unpacked::Partly }
}

/// Shows what a reader gives, up to `room` bytes, also where it fails in the middle.
fn inflate(mut reader: impl Read, room: &mut usize, look: &mut dyn FnMut(&[u8])) -> Unpacked {
    let mut content = Zeroizing::new(Vec::new());
    let mut piece = Zeroizing::new(vec![0; 64 << 10]);
    let unpacked = loop {
        match reader.read(&mut piece) {
            Ok(0) => break Unpacked::Whole,
            Ok(count) if count > *room => break Unpacked::Partly,
            Ok(count) => {
                *room -= count;
                grow(&mut content, count);
                content.extend_from_slice(piece.get(..count).unwrap_or_default());
            }
            Err(_) => break Unpacked::Partly,
        }
    };
    look(&content);
    unpacked
}

/// Makes room without leaving a copy behind.
fn grow(content: &mut Zeroizing<Vec<u8>>, more: usize) {
    if content.capacity() - content.len() < more {
        let mut larger = Zeroizing::new(Vec::with_capacity((content.len() + more) * 2));
        larger.extend_from_slice(content);
        std::mem::swap(content, &mut larger);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn seen(bytes: &[u8]) -> (Unpacked, Vec<Vec<u8>>) {
        let mut pieces = Vec::new();
        let unpacked = unpack(bytes, &mut |piece| pieces.push(piece.to_vec()));
        (unpacked, pieces)
    }

    fn gzipped(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn what_is_packed_is_seen() {
        let (one, two) = (b"one".repeat(50_000), b"two".repeat(50_000));
        assert_eq!(seen(&gzipped(&one)), (Unpacked::Whole, vec![one.clone()]));
        let joined = [gzipped(&one), gzipped(&two)].concat();
        assert_eq!(seen(&joined), (Unpacked::Whole, vec![[one.as_slice(), &two].concat()]));
        let archive = zipped(&[("a/.env", &one), ("b", &two), ("empty", b"")]);
        assert_eq!(seen(&archive), (Unpacked::Whole, vec![one, two, Vec::new()]));
        assert_eq!(seen(b"PK, a chess club"), (Unpacked::Plain, Vec::new()));
        assert_eq!(seen(b""), (Unpacked::Plain, Vec::new()));
    }

    #[test]
    fn damage_is_told_and_what_stands_before_it_is_seen() {
        let text: Vec<u8> = (0..200_000_u32).flat_map(|number| number.to_string().into_bytes()).collect();
        let packed = gzipped(&text);
        let (unpacked, pieces) = seen(&packed[..packed.len() / 2]);
        assert_eq!(unpacked, Unpacked::Partly);
        assert!(pieces[0].len() > 1000 && text.starts_with(&pieces[0]));
        let archive = zipped(&[("a", &text)]);
        assert_eq!(seen(&archive[..archive.len() / 2]).0, Unpacked::Partly);
        // A later member is whole, and seen.
        let mut archive = zipped(&[("a", &text), ("b", b"whole")]);
        archive[1000] ^= 1;
        let (unpacked, pieces) = seen(&archive);
        assert_eq!((unpacked, pieces.last().map(Vec::as_slice)), (Unpacked::Partly, Some(b"whole".as_slice())));
    }

    #[test]
    fn as_much_is_unpacked_as_there_is_room_for() {
        for (room, unpacked) in [(4, Unpacked::Partly), (5, Unpacked::Whole), (6, Unpacked::Whole)] {
            assert_eq!(inflate(b"bytes".as_slice(), &mut { room }, &mut |_| {}), unpacked, "{room}");
        }
    }

    /// A buffer that the vector makes larger leaves its old bytes in memory.
    #[test]
    fn there_is_room_before_something_is_added() {
        let mut content = Zeroizing::new(b"0123456789".to_vec());
        for more in [0, 1, 30, 5000] {
            grow(&mut content, more);
            assert!(content.starts_with(b"0123456789") && content.capacity() - content.len() >= more, "{more}");
            content.extend(std::iter::repeat_n(b'x', more));
        }
    }

    #[test]
    fn a_bomb_ends() {
        let (unpacked, pieces) = seen(&gzipped(&vec![0; MOST + 1]));
        assert_eq!((unpacked, pieces.len()), (Unpacked::Partly, 1));
        assert!(pieces[0].len() <= MOST);
    }
}
