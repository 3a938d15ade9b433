//! Deltas: an object as pieces of another one and new text (gitformat-pack, "Deltified representation").

use std::ops::Range;

use crate::git::object::read::Fault;
use crate::git::pack::buffer;

/// Of what a delta claims this much is set aside at once.
const AHEAD: usize = 4 << 20;

/// The sizes that a delta begins with: of its base, and of what it makes.
pub(in crate::git) fn sizes(delta: &[u8]) -> Option<(u64, u64, &[u8])> {
    let (base, rest) = size(delta)?;
    let (result, rest) = size(rest)?;
    Some((base, result, rest))
}

/// A piece of what a delta makes. They stand one behind the other, from its beginning to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) struct Piece {
    pub(in crate::git) start: usize,
    pub(in crate::git) end: usize,
    pub(in crate::git) from: From,
}

/// Where a piece begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) enum From {
    /// In the base.
    Base(usize),
    /// In the delta: it is new.
    Delta(usize),
}

impl Piece {
    /// Its bytes from `start` to `end`, which are within it.
    fn bytes<'a>(&self, base: &'a [u8], delta: &'a [u8], start: usize, end: usize) -> &'a [u8] {
        let (text, from) = match self.from {
            From::Base(from) => (base, from),
            From::Delta(from) => (delta, from),
        };
        text.get(from + (start - self.start)..from + (end - self.start)).unwrap_or_default()
    }
}

/// Makes the object in `out`, which holds it alone afterwards. It may be `limit` bytes long.
pub(in crate::git) fn apply(base: &[u8], delta: &[u8], limit: u64, out: &mut Vec<u8>) -> Result<(), Fault> {
    let size = result_size(base, delta, limit)?;
    buffer::make(out, size.min(AHEAD));
    follow(base, delta, limit, &mut |piece| {
        let bytes = piece.bytes(base, delta, piece.start, piece.end);
        if out.capacity() - out.len() < bytes.len() {
            buffer::add(out, out.len().max(bytes.len()));
        }
        out.extend_from_slice(bytes);
    })
}

/// What an object of at most `limit` bytes is made of.
pub(in crate::git) fn pieces(base: &[u8], delta: &[u8], limit: u64, pieces: &mut Vec<Piece>) -> Result<(), Fault> {
    pieces.clear();
    follow(base, delta, limit, &mut |piece| pieces.push(piece))
}

/// An object that is not put together yet.
#[derive(Clone, Copy)]
pub(in crate::git) struct Made<'a> {
    pub(in crate::git) base: &'a [u8],
    pub(in crate::git) delta: &'a [u8],
    /// As [`pieces`] gives them.
    pub(in crate::git) pieces: &'a [Piece],
}

impl Made<'_> {
    /// How long it is.
    pub(in crate::git) fn len(&self) -> usize {
        self.pieces.last().map_or(0, |last| last.end)
    }

    /// The whole of it, in `out`.
    pub(in crate::git) fn build(&self, out: &mut Vec<u8>) {
        buffer::make(out, self.len());
        for piece in self.pieces {
            out.extend_from_slice(piece.bytes(self.base, self.delta, piece.start, piece.end));
        }
    }

    /// A stretch of it, at its place in `out`.
    pub(in crate::git) fn fill(&self, stretch: Range<usize>, out: &mut [u8]) {
        let first = self.pieces.partition_point(|piece| piece.end <= stretch.start);
        for piece in self.pieces.iter().skip(first).take_while(|piece| piece.start < stretch.end) {
            let (start, end) = (piece.start.max(stretch.start), piece.end.min(stretch.end));
            if let Some(place) = out.get_mut(start..end) {
                place.copy_from_slice(piece.bytes(self.base, self.delta, start, end));
            }
        }
    }

    /// What of it is not the base's: new text, and empty ranges where two pieces meet that are apart in the base. Sorted.
    pub(in crate::git) fn changed(&self, changed: &mut Vec<Range<usize>>) {
        changed.clear();
        // Where in the base the piece before ends, if it is the base's.
        let mut before = Some(0);
        for Piece { start, end, from } in self.pieces.iter().copied() {
            match from {
                From::Base(from) => {
                    if start > 0 && before.is_some_and(|before| before != from) {
                        changed.push(start..start);
                    }
                    before = Some(from + (end - start));
                }
                From::Delta(_) => {
                    before = None;
                    match changed.last_mut().filter(|last| last.end == start) {
                        Some(last) => last.end = end,
                        None => changed.push(start..end),
                    }
                }
            }
        }
    }
}

/// The size of what a delta on this base makes.
fn result_size(base: &[u8], delta: &[u8], limit: u64) -> Result<usize, Fault> {
    let (base_size, size, _) = sizes(delta).ok_or(Fault::Corrupt)?;
    match usize::try_from(size) {
        _ if u64::try_from(base.len()) != Ok(base_size) => Err(Fault::Corrupt),
        Ok(result) if size <= limit => Ok(result),
        _ => Err(Fault::TooLarge),
    }
}

