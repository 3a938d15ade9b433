//! Buffers that leave nothing behind: a `Vec` that grows by itself frees its old memory as it is.

use crate::secret::wipe::wipe;

/// Empties a buffer and makes room for `count` bytes.
pub(super) fn make(buffer: &mut Vec<u8>, count: usize) {
    buffer.clear();
    if buffer.capacity() < count {
        wipe(buffer);
        *buffer = Vec::with_capacity(count);
    }
}

/// Makes room for `count` bytes more.
pub(super) fn add(buffer: &mut Vec<u8>, count: usize) {
    if buffer.capacity() - buffer.len() < count {
        let mut larger = Vec::with_capacity(buffer.len().saturating_add(count));
        larger.extend_from_slice(buffer);
        wipe(buffer);
        *buffer = larger;
    }
}
