//! The entries of a tree, without looking again at those that it has from another one.
//!
//! A tree that is stored as a delta says itself which of its bytes are the base's. Where an entry begins in both, at the
//! same place of such a piece, all that follows in the piece are the base's entries.

use std::ops::Range;

use crate::git::object::tree::{TreeEntry, tree_entry};
use crate::git::pack::delta::{From, Made, Piece};

/// What a tree is made of, from its beginning to its end.
pub(super) enum Part<'a> {
    /// Entries that the base has just so: where they stand there, and where the first one stands here.
    Same { from: Range<usize>, at: usize },
    /// An entry that may be new, and where it begins.
    New { at: usize, entry: TreeEntry<'a> },
}

/// The tree that another one is a delta on.
#[derive(Clone, Copy)]
pub(super) struct Beside<'b> {
    /// Where its entries begin and, last, where it ends; as [`read`] gives them.
    pub(super) starts: &'b [u32],
    /// What the other tree is made of.
    pub(super) pieces: &'b [Piece],
}

/// The bytes of a tree.
pub(super) trait Text {
    fn len(&self) -> usize;

    /// The bytes from a place on, as many as an entry has, or all of them. The places rise from call to call.
    fn rest(&mut self, at: usize) -> &[u8];
}

impl Text for &[u8] {
    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn rest(&mut self, at: usize) -> &[u8] {
        self.get(at..).unwrap_or_default()
    }
}

/// A tree of which no more is put together than is read of it. An entry that is longer than [`Partly::MOST`] seems to be
/// malformed.
pub(super) struct Partly<'a> {
    pub(super) made: Made<'a>,
    /// As long as the tree.
    pub(super) out: &'a mut [u8],
}

impl Partly<'_> {
    /// A mode, a name as long as file systems take it, and an id.
    const MOST: usize = 300;
}

impl Text for Partly<'_> {
    fn len(&self) -> usize {
        self.made.len()
    }

    fn rest(&mut self, at: usize) -> &[u8] {
        let byte_range = at..self.made.len().min(at.saturating_add(Self::MOST));
        self.made.fill(byte_range.clone(), self.out);
        self.out.get(byte_range).unwrap_or_default()
    }
}

/// Calls `each` with the parts of a tree, and `starts` with where its entries begin and where the last one ends. Ends early
/// where an entry is malformed; `false` then.
pub(super) fn read(
    mut tree: impl Text,
    beside: Option<Beside<'_>>,
    id_len: usize,
    starts: &mut impl Extend<u32>,
    each: &mut impl FnMut(Part<'_>),
) -> bool {
    let whole = [Piece { start: 0, end: tree.len(), from: From::Delta(0) }];
    let Beside { starts: theirs, pieces } = beside.unwrap_or(Beside { starts: &[], pieces: &whole });
    let (mut at, mut next) = (0, 0);
    for piece in pieces {
        while at < piece.end {
            if let Some(Same { entries, from }) = same(piece, at, theirs, &mut next) {
                // As far apart as the trees are, in wrapping numbers, so that it is one addition each.
                let shift = to_start(at).wrapping_sub(to_start(from.start));
                starts.extend(entries.iter().map(|start| start.wrapping_add(shift)));
                let start = at;
                at += from.len();
                each(Part::Same { from, at: start });
                continue;
            }
            let rest = tree.rest(at);
            let Some((entry, tail)) = tree_entry(rest, id_len) else { return false };
            let start = at;
            at += rest.len() - tail.len();
            starts.extend([to_start(start)]);
            each(Part::New { at: start, entry });
        }
    }
    starts.extend([to_start(at)]);
    at == tree.len()
}

/// Entries of the base: where they begin, and all of them.
struct Same<'b> {
    entries: &'b [u32],
    from: Range<usize>,
}

