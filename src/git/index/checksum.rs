//! The checksum that an index ends with.

use sha1::Digest as _;

/// Bytes being summed up.
pub(super) enum Sum {
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
}

impl Sum {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(sum) => sum.update(bytes),
            Self::Sha256(sum) => sum.update(bytes),
        }
    }

    pub(super) fn is(self, checksum: &[u8]) -> bool {
        match self {
            Self::Sha1(sum) => sum.finalize().as_slice() == checksum,
            Self::Sha256(sum) => sum.finalize().as_slice() == checksum,
        }
    }
}
