//! The records of a block: each names how much of the key before it is kept.

use super::{LogKey, Word};
use crate::git::Oid;
use crate::git::refs::Value;

/// No name of a ref is longer, and no honest block has one.
const LONGEST: usize = 64 << 10;

/// A block's records, without its header and its table of places.
pub(super) struct Block<'a> {
    records: &'a [u8],
    id_len: usize,
}

impl<'a> Block<'a> {
    /// Of what stands behind the header. Places of three bytes, and how many there are, stand at the end.
    pub(super) fn new(bytes: &'a [u8], id_len: usize) -> Option<Self> {
        let (rest, count) = bytes.split_last_chunk::<2>()?;
        let places = 3 * usize::from(u16::from_be_bytes(*count));
        let records = rest.get(..rest.len().checked_sub(places)?)?;
        Some(Self { records, id_len })
    }
}

/// What is left of the records, and the key of the last one.
struct Records<'a> {
    rest: &'a [u8],
    key: Vec<u8>,
}

impl<'a> Records<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// git's offset encoding: each further byte adds one before it shifts.
    fn varint(&mut self) -> Option<u64> {
        let mut byte = *self.take(1)?.first()?;
        let mut value = u64::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = *self.take(1)?.first()?;
            value = value.checked_add(1)?.checked_mul(128)? | u64::from(byte & 0x7f);
        }
        Some(value)
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.varint()?).ok()
    }

    fn id(&mut self, id_len: usize) -> Option<Oid> {
        Oid::from_bytes(self.take(id_len)?)
    }

    /// The next key; what stands beside it in three bits says what follows.
    fn key(&mut self) -> Option<u8> {
        let kept = self.count()?;
        let length = self.count()?;
        let suffix = self.take(length >> 3)?;
        if kept > self.key.len() || kept + suffix.len() > LONGEST {
            return None;
        }
        self.key.truncate(kept);
        self.key.extend_from_slice(suffix);
        u8::try_from(length & 7).ok()
    }
}

/// The refs of a ref block.
pub(super) fn refs(block: &Block<'_>, found: &mut Vec<(Vec<u8>, Word)>) -> Option<()> {
    let mut records = Records { rest: block.records, key: Vec::new() };
    while !records.rest.is_empty() {
        let kind = records.key()?;
        // The number of the change.
        records.varint()?;
        let word = match kind {
            0 => Word::Deleted,
            1 => Word::Is(Value::Id(records.id(block.id_len)?)),
            2 => {
                let id = records.id(block.id_len)?;
                // What stands behind the tag.
                records.id(block.id_len)?;
                Word::Is(Value::Id(id))
            }
            3 => {
                let length = records.count()?;
                Word::Is(Value::Symbolic(records.take(length)?.to_vec()))
            }
            _ => return None,
        };
        found.push((records.key.clone(), word));
    }
    Some(())
}

/// The lines of a log block. A key is the ref's name, a NUL, and the number of the change counted backwards.
pub(super) fn logs(block: &Block<'_>, found: &mut Vec<(LogKey, Option<(Oid, Oid)>)>) -> Option<()> {
    let mut records = Records { rest: block.records, key: Vec::new() };
    while !records.rest.is_empty() {
        let kind = records.key()?;
        let (name, number) = records.key.split_last_chunk::<8>()?;
        let key = (name.strip_suffix(b"\0")?.to_vec(), u64::from_be_bytes(*number));
        let ids = match kind {
            0 => None,
            1 => {
                let ids = (records.id(block.id_len)?, records.id(block.id_len)?);
                // Name, address, time, time zone, message.
                for _ in 0..2 {
                    let length = records.count()?;
                    records.take(length)?;
                }
                records.varint()?;
                records.take(2)?;
                let length = records.count()?;
                records.take(length)?;
                Some(ids)
            }
            _ => return None,
        };
        found.push((key, ids));
    }
    Some(())
}
