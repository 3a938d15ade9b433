//! Pack indexes, versions 1 and 2 (gitformat-pack, "pack-*.idx files").

use crate::git::pack::big_endian::Numbers;

/// Which objects are in a pack, and where.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::git) struct Listing {
    /// The ids, one after the other, sorted.
    pub(in crate::git) ids: Vec<u8>,
    /// Where each one's entry begins.
    pub(in crate::git) offsets: Vec<u64>,
    /// The checksum that the pack ends with; empty where that is not said.
    pub(in crate::git) checksum: Vec<u8>,
}

const FANOUT: usize = 256 * 4;
/// In version 2: behind the magic bytes, the version, and the fanout table.
const SECOND_IDS: usize = 4 + 4 + FANOUT;
/// The high bit of a 31-bit offset: the rest of it is a place in the table of long ones.
const LONG: u32 = 1 << 31;

/// Reads an index; `None` where it is not one, or not in order.
pub(in crate::git) fn read(bytes: Vec<u8>, id_len: usize) -> Option<Listing> {
    let end = bytes.len().checked_sub(2 * id_len)?;
    let (body, checksums) = bytes.split_at_checked(end)?;
    let checksum = checksums.get(..id_len)?.to_vec();
    let listing = match body.strip_prefix(b"\xfftOc") {
        Some(rest) => match rest.split_at_checked(4)? {
            ([0, 0, 0, 2], rest) => {
                let (count, offsets) = second(rest, id_len)?;
                Listing { ids: only(bytes, SECOND_IDS, count * id_len), offsets, checksum }
            }
            _ => return None,
        },
        None => Listing { checksum, ..first(body, id_len)? },
    };
    is_sorted(&listing.ids, id_len).then_some(listing)
}

/// The fanout table: how many ids begin with a byte of at most that value. Gives the count of all.
pub(super) fn fanout(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (table, rest) = bytes.split_at_checked(FANOUT)?;
    let mut last = 0;
    for count in Numbers(table) {
        if count < last {
            return None;
        }
        last = count;
    }
    Some((usize::try_from(last).ok()?, rest))
}

/// Fanout, then offset and id of each.
fn first(body: &[u8], id_len: usize) -> Option<Listing> {
    let (count, rest) = fanout(body)?;
    let width = 4 + id_len;
    if Some(rest.len()) != count.checked_mul(width) {
        return None;
    }
    let (ids, offsets) = (Vec::with_capacity(count * id_len), Vec::with_capacity(count));
    let mut listing = Listing { ids, offsets, ..Listing::default() };
    for pair in rest.chunks_exact(width) {
        let (offset, id) = pair.split_first_chunk()?;
        listing.offsets.push(u64::from(u32::from_be_bytes(*offset)));
        listing.ids.extend_from_slice(id);
    }
    Some(listing)
}

/// Fanout, all ids, all checksums, all offsets, the long offsets. Gives how many there are, and the offsets.
fn second(body: &[u8], id_len: usize) -> Option<(usize, Vec<u64>)> {
    let (count, rest) = fanout(body)?;
    let (_, rest) = rest.split_at_checked(count.checked_mul(id_len)?)?;
    let (_, rest) = rest.split_at_checked(count.checked_mul(4)?)?;
    let (short, long) = rest.split_at_checked(count.checked_mul(4)?)?;
    let mut offsets = Vec::with_capacity(count);
    for offset in Numbers(short) {
        offsets.push(if offset & LONG == 0 { u64::from(offset) } else { long_at(long, offset & !LONG)? });
    }
    Some((count, offsets))
}

/// So many of the bytes from a place on, in the memory that they are in: there may be a million ids.
fn only(mut bytes: Vec<u8>, start: usize, count: usize) -> Vec<u8> {
    bytes.truncate(start + count);
    bytes.drain(..start.min(bytes.len()));
    bytes.shrink_to_fit();
    bytes
}

/// One of the eight-byte offsets.
pub(super) fn long_at(table: &[u8], place: u32) -> Option<u64> {
    let start = usize::try_from(place).ok()?.checked_mul(8)?;
    table.get(start..)?.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// Whether each id stands after the one before it.
pub(in crate::git) fn is_sorted(ids: &[u8], id_len: usize) -> bool {
    // The first bytes decide nearly always.
    let first = |id: &[u8]| id.first_chunk().map(|first| u64::from_be_bytes(*first));
    let is_before = |one: &[u8], next: &[u8]| first(one) < first(next) || one < next;
    ids.chunks_exact(id_len).zip(ids.chunks_exact(id_len).skip(1)).all(|(one, next)| is_before(one, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fan(ids: &[[u8; 20]]) -> Vec<u8> {
        let up_to = |byte: u8| ids.iter().filter(|id| id[0] <= byte).count();
        (0..=255).flat_map(|byte| u32::try_from(up_to(byte)).unwrap().to_be_bytes()).collect()
    }

    #[test]
    fn both_versions() {
        let ids = [[3; 20], [9; 20]];
        let first = [fan(&ids), 7_u32.to_be_bytes().to_vec(), vec![3; 20], 5_u32.to_be_bytes().to_vec(), vec![9; 20]];
        let first = [first.concat(), vec![0; 40]].concat();
        let expected = Listing { ids: ids.concat(), offsets: vec![7, 5], checksum: vec![0; 20] };
        assert_eq!(read(first, 20), Some(expected));

        let tables = [&7_u32.to_be_bytes()[..], &LONG.to_be_bytes(), &(1_u64 << 33).to_be_bytes()].concat();
        let second = [b"\xfftOc\0\0\0\x02".to_vec(), fan(&ids), ids.concat(), vec![0; 8], tables, vec![0; 40]].concat();
        let expected = Listing { ids: ids.concat(), offsets: vec![7, 1 << 33], checksum: vec![0; 20] };
        assert_eq!(read(second.clone(), 20), Some(expected));
        for cut in [0, 4, 8, 100, 1031, 1100, second.len() - 45, second.len() - 60] {
            assert_eq!(read(second[..cut].to_vec(), 20), None, "{cut}");
        }
    }

    #[test]
    fn out_of_order_is_none() {
        let ids = [[9; 20], [3; 20]];
        let tables = [vec![0; 8], vec![0; 8], vec![0; 40]].concat();
        let bytes = [b"\xfftOc\0\0\0\x02".to_vec(), fan(&ids), ids.concat(), tables].concat();
        assert_eq!(read(bytes, 20), None);
        let mut falling = fan(&ids);
        falling[4 * 255 + 3] = 1;
        assert_eq!(fanout(&falling), None);
    }

    /// Ids that share their first eight bytes are told apart by the others, and no id is there twice.
    #[test]
    fn ids_with_the_same_first_bytes() {
        let sorted = |last: [u8; 2]| is_sorted(&last.map(|last| [&[7; 19][..], &[last]].concat()).concat(), 20);
        assert_eq!([sorted([1, 2]), sorted([2, 1]), sorted([1, 1])], [true, false, false]);
    }
}
