//! A look into an index before it is read as a whole: a file that is mostly holes can be larger than all memory, and
//! stands on the disk in a few kilobytes.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use super::index::{fanout, is_sorted};

/// What is read at a time.
const PIECE: usize = 1 << 20;
const FANOUT: usize = 256 * 4;
/// In a multi-pack-index: the names of packs, and chunks that do not grow with the objects.
const SLACK: u64 = 16 << 20;

/// Ids in a file.
struct Table {
    /// Where the first entry begins.
    start: u64,
    count: u64,
    /// The length of an entry, and of what is in it before the id.
    width: usize,
    skip: usize,
}

/// Whether a pack's index is as long as its own count of objects says, and its ids are in order.
pub(in crate::git) fn is_sound(file: &File, size: u64, id_len: usize) -> io::Result<bool> {
    let is_second = bytes::<4>(file, 0)? == *b"\xfftOc";
    let start = if is_second { 8 } else { 0 };
    let Some((count, _)) = fanout(&bytes::<FANOUT>(file, start)?) else { return Ok(false) };
    let (count, id) = (count as u64, id_len as u64);
    let start = start + FANOUT as u64;
    let (table, least, most) = match is_second {
        // Checksums and offsets of four bytes, perhaps offsets of eight.
        true => (Table { start, count, width: id_len, skip: 0 }, count * (id + 8), count * (id + 16)),
        false => (Table { start, count, width: id_len + 4, skip: 4 }, count * (id + 4), count * (id + 4)),
    };
    let around = start + 2 * id;
    Ok((around + least..=around + most).contains(&size)
        && (is_dense(file, size)? || is_in_order(file, &table, id_len)?))
}

/// The same of a multi-pack-index.
pub(in crate::git) fn is_sound_multi(file: &File, size: u64, id_len: usize) -> io::Result<bool> {
    let header = bytes::<12>(file, 0)?;
    let chunks = usize::from(header.get(6).copied().unwrap_or(0));
    let mut places = vec![0; 12 * (chunks + 1)];
    file.read_exact_at(&mut places, 12)?;
    let place = |name: &[u8; 4]| {
        let entry = places.chunks_exact(12).find_map(|entry| entry.strip_prefix(name))?;
        entry.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
    };
    let (Some(counts), Some(ids)) = (place(b"OIDF"), place(b"OIDL")) else { return Ok(false) };
    let Some((count, _)) = fanout(&bytes::<FANOUT>(file, counts)?) else { return Ok(false) };
    let (count, id) = (count as u64, id_len as u64);
    let table = Table { start: ids, count, width: id_len, skip: 0 };
    // Beside each id a place, perhaps a long one, and what helps to read it backwards.
    let is_short = size <= SLACK + count * (id + 8 + 8 + 4);
    Ok(is_short && (is_dense(file, size)? || is_in_order(file, &table, id_len)?))
}

/// Whether the file has no holes. Its order is then seen when it is read.
fn is_dense(file: &File, size: u64) -> io::Result<bool> {
    /// What `st_blocks` counts (stat(2)).
    const BLOCK: u64 = 512;
    Ok(file.metadata()?.blocks().saturating_mul(BLOCK) >= size)
}

fn is_in_order(file: &File, table: &Table, id_len: usize) -> io::Result<bool> {
    let at_once = PIECE / table.width;
    let (mut piece, mut ids) = (vec![0; at_once * table.width], Vec::with_capacity((at_once + 1) * id_len));
    let (mut done, width) = (0, table.width as u64);
    while done < table.count {
        let count = usize::try_from(table.count - done).unwrap_or(at_once).min(at_once);
        let piece = piece.get_mut(..count * table.width).unwrap_or_default();
        file.read_exact_at(piece, table.start.saturating_add(done * width))?;
        ids.extend(piece.chunks_exact(table.width).filter_map(|entry| entry.get(table.skip..)).flatten());
        if !is_sorted(&ids, id_len) {
            return Ok(false);
        }
        // The last one is compared with the next.
        ids.drain(..ids.len().saturating_sub(id_len));
        done += count as u64;
    }
    Ok(true)
}

fn bytes<const COUNT: usize>(file: &File, at: u64) -> io::Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    file.read_exact_at(&mut bytes, at)?;
    Ok(bytes)
}
