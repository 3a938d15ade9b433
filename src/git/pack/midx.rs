//! The multi-pack-index (gitformat-pack, "multi-pack-index files"): for packs that have no index of their own.

use super::index::{Listing, fanout, is_sorted, long_at};
use crate::git::pack::big_endian::Numbers;

const HEADER: usize = 12;
/// The high bit of an offset, where there is a table of long ones.
const LONG: u32 = 1 << 31;

/// The packs' names (`pack-….idx`), each with what of it is listed here: where an object is in several packs, one.
pub(in crate::git) fn read(bytes: &[u8], id_len: usize) -> Option<Vec<(Vec<u8>, Listing)>> {
    let (header, table) = bytes.split_first_chunk::<HEADER>()?;
    let [b'M', b'I', b'D', b'X', 1, hash, chunks, 0, a, b, c, d] = *header else { return None };
    if usize::from(hash) != (if id_len == 20 { 1 } else { 2 }) {
        return None;
    }
    let packs = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
    let chunk = |name: &[u8; 4]| chunk(bytes, table, chunks, name);
    let names: Vec<Vec<u8>> = chunk(b"PNAM")?.split(|byte| *byte == 0).take(packs).map(<[u8]>::to_vec).collect();
    let (count, _) = fanout(chunk(b"OIDF")?)?;
    let ids = chunk(b"OIDL")?.get(..count.checked_mul(id_len)?)?;
    let offsets = chunk(b"OOFF")?.get(..count.checked_mul(8)?)?;
    let long = chunk(b"LOFF");
    if names.len() != packs || !is_sorted(ids, id_len) {
        return None;
    }
    let mut packs: Vec<(Vec<u8>, Listing)> = names.into_iter().map(|name| (name, Listing::default())).collect();
    for (id, pair) in ids.chunks_exact(id_len).zip(offsets.chunks_exact(8)) {
        let mut pair = Numbers(pair);
        let (pack, offset) = (pair.next()?, pair.next()?);
        let (_, listing) = packs.get_mut(usize::try_from(pack).ok()?)?;
        listing.ids.extend_from_slice(id);
        listing.offsets.push(match long {
            Some(long) if offset & LONG != 0 => long_at(long, offset & !LONG)?,
            _ => u64::from(offset),
        });
    }
    Some(packs)
}

/// A chunk, by its name in the table of chunks: name and place of each, then the place where the last one ends.
fn chunk<'a>(bytes: &'a [u8], table: &[u8], count: u8, name: &[u8; 4]) -> Option<&'a [u8]> {
    let entries = table.get(..12 * (usize::from(count) + 1))?;
    let mut places = entries.chunks_exact(12);
    let start = places.find_map(|entry| entry.strip_prefix(name))?;
    let end = places.next()?.get(4..)?;
    let place = |bytes: &[u8]| usize::try_from(u64::from_be_bytes(*bytes.first_chunk()?)).ok();
    bytes.get(place(start)?..place(end)?)
}
