//! The readers of git's formats, as fuzzing and tests call them: on anything at all. What they assert holds whatever
//! the input is.

use super::config::syntax;
use super::index::ewah;
use super::pack::delta::{self, From, Made, Piece};
use super::pack::entry::{Form, LONGEST, header};
use super::pack::inflate::Inflater;
use super::pack::{index, midx};
use super::sweep::{PlainEntry, same_entries};
use crate::git::object::tree::{TreeEntry, tree_entries};
use crate::git::refs::reftable::table;
use crate::git::wildmatch::Glob;
use crate::git::worktree::ignore::Rules;
use crate::path::RelPath;

const ID_LENGTHS: [usize; 2] = [20, 32];
const LIMIT: u64 = 1 << 20;
/// File systems take no longer names.
const SHORT: usize = 256;

/// A pack's index, or a multi-pack-index.
pub fn pack_index(bytes: &[u8]) {
    for id_len in ID_LENGTHS {
        let own = index::read(bytes.to_vec(), id_len);
        let shared = midx::read(bytes, id_len).unwrap_or_default();
        for listing in own.iter().chain(shared.iter().map(|(_, listing)| listing)) {
            assert_eq!(listing.ids.len(), listing.offsets.len() * id_len, "an offset for each id");
            assert!(listing.ids.len() <= bytes.len(), "no id out of nothing");
            assert!(listing.ids.chunks(id_len).is_sorted(), "sorted, so that each is found");
        }
    }
}

/// An entry of a pack: its header, and what is deflated behind it.
pub fn pack_entry(bytes: &[u8]) {
    const OFFSET: u64 = 1 << 20;
    for id_len in ID_LENGTHS {
        let Some(header) = header(bytes, OFFSET, id_len) else { continue };
        assert!(header.len <= LONGEST.min(bytes.len()), "no longer than what is read for it");
        if let Form::At(base) = header.form {
            assert!(base < OFFSET, "a base stands before its delta");
        }
        let Some(size) = usize::try_from(header.size).ok().filter(|_| header.size <= LIMIT) else { continue };
        let mut out = Vec::new();
        let mut inflater = Inflater::new();
        let input = bytes.get(header.len..).unwrap_or_default();
        let mut at_once = Vec::new();
        let is_whole = inflater.whole(input, size, &mut at_once);
        inflater.begin(input.len() as u64, size, &mut out);
        if inflater.feed(input, size, &mut out).is_ok_and(|part| part.is_done) {
            assert_eq!(out.len(), size, "as large as it was said to be");
            assert_eq!((is_whole, &at_once), (true, &out), "the same at once and in pieces");
        } else {
            assert!(!is_whole, "not at once, either");
        }
    }
}

/// A `.gitignore` and a path, with a NUL byte between; the rules are also taken as globs by themselves.
pub fn ignore(bytes: &[u8]) {
    let (rules, path) = bytes.iter().position(|byte| *byte == 0).map_or((bytes, &b".env"[..]), |at| {
        (bytes.get(..at).unwrap_or_default(), bytes.get(at + 1..).unwrap_or_default())
    });
    for folds_case in [false, true] {
        let read = Rules::of(rules, RelPath::default(), folds_case);
        let (file, dir) = (RelPath::new(path), RelPath::new(path));
        if read.verdict(&file, false) == Some(true) && !rules.contains(&b'!') {
            assert_eq!(read.verdict(&dir, true), Some(true), "what matches a file matches a directory");
        }
        for is_path in [false, true] {
            let is_plain = !rules.iter().any(|byte| matches!(byte, b'*' | b'?' | b'[' | b'\\'));
            let matches = Glob::new(rules, is_path, folds_case).matches(path);
            if is_plain && !folds_case {
                assert_eq!(matches, rules == path, "without a wildcard only itself");
            }
            // A set that is turned around takes less where case does not count, and so does an escaped letter.
            if matches && !rules.iter().any(|byte| matches!(byte, b'[' | b'\\')) {
                assert!(Glob::new(rules, is_path, true).matches(path), "no less where case does not count");
            }
        }
    }
}

/// A delta: its first byte says how much of the rest is the base.
pub fn delta(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Some((base, delta)) = rest.split_at_checked(usize::from(*first).min(rest.len())) else { return };
    let mut out = Vec::new();
    if delta::apply(base, delta, LIMIT, &mut out).is_ok() {
        let size = out.len() as u64;
        let sizes = delta::sizes(delta).map(|(base, result, _)| (base, result));
        assert_eq!(sizes, Some((base.len() as u64, size)), "as large as it was said to be");
        assert!(size <= LIMIT, "no larger than it may be");
    }
}

