//! Object ids of both hash functions.

use std::fmt;

use sha1::{Digest, Sha1};
use sha2::Sha256;

use crate::git::object::kind::Kind;

/// A git object id: 20 bytes (SHA-1) or 32 (SHA-256).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid {
    bytes: [u8; 32],
    len: u8,
}

impl Oid {
    /// From 20 or 32 bytes; `None` for any other count.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let len = match bytes.len() {
            20 => 20,
            32 => 32,
            _ => return None,
        };
        let mut id = [0; 32];
        id.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self { bytes: id, len })
    }

    /// From 40 or 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        let len = match hex.len() {
            40 => 20,
            64 => 32,
            _ => return None,
        };
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self { bytes, len })
    }

    /// The id that an object of this content has, 20 or 32 bytes long.
    pub(in crate::git) fn of(kind: Kind, content: &[u8], len: usize) -> Option<Self> {
        let header = format!("{} {}\0", kind.word(), content.len());
        match len {
            20 => Self::from_bytes(&Sha1::new().chain_update(header).chain_update(content).finalize()),
            _ => Self::from_bytes(&Sha256::new().chain_update(header).chain_update(content).finalize()),
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// All zeros: git's way to say "nothing".
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.bytes == [0; 32]
    }

    /// The first seven digits, as people write them.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(7).collect()
    }
}

fn digit(byte: u8) -> Option<u8> {
    /// What each byte stands for. `NONE` where it is no digit.
    #[expect(clippy::indexing_slicing, reason = "the compiler does it, and would refuse it")]
    const DIGITS: [u8; 256] = {
        let (mut digits, mut digit) = ([NONE; 256], 0);
        while digit < 16 {
            digits[b"0123456789abcdef"[digit] as usize] = digit as u8;
            digits[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
            digit += 1;
        }
        digits
    };
    const NONE: u8 = u8::MAX;
    DIGITS.get(usize::from(byte)).copied().filter(|digit| *digit != NONE)
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_both_ways() {
        for digits in ["3f2a91c0".repeat(5), "3f2a91c0".repeat(8)] {
            assert_eq!(Oid::from_hex(digits.as_bytes()).map(|id| id.to_string()), Some(digits));
        }
        assert_eq!(Oid::from_hex(b"3f2a"), None);
        assert_eq!(Oid::from_hex("x".repeat(40).as_bytes()), None);
    }
}
