//! Bytes, taken one after the other.

use super::IndexFault;

/// What is left to read.
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], IndexFault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(IndexFault::Broken)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn number(&mut self) -> Result<u32, IndexFault> {
        self.take(4)?.try_into().map(u32::from_be_bytes).map_err(|_| IndexFault::Broken)
    }

    pub(super) fn short(&mut self) -> Result<u16, IndexFault> {
        self.take(2)?.try_into().map(u16::from_be_bytes).map_err(|_| IndexFault::Broken)
    }

    pub(super) fn until_nul(&mut self) -> Result<&'a [u8], IndexFault> {
        let end = memchr::memchr(0, self.0).ok_or(IndexFault::Broken)?;
        let name = self.take(end)?;
        self.take(1)?;
        Ok(name)
    }

    /// With its padding an entry of version 2 or 3, which began at `before`, is a multiple of eight bytes; one NUL of it
    /// is gone.
    pub(super) fn pad(&mut self, before: usize) -> Result<(), IndexFault> {
        let used = before - self.0.len();
        self.take(used.next_multiple_of(8) - used).map(drop)
    }

    /// git's offset encoding: each further byte adds one before it shifts.
    pub(super) fn varint(&mut self) -> Result<usize, IndexFault> {
        let mut value = 0usize;
        for position in 0..5 {
            let byte = self.take(1)?.first().copied().unwrap_or(0);
            let low = usize::from(byte & 0x7f);
            value = if position == 0 { low } else { ((value + 1) << 7) | low };
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(IndexFault::Broken)
    }
}
