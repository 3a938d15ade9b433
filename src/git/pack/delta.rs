//! Deltas: an object as pieces of another one and new text (gitformat-pack, "Deltified representation").

use std::ops::Range;

use super::room;
use crate::git::objects::Fault;

/// Of what a delta claims this much is set aside at once.
const AHEAD: usize = 4 << 20;

/// The sizes that a delta begins with: of its base, and of what it makes.
pub(in crate::git) fn sizes(delta: &[u8]) -> Option<(u64, u64, &[u8])> {
    let (base, rest) = size(delta)?;
    let (result, rest) = size(rest)?;
    Some((base, result, rest))
}

/// Makes the object in `out`, which holds it alone afterwards. It may be `limit` bytes long.
pub(in crate::git) fn apply(base: &[u8], delta: &[u8], limit: u64, out: &mut Vec<u8>) -> Result<(), Fault> {
    follow(base, delta, limit, out, &mut |_| {})
}

/// A piece of what a delta made. They stand one behind the other, from its beginning to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) struct Piece {
    pub(in crate::git) start: usize,
    pub(in crate::git) end: usize,
    /// Where it stands in the base; `None` for new text.
    pub(in crate::git) from: Option<usize>,
}

/// The same, and in `pieces` what it is made of.
pub(in crate::git) fn apply_pieces(
    base: &[u8],
    delta: &[u8],
    limit: u64,
    out: &mut Vec<u8>,
    pieces: &mut Vec<Piece>,
) -> Result<(), Fault> {
    pieces.clear();
    follow(base, delta, limit, out, &mut |piece| pieces.push(piece))
}

/// What of the pieces is not the base's: new text, and empty ranges where two pieces meet that are apart in the base.
/// Sorted.
pub(in crate::git) fn changed(pieces: &[Piece], changed: &mut Vec<Range<usize>>) {
    changed.clear();
    // Where in the base the piece before ends, if it is the base's.
    let mut before = Some(0);
    for piece in pieces {
        let Piece { start, end, from } = *piece;
        match from {
            Some(from) => {
                if start > 0 && before.is_some_and(|before| before != from) {
                    changed.push(start..start);
                }
                before = Some(from + (end - start));
            }
            None => {
                before = None;
                match changed.last_mut().filter(|last| last.end == start) {
                    Some(last) => last.end = end,
                    None => changed.push(start..end),
                }
            }
        }
    }
}

fn follow(
    base: &[u8],
    delta: &[u8],
    limit: u64,
    out: &mut Vec<u8>,
    pieces: &mut impl FnMut(Piece),
) -> Result<(), Fault> {
    let (base_size, result_size, mut rest) = sizes(delta).ok_or(Fault::Corrupt)?;
    if result_size > limit {
        return Err(Fault::TooLarge);
    }
    let result_size = usize::try_from(result_size).map_err(|_| Fault::TooLarge)?;
    room::make(out, result_size.min(AHEAD));
    while let Some((op, tail)) = rest.split_first() {
        let (piece, from, tail) = match op {
            0 => return Err(Fault::Corrupt),
            1..=0x7f => {
                let (piece, tail) = tail.split_at_checked(usize::from(*op)).ok_or(Fault::Corrupt)?;
                (piece, None, tail)
            }
            _ => {
                let (offset, count, tail) = copied(*op, tail).ok_or(Fault::Corrupt)?;
                let end = offset.checked_add(count).ok_or(Fault::Corrupt)?;
                (base.get(offset..end).ok_or(Fault::Corrupt)?, Some(offset), tail)
            }
        };
        if piece.len() > result_size - out.len() {
            return Err(Fault::Corrupt);
        }
        if out.capacity() - out.len() < piece.len() {
            room::add(out, out.len().max(piece.len()));
        }
        let start = out.len();
        out.extend_from_slice(piece);
        pieces(Piece { start, end: out.len(), from });
        rest = tail;
    }
    let is_right = out.len() == result_size && u64::try_from(base.len()) == Ok(base_size);
    if is_right { Ok(()) } else { Err(Fault::Corrupt) }
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

/// What is copied: where it stands in the base, and its length. Each of the low seven bits of `op` says whether a byte of
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
            let (mut out, mut pieces, mut changed) =
                (Vec::new(), vec![Piece { start: 7, end: 9, from: None }], vec![9..9]);
            assert_eq!(apply_pieces(BASE, delta, 100, &mut out, &mut pieces), Ok(()));
            assert_eq!(pieces.last().map_or(0, |last| last.end), out.len());
            super::changed(&pieces, &mut changed);
            changed.into_iter().map(|range| (range.start, range.end)).collect::<Vec<_>>()
        };
        // All of it in two pieces; the end; two pieces that are apart; new text at the beginning, in one and two pieces.
        assert!(changed(&[10, 10, 0x90, 4, 0x91, 4, 6]).is_empty());
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
    }
}
