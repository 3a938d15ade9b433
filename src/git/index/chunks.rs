//! A file, piece by piece.

use std::fs::File;
use std::os::unix::fs::FileExt;

use super::IndexFault;

/// What is read at a time.
const PIECE: usize = 256 << 10;

/// A few bytes of a file.
pub(super) fn bytes<const COUNT: usize>(file: &File, at: u64) -> Result<[u8; COUNT], IndexFault> {
    let mut bytes = [0; COUNT];
    file.read_exact_at(&mut bytes, at).map_err(|_| IndexFault::Broken)?;
    Ok(bytes)
}

/// The file from some place to its checksum, in pieces; what is not used of one stands at the start of the next.
pub(super) struct Pieces<'a> {
    file: &'a File,
    buffer: Vec<u8>,
    filled: usize,
    kept: usize,
    at: u64,
    end: u64,
}

pub(super) struct Piece<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) is_last: bool,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(file: &'a File, at: u64, end: u64) -> Self {
        Self { file, buffer: vec![0; PIECE], filled: 0, kept: 0, at, end }
    }

    /// The next piece, and the part of it that was not in the one before; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(Piece<'_>, &[u8])>, IndexFault> {
        if self.at >= self.end {
            return Ok(None);
        }
        self.buffer.copy_within(self.filled - self.kept..self.filled, 0);
        let room = PIECE - self.kept;
        let wanted = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(room);
        let fresh = self.buffer.get_mut(self.kept..self.kept + wanted).filter(|fresh| !fresh.is_empty());
        let fresh = fresh.ok_or(IndexFault::Broken)?;
        self.file.read_exact_at(fresh, self.at).map_err(|_| IndexFault::Broken)?;
        self.at += wanted as u64;
        self.filled = self.kept + wanted;
        let bytes = self.buffer.get(..self.filled).ok_or(IndexFault::Broken)?;
        let fresh = bytes.get(self.kept..).ok_or(IndexFault::Broken)?;
        self.kept = 0;
        Ok(Some((Piece { bytes, is_last: self.at == self.end }, fresh)))
    }

    /// Whether all of it was read.
    pub(super) fn is_done(&self) -> bool {
        self.at >= self.end
    }

    /// So many bytes of the piece were not used.
    pub(super) fn keep(&mut self, count: usize) {
        self.kept = count;
    }
}
