//! One table: ref blocks, then blocks that only help to find things, then log blocks, then a footer.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::block::{self, Block};
use super::{LogKey, Word};
use crate::git::Oid;

const MAGIC: &[u8] = b"REFT";
/// What a log block inflates to: its size is a number of three bytes.
const LARGEST: usize = 1 << 24;

/// What one table says.
#[derive(Default)]
pub(in crate::git) struct Table {
    pub(in crate::git) refs: Vec<(Vec<u8>, Word)>,
    /// Lines of logs; `None` where this table takes one away.
    pub(in crate::git) logs: Vec<(LogKey, Option<(Oid, Oid)>)>,
}

/// Header and footer of version 1 (SHA-1) and 2 (which names the hash function).
struct Shape {
    header: usize,
    /// Where the footer begins.
    end: usize,
    /// Blocks begin at multiples of this; 0 where they follow each other.
    block_size: usize,
}

/// Reads a table; `None` where it is not what it should be.
pub(in crate::git) fn read(bytes: &[u8], id_len: usize) -> Option<Table> {
    let shape = shape(bytes, id_len)?;
    let mut table = Table::default();
    // The first block's header stands behind the file's, and its size counts from the start of the file.
    let (mut start, mut skip) = (0, shape.header);
    while start + skip + 4 <= shape.end {
        let header = bytes.get(start + skip..start + skip + 4)?;
        let (kind, len) = (*header.first()?, number(header.get(1..)?)?);
        let next = match kind {
            b'g' => {
                let (text, used) = inflate(bytes.get(start + skip + 4..shape.end)?, len.checked_sub(4 + skip)?)?;
                block::logs(&Block::new(&text, id_len)?, &mut table.logs)?;
                start + skip + 4 + used
            }
            b'r' | b'o' | b'i' => {
                let whole = bytes.get(start..start.checked_add(len)?).filter(|_| start + len <= shape.end)?;
                if kind == b'r' {
                    let block = Block::new(whole.get(skip + 4..)?, id_len)?;
                    block::refs(&block, &mut table.refs)?;
                }
                behind(bytes, start, len, &shape)
            }
            _ => return None,
        };
        if next <= start {
            return None;
        }
        (start, skip) = (next, 0);
    }
    Some(table)
}

/// The same bytes with the header again in the footer, and the checksum of that: for fuzzing, which would never get past
/// them.
#[cfg(any(test, fuzzing))]
pub(in crate::git) fn with_right_checksum(bytes: &[u8], id_len: usize) -> Vec<u8> {
    let (mut table, header) = (bytes.to_vec(), if id_len == 20 { 24 } else { 28 });
    let Some(end) = table.len().checked_sub(header + 44).filter(|end| *end >= header) else { return table };
    table.copy_within(..header, end);
    let mut crc = Crc::new();
    crc.update(table.get(end..end + header + 40).unwrap_or_default());
    let sum = crc.sum().to_be_bytes();
    if let Some(place) = table.last_chunk_mut() {
        *place = sum;
    }
    table
}

/// Where the next block begins. As git does it: what follows at once without padding is not aligned.
fn behind(bytes: &[u8], start: usize, len: usize, shape: &Shape) -> usize {
    let end = start + len;
    let is_padded = len < shape.block_size && end < shape.end && bytes.get(end) == Some(&0);
    if is_padded { start + shape.block_size } else { end }
}

fn shape(bytes: &[u8], id_len: usize) -> Option<Shape> {
    let version = *bytes.strip_prefix(MAGIC)?.first()?;
    let (header, hash) = match version {
        1 => (24, &b"sha1"[..]),
        2 => (28, bytes.get(24..28)?),
        _ => return None,
    };
    let expected: &[u8] = if id_len == 20 { b"sha1" } else { b"s256" };
    let end = bytes.len().checked_sub(header + 44)?;
    let (head, foot) = (bytes.get(..header)?, bytes.get(end..)?);
    let (checked, sum) = foot.split_last_chunk::<4>()?;
    let mut crc = Crc::new();
    crc.update(checked);
    let is_whole = foot.starts_with(head) && crc.sum() == u32::from_be_bytes(*sum) && hash == expected;
    is_whole.then_some(Shape { header, end, block_size: number(head.get(5..8)?)? })
}

/// A big-endian number of three bytes.
fn number(bytes: &[u8]) -> Option<usize> {
    let [a, b, c] = *bytes.first_chunk()?;
    usize::try_from(u32::from_be_bytes([0, a, b, c])).ok()
}

/// Inflates a log block of which the size is known; how many bytes of the file it takes.
fn inflate(input: &[u8], size: usize) -> Option<(Vec<u8>, usize)> {
    let mut inflater = Decompress::new(true);
    let mut out = Vec::with_capacity(size.min(LARGEST));
    let status = inflater.decompress_vec(input, &mut out, FlushDecompress::Finish).ok()?;
    (status == Status::StreamEnd && out.len() == size).then_some(())?;
    Some((out, usize::try_from(inflater.total_in()).ok()?))
}
