//! New values, from random numbers that the caller brings. Pure.

use std::num::NonZeroUsize;

use rand::TryCryptoRng;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// What a value is written with. Every character of them is one that no reader of env files changes, and that stands
/// in a URL's password as it is (RFC 3986 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alphabet {
    /// Digits, upper and lower case letters.
    Base62,
    /// Lower-case hexadecimal digits.
    Hex,
    /// Base62 with `-` and `_`; the first and the last character are of base62, so that nothing takes the value for a
    /// flag, and a double click takes all of it.
    Urlsafe,
}

const CHARACTERS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The largest multiple of 62 that a byte holds: bytes from here on are thrown away, for they would make the first
/// eight characters likelier than the others.
const FAIR: u8 = 248;

/// The least that a value may have without an explicit yes: NIST SP 800-131A asks 112 bits, and 128 is what the
/// common ciphers start at.
pub const LEAST_BITS: u32 = 128;

/// The longest value: what one argument or variable may hold on Linux is 128 KiB (`MAX_ARG_STRLEN`), and bcrypt takes 72
/// bytes; nothing asks for more than this.
pub const LONGEST: usize = 4096;

/// How a value is made: so many characters of an alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipe {
    /// What it is written with.
    pub alphabet: Alphabet,
    /// How many characters.
    pub length: NonZeroUsize,
}

impl Recipe {
    /// So many characters; `None` for none and for more than [`LONGEST`].
    #[must_use]
    pub fn new(alphabet: Alphabet, length: usize) -> Option<Self> {
        let length = NonZeroUsize::new(length).filter(|length| length.get() <= LONGEST)?;
        Some(Self { alphabet, length })
    }

    /// So many bytes, as hexadecimal digits.
    #[must_use]
    pub fn hex(bytes: usize) -> Option<Self> {
        Self::new(Alphabet::Hex, bytes.checked_mul(2)?)
    }

    /// How many bits there are in it, rounded down: the logarithm of how many values there are.
    #[must_use]
    pub fn bits(self) -> u32 {
        // In thousandths: log2(62) = 5.954…
        const BASE62: usize = 5954;
        let length = self.length.get();
        let thousandths = match self.alphabet {
            Alphabet::Hex => length * 4000,
            Alphabet::Base62 => length * BASE62,
            Alphabet::Urlsafe => length.min(2) * BASE62 + length.saturating_sub(2) * 6000,
        };
        u32::try_from(thousandths / 1000).unwrap_or(u32::MAX)
    }

    /// A new value. Every one is as likely as every other.
    ///
    /// # Errors
    /// The generator's.
    pub fn make<R: TryCryptoRng + ?Sized>(self, rng: &mut R) -> Result<Secret, R::Error> {
        let length = self.length.get();
        let mut value = Zeroizing::new(Vec::with_capacity(length));
        let mut random = Zeroizing::new([0_u8; 64]);
        while value.len() < length {
            rng.try_fill_bytes(random.as_mut_slice())?;
            for byte in *random {
                if value.len() == length {
                    break;
                }
                let inner = !value.is_empty() && value.len() + 1 < length;
                value.extend(self.alphabet.character(byte, inner));
            }
        }
        Ok(Secret::new(std::mem::take(&mut *value)))
    }
}

impl Alphabet {
    /// The character that a random byte stands for; `None` where it stands for none.
    fn character(self, byte: u8, inner: bool) -> Option<u8> {
        match self {
            Self::Hex => DIGITS.get(usize::from(byte % 16)),
            Self::Urlsafe if inner => CHARACTERS.get(usize::from(byte % 64)),
            Self::Base62 | Self::Urlsafe if byte < FAIR => CHARACTERS.get(usize::from(byte % 62)),
            Self::Base62 | Self::Urlsafe => None,
        }
        .copied()
    }
}

#[cfg(test)]
mod tests;
