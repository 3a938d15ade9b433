//! A Bloom filter (CACM 13/7, 1970) of short runs of bytes, with all bits of one in the same word.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// So many bytes are examined together: so few that positions are far apart even where a short form is broken into
/// lines, and so many that hexadecimal digits seldom look like others.
pub(super) const GRAM: usize = 5;

/// The first-level data cache of every processor of the last ten years holds 2^12 words: 32 KiB.
pub(super) const WORDS: u32 = 12;

/// What tells most runs of bytes apart from those that were put in.
#[derive(Default)]
pub(super) struct Filter {
    words: Vec<u64>,
}

impl Drop for Filter {
    fn drop(&mut self) {
        // One bit each tells little, and all of them together something.
        self.words.zeroize();
    }
}

impl ZeroizeOnDrop for Filter {}

impl Filter {
    /// Of the runs with these hashes.
    pub(super) fn of(hashes: impl IntoIterator<Item = u64>) -> Self {
        let mut words = vec![0; 1 << WORDS];
        for hash in hashes {
            if let Some(word) = words.get_mut(word(hash)) {
                *word |= bits(hash);
            }
        }
        Self { words }
    }

    /// Whether a run with this hash may have been put in.
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        self.words.get(word(hash)).is_some_and(|word| word & bits(hash) == bits(hash))
    }
}

/// A run as a number.
#[inline]
pub(super) fn gram([a, b, c, d, e]: &[u8; GRAM]) -> u64 {
    u64::from_le_bytes([*a, *b, *c, *d, *e, 0, 0, 0])
}

/// Fibonacci hashing (Knuth, TAOCP 6.4): 2^64 divided by the golden ratio. The high bits are the good ones.
#[inline]
pub(super) fn hash(bytes: u64) -> u64 {
    bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn word(hash: u64) -> usize {
    usize::try_from(hash >> (64 - WORDS)).unwrap_or(0)
}

/// Two bits of the word.
fn bits(hash: u64) -> u64 {
    1 << (hash >> 46 & 63) | 1 << (hash >> 40 & 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What it tells apart is not compared with the values: 30 in 100,000 runs are alike by chance.
    #[test]
    fn all_that_was_put_in_and_little_else() {
        let hashes = |numbers: std::ops::Range<u64>| numbers.map(|number| hash(number.wrapping_mul(number) << 7));
        let filter = Filter::of(hashes(1..1000));
        assert!(hashes(1..1000).all(|hash| filter.may_hold(hash)));
        let others = hashes(1000..101_000).filter(|hash| filter.may_hold(*hash)).count();
        assert!(others < 100, "{others}");
    }
}
