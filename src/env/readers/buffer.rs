//! Bytes of a value while it is put together: zeroed, also where it grows.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// A growing value. What it leaves behind when it grows is zeroed.
#[derive(Default)]
pub(super) struct Buffer(Zeroizing<Vec<u8>>);

impl Buffer {
    pub(super) fn with_capacity(count: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(count)))
    }

    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    pub(super) fn push(&mut self, byte: u8) {
        self.extend(&[byte]);
    }

    pub(super) fn push_char(&mut self, character: char) {
        self.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let wanted = self.0.len() + bytes.len();
        if wanted > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(wanted.saturating_mul(2).max(32)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn truncate(&mut self, count: usize) {
        self.0.truncate(count);
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn into_secret(self) -> Secret {
        Secret::copy_of(&self.0)
    }
}

/// `text` with each `from` replaced by `to`.
pub(super) fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Buffer {
    let mut out = Buffer::with_capacity(text.len());
    let mut at = 0;
    for found in memchr::memmem::find_iter(text, from) {
        out.extend(text.get(at..found).unwrap_or_default());
        out.extend(to);
        at = found + from.len();
    }
    out.extend(text.get(at..).unwrap_or_default());
    out
}