/// A tree made out of another one: the first byte says how long that one is. Of the rest each byte either
/// says how many of those behind it are taken, or, with the two behind it, what of the other tree.
pub fn tree(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Some((base, ops)) = rest.split_at_checked(usize::from(*first).min(rest.len())) else { return };
    let (one, pieces) = made(base, ops);
    let alone = [Piece { start: 0, end: one.len(), from: From::Delta(0) }];
    for id_len in ID_LENGTHS {
        let plain = |entry: TreeEntry<'_>| (entry.mode, entry.name.to_vec(), entry.id);
        let entries: Vec<_> = tree_entries(&one, id_len).flatten().map(plain).collect();
        let is_whole = tree_entries(&one, id_len).all(|entry| entry.is_some());
        let expected = (entries, is_whole);
        for made in [Made { base, delta: ops, pieces: &pieces }, Made { base, delta: &one, pieces: &alone }] {
            let same = |partly| same_entries(made, partly, id_len);
            assert_eq!(same(false), expected, "the same entries, whatever stands beside them");
            let partly = same(true);
            let is_short = |(_, name, _): &PlainEntry| name.len() < SHORT;
            assert!(
                partly == expected || !partly.1 && (!is_whole || !expected.0.iter().all(is_short)),
                "or not at all"
            );
        }
    }
}

/// A table of refs: what checks that it is whole is put right first, so that more than the footer is read.
pub fn reftable(bytes: &[u8]) {
    for id_len in ID_LENGTHS {
        let Some(read) = table::read(&table::with_right_checksum(bytes, id_len), id_len) else { continue };
        assert!(read.refs.len() + read.logs.len() <= bytes.len().max(1 << 24), "no record out of nothing");
    }
}

/// A file of git's configuration.
pub fn configuration(bytes: &[u8]) {
    for line in syntax::parse(bytes).unwrap_or_default() {
        let length = line.name.len() + line.value.map_or(0, |value| value.len());
        assert!(length <= 2 * bytes.len(), "no text out of nothing");
        assert!(line.name.contains(&b'.'), "a key belongs to a section");
    }
}

/// A bitmap of the entries of a shared index.
pub fn bitmap(bytes: &[u8]) {
    const END: usize = 1 << 16;
    if let Some((set, rest)) = ewah::read(bytes, END) {
        assert!(set.is_sorted() && set.last().is_none_or(|last| *last < END), "in order, and within the index");
        assert!(bytes.ends_with(rest), "what stands behind it");
    }
}