/// The base's entries that stand in a piece from `at` on, whole. `next` is a guess where they are, for the next time too.
fn same<'b>(piece: &Piece, at: usize, theirs: &'b [u32], next: &mut usize) -> Option<Same<'b>> {
    let From::Base(from) = piece.from else { return None };
    let offset = at.checked_sub(piece.start)?;
    let (first, last) = (to_start(from + offset), to_start(from + (piece.end - piece.start)));
    // Mostly what comes behind the entry that was replaced.
    let guesses = [*next, *next + 1];
    let guess = guesses.into_iter().find(|guess| theirs.get(*guess) == Some(&first));
    let begin = guess.unwrap_or_else(|| theirs.partition_point(|start| *start < first));
    let known = theirs.get(begin..).filter(|known| known.first() == Some(&first))?;
    let is_rest = known.last().is_some_and(|end| *end <= last);
    let count = if is_rest { known.len() } else { known.partition_point(|start| *start <= last) }.checked_sub(1)?;
    let (entries, end) = (known.get(..count).filter(|entries| !entries.is_empty())?, *known.get(count)?);
    *next = begin + count;
    Some(Same { entries, from: first as usize..end as usize })
}

/// Trees are no larger than 128 MiB.
fn to_start(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(entries: &[(&str, u8)]) -> Vec<u8> {
        let entry = |(name, id): &(&str, u8)| [format!("100644 {name}\0").as_bytes(), &[*id; 20]].concat();
        entries.iter().flat_map(entry).collect()
    }

    fn starts(tree: &[u8]) -> Vec<u32> {
        let mut starts: Vec<u32> = Vec::new();
        assert!(read(tree, None, 20, &mut starts, &mut |_| {}));
        starts
    }

    /// The names of new entries, and the ranges of the others.
    fn parts(tree: &[u8], theirs: &[u32], pieces: &[Piece]) -> (Vec<String>, bool) {
        let (mut seen, mut own): (_, Vec<u32>) = (Vec::new(), Vec::new());
        let whole = read(tree, Some(Beside { starts: theirs, pieces }), 20, &mut own, &mut |part| {
            seen.push(match part {
                Part::Same { from, at } => format!("{from:?} at {at}"),
                Part::New { at, entry } => format!("{} at {at}", String::from_utf8_lossy(entry.name)),
            });
        });
        if whole {
            assert_eq!(own, starts(tree));
        }
        (seen, whole)
    }

    fn piece(start: usize, end: usize, from: Option<usize>) -> Piece {
        Piece { start, end, from: from.map_or(From::Delta(0), From::Base) }
    }

    #[test]
    fn what_the_base_has_is_passed_over() {
        let base = tree(&[("a", 1), ("b", 2), ("d", 3), ("e", 4)]);
        let one = tree(&[("a", 1), ("b", 9), ("c", 5), ("d", 3), ("f", 6)]);
        // Each entry has 29 bytes; the first 9 of `b` are the base's.
        let pieces = [piece(0, 38, Some(0)), piece(38, 87, None), piece(87, 116, Some(58)), piece(116, 145, None)];
        let expected = ["0..29 at 0", "b at 29", "c at 58", "58..87 at 87", "f at 116"];
        assert_eq!(parts(&one, &starts(&base), &pieces), (expected.map(str::to_owned).to_vec(), true));
        let all = [piece(0, base.len(), Some(0))];
        assert_eq!(parts(&base, &starts(&base), &all), (vec!["0..116 at 0".to_owned()], true));
    }

    /// A copy from within an entry is no entry of the base, whatever it looks like here.
    #[test]
    fn what_begins_elsewhere_in_the_base_is_new() {
        let base = tree(&[("100644 .env", 7), ("y", 2)]);
        let one = tree(&[(".env", 7), ("y", 2)]);
        let (seen, whole) = parts(&one, &starts(&base), &[piece(0, one.len(), Some(7))]);
        assert_eq!((seen, whole), (vec![".env at 0".to_owned(), "39..68 at 32".to_owned()], true));
    }

    #[test]
    fn a_malformed_tree_ends_early() {
        for bytes in [b"1".as_slice(), b"100644 x", b"100644 x\0short", b"9 x\x0000000000000000000000", b"100644 \0"] {
            assert_eq!(parts(bytes, &[], &[piece(0, bytes.len(), None)]), (vec![], false));
        }
    }
}