/// Calls `each` with the pieces. They are within the base and the delta, and together no larger than the delta says.
fn follow(base: &[u8], delta: &[u8], limit: u64, each: &mut impl FnMut(Piece)) -> Result<(), Fault> {
    let size = result_size(base, delta, limit)?;
    let (_, _, mut rest) = sizes(delta).ok_or(Fault::Corrupt)?;
    let mut start = 0;
    while let Some((op, tail)) = rest.split_first() {
        let (from, count, tail) = match op {
            0 => return Err(Fault::Corrupt),
            1..=0x7f => {
                let count = usize::from(*op);
                (From::Delta(delta.len() - tail.len()), count, tail.get(count..).ok_or(Fault::Corrupt)?)
            }
            _ => {
                let (offset, count, tail) = copied(*op, tail).ok_or(Fault::Corrupt)?;
                base.len().checked_sub(offset).filter(|left| count <= *left).ok_or(Fault::Corrupt)?;
                (From::Base(offset), count, tail)
            }
        };
        if count > size - start {
            return Err(Fault::Corrupt);
        }
        each(Piece { start, end: start + count, from });
        (start, rest) = (start + count, tail);
    }
    if start == size { Ok(()) } else { Err(Fault::Corrupt) }
}

/// Seven bits a byte, the lowest first; a set high bit says that more follow.
fn size(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (count, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(7 * u32::try_from(count).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(count + 1..)?));
        }
    }
    None
}

/// What is copied: where it is in the base, and its length. Each of the low seven bits of `op` says whether a byte of
/// the two numbers follows, the lowest first.
fn copied(op: u8, bytes: &[u8]) -> Option<(usize, usize, &[u8])> {
    let all = bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut few = [0_u8; 7];
        few.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        few
    });
    // Without a branch for each bit: nobody can guess them.
    let (mut numbers, mut used) = (0_u64, 0_usize);
    for bit in 0..7 {
        let is_there = op >> bit & 1;
        let byte = all.get(used).copied().unwrap_or(0) * is_there;
        numbers |= u64::from(byte) << (8 * bit);
        used += usize::from(is_there);
    }
    let (offset, count) = (usize::try_from(numbers & 0xffff_ffff).ok()?, usize::try_from(numbers >> 32).ok()?);
    Some((offset, if count == 0 { 0x1_0000 } else { count }, bytes.get(used..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &[u8] = b"0123456789";

    fn made(delta: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut out = b"left over".to_vec();
        apply(BASE, delta, 100, &mut out).map(|()| out)
    }

    #[test]
    fn copies_and_inserts() {
        assert_eq!(made(&[10, 7, 0x91, 2, 3, 2, b'a', b'b', 0x90, 2]), Ok(b"234ab01".to_vec()));
        assert_eq!(made(&[10, 0]), Ok(Vec::new()));
    }

    #[test]
    fn what_is_not_the_bases_is_told() {
        let changed = |delta: &[u8]| {
            let (mut out, mut all, mut changed) = (Vec::new(), Vec::new(), vec![7..9, 9..9]);
            assert_eq!((apply(BASE, delta, 100, &mut out), pieces(BASE, delta, 100, &mut all)), (Ok(()), Ok(())));
            let made = Made { base: BASE, delta, pieces: &all };
            let mut built = b"left over".to_vec();
            made.build(&mut built);
            assert_eq!((made.len(), &built), (out.len(), &out));
            for start in 0..=out.len() {
                for end in start..=out.len() {
                    let mut filled = vec![b'?'; out.len()];
                    made.fill(start..end, &mut filled);
                    let around = |from: usize, to: usize| vec![b'?'; to - from];
                    assert_eq!(filled, [around(0, start), out[start..end].to_vec(), around(end, out.len())].concat());
                }
            }
            made.changed(&mut changed);
            changed.into_iter().map(|range| (range.start, range.end)).collect::<Vec<_>>()
        };
        // All of it in two pieces and in three; the end; two pieces that are apart; new text at the beginning, in one and two pieces.
        assert!(changed(&[10, 10, 0x90, 4, 0x91, 4, 6]).is_empty());
        assert!(changed(&[10, 10, 0x90, 3, 0x91, 3, 3, 0x91, 6, 4]).is_empty());
        assert!(changed(&[10, 3, 0x91, 7, 3]).is_empty());
        assert_eq!(changed(&[10, 6, 0x90, 3, 0x91, 5, 3]), [(3, 3)]);
        assert_eq!(changed(&[10, 5, 2, b'a', b'b', 0x90, 3]), [(0, 2)]);
        assert_eq!(changed(&[10, 8, 0x90, 3, 1, b'a', 1, b'b', 0x91, 3, 3]), [(3, 5)]);
    }

    #[test]
    fn what_does_not_fit_is_corrupt() {
        let bad: [&[u8]; 9] = [
            &[],
            &[10],
            &[9, 1, 1, b'a'],
            &[10, 1, 0],
            &[10, 2, 1, b'a'],
            &[10, 1, 2, b'a', b'b'],
            &[10, 3, 3, b'a'],
            &[10, 3, 0x91, 8, 3],
            &[10, 3, 0x91, 2],
        ];
        for delta in bad {
            assert_eq!(made(delta), Err(Fault::Corrupt), "{delta:?}");
        }
        assert_eq!(made(&[10, 0x80, 0x80, 0x80, 0x80, 0x10, 0x90, 2]), Err(Fault::TooLarge));
        assert_eq!(made(&[10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]), Err(Fault::Corrupt));
    }

    /// A count of zero means 65,536.
    #[test]
    fn the_longest_copy_of_two_bytes() {
        let (base, mut out) = (vec![7; 0x1_0000], Vec::new());
        assert_eq!(apply(&base, &[0x80, 0x80, 4, 0x80, 0x80, 4, 0x80], 1 << 20, &mut out), Ok(()));
        assert_eq!(out, base);
        // An op of zero is reserved, and copies nothing.
        assert_eq!(apply(&base, &[0x80, 0x80, 4, 0x80, 0x80, 4, 0], 1 << 20, &mut out), Err(Fault::Corrupt));
    }
}