fn made(base: &[u8], ops: &[u8]) -> (Vec<u8>, Vec<Piece>) {
    let (mut made, mut pieces, mut rest) = (Vec::new(), Vec::new(), ops);
    while let Some((op, tail)) = rest.split_first() {
        let count = usize::from(op & 0x7f);
        let (piece, from, tail) = match tail.split_first_chunk() {
            Some((at, tail)) if op & 0x80 != 0 => {
                let at = usize::from(u16::from_le_bytes(*at)).min(base.len());
                (base.get(at..base.len().min(at + count)).unwrap_or_default(), From::Base(at), tail)
            }
            _ => {
                let (piece, tail) = tail.split_at(count.min(tail.len()));
                (piece, From::Delta(ops.len() - rest.len() + 1), tail)
            }
        };
        let start = made.len();
        made.extend_from_slice(piece);
        pieces.push(Piece { start, end: made.len(), from });
        rest = tail;
    }
    (made, pieces)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A whole index of version 2 with one id, its checksums zero.
    fn an_index() -> Vec<u8> {
        let fanout = (0..=255_u32).flat_map(|byte| u32::from(byte >= 7).to_be_bytes());
        let head = b"\xfftOc\0\0\0\x02".iter().copied().chain(fanout);
        head.chain([7; 20]).chain([0; 4]).chain([0, 0, 0, 12]).chain([0; 40]).collect()
    }

    /// `hello`, deflated, behind a header.
    const ENTRY: [u8; 14] = [0x35, 0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x06, 0x2c, 0x02, 0x15];
    /// Four bytes of a base, and a delta that copies two and adds one.
    const DELTA: &[u8] = &[4, b'a', b'b', b'c', b'd', 4, 3, 0x91, 1, 2, 1, b'x'];

    /// A tree, and one made out of it: all but the middle one of three entries, then `c`, then its first one again.
    fn two_trees() -> Vec<u8> {
        let entry = |name: &str, id: u8| [format!("100644 {name}\0").as_bytes(), &[id; 20]].concat();
        let one = [entry("a", 1), entry("b", 2), entry("d", 3), entry("e", 3), entry("f", 3)].concat();
        let ops = [&[0x80 | 38, 0, 0, 20][..], &[9; 20], &[0x80 | 29, 58, 0, 29], &entry("c", 4), &[0x80 | 29, 0, 0]];
        [&[145][..], &one, &ops.concat()].concat()
    }

    /// A reader, and something sound for it.
    type Case = (fn(&[u8]), Vec<u8>);

    /// One ref, in a block of its own.
    fn a_table() -> Vec<u8> {
        let header = [&b"REFT\x01\0\x10\0"[..], &[0; 16]].concat();
        let record = [&[0, 3 << 3 | 1][..], b"a/b", &[0], &[7; 20]].concat();
        let size = u8::try_from(24 + 4 + record.len() + 5).unwrap();
        let block = [&[b'r', 0, 0, size][..], &record, &[0, 0, 28, 0, 1]].concat();
        let table = [&header[..], &block, &header, &[0; 44]].concat();
        table::with_right_checksum(&table, 20)
    }

    const CONFIGURATION: &[u8] =
        b"[core]\n\tbare = false ; no\n[remote \"a\\\"b\"]\n\turl = \"x y\"\\\n z\n[include] path\n";
    /// A run of zeros, one word as it stands, a run of ones.
    const BITMAP: &[u8] =
        &[0, 0, 0, 9, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0];

    fn cases() -> [Case; 8] {
        [
            (pack_index, an_index()),
            (pack_entry, ENTRY.to_vec()),
            (delta, DELTA.to_vec()),
            (tree, two_trees()),
            (reftable, a_table()),
            (configuration, CONFIGURATION.to_vec()),
            (bitmap, BITMAP.to_vec()),
            (ignore, b"a/**/b*\n!/x[a-c]?\\ \n*.env/\0a/x/b.env".to_vec()),
        ]
    }

    #[test]
    fn sound_ones_are_read() {
        assert_eq!(index::read(an_index(), 20).map(|listing| listing.offsets), Some(vec![12]));
        assert_eq!(header(&ENTRY, 12, 20).map(|header| header.size), Some(5));
        assert_eq!(delta::apply(b"abcd", &DELTA[5..], LIMIT, &mut Vec::new()), Ok(()));
        let trees = two_trees();
        let (base, ops) = trees[1..].split_at(145);
        let (one, pieces) = made(base, ops);
        assert_eq!((tree_entries(base, 20).flatten().count(), pieces.len()), (5, 5));
        assert_eq!(tree_entries(&one, 20).flatten().count(), 5);
        assert_eq!(table::read(&a_table(), 20).map(|table| table.refs.len()), Some(1));
        assert_eq!(syntax::parse(CONFIGURATION).map(|lines| lines.len()), Some(3));
        assert_eq!(ewah::read(BITMAP, 192).map(|(set, _)| set.len()), Some(66));
    }

    #[test]
    fn every_bit_of_a_sound_one_the_other_way() {
        for (read, sound) in cases() {
            read(&sound);
            for bit in 0..sound.len() * 8 {
                let mut bad = sound.clone();
                bad[bit / 8] ^= 1 << (bit % 8);
                read(&bad);
            }
            (0..sound.len()).for_each(|end| read(&sound[..end]));
        }
    }

    proptest! {
        #[test]
        fn anything_at_all(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            cases().iter().for_each(|(read, _)| read(&bytes));
        }

        #[test]
        fn some_bytes_of_a_sound_one(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
                        for (read, mut bytes) in cases() {
                for (at, byte) in &changes {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                }
                read(&bytes);
            }
        }

        /// What is made of any base by any delta that is sound is what a simple reading of it makes.
        #[test]
        fn deltas_that_are_sound(
            base in proptest::collection::vec(any::<u8>(), 1..300),
            ops in proptest::collection::vec((any::<bool>(), any::<prop::sample::Index>(), 1_usize..100), 0..40),
        ) {
            let (mut expected, mut text) = (Vec::new(), Vec::new());
            for (copies, at, count) in ops {
                let at = at.index(base.len());
                let piece = &base[at..base.len().min(at + count)];
                expected.extend_from_slice(piece);
                let len = u8::try_from(piece.len()).unwrap();
                if copies {
                    let [low, high] = u16::try_from(at).unwrap().to_le_bytes();
                    text.extend([0x93, low, high, len]);
                } else {
                    text.push(len);
                    text.extend_from_slice(piece);
                }
            }
            let size = |mut size: usize| {
                let mut bytes = Vec::new();
                while size > 0x7f {
                    bytes.push(size as u8 | 0x80);
                    size >>= 7;
                }
                bytes.push(size as u8);
                bytes
            };
            let whole = [size(base.len()), size(expected.len()), text].concat();
            let mut out = Vec::new();
            prop_assert_eq!(delta::apply(&base, &whole, LIMIT, &mut out), Ok(()));
            prop_assert_eq!(out, expected);
        }
    }
}
