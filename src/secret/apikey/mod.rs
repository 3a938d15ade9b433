//! Admin API keys: `takumi_admin_<id>_<secret><checksum>`.
//!
//! ```text
//! takumi_admin _ 10 characters _ 43 characters  6 characters
//! prefix         id: public      secret:        CRC-32 of all before it:
//!                                256 bits       a slip of the hand costs no hash
//! ```
//!
//! All of base62, so that a double click takes the whole key and no reader of env files changes it. The prefix lets
//! scanners and people know the key; the id is what a registry, a log and a support ticket name it by.
//!
//! ```
//! use envward::apikey::{ApiKey, Prefix};
//! use envward::secret::Secret;
//!
//! let prefix = Prefix::new("takumi_admin")?;
//! let key = ApiKey::make(&prefix, &mut rand::rngs::SysRng).unwrap();
//! let shown = Secret::copy_of(key.text().expose());
//! assert_eq!(ApiKey::parse(shown)?.id(), key.id());
//! # Ok::<(), envward::apikey::Fault>(())
//! ```

use rand::TryCryptoRng;
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::secret::generate::{Alphabet, Recipe};

/// 59 bits: a million keys collide with a chance of one in a million.
const ID: usize = 10;
/// 256 bits: log2(62^43) = 256.03.
const SECRET: usize = 43;
/// 62^6 is more than 2^32.
const CHECKSUM: usize = 6;

/// The longest that is examined: a key with the longest prefix has 93 bytes, and one with something pasted behind it is
/// still to be told from what is no key at all.
const LONGEST: usize = 256;

/// What a checksum is written with: digits first, so that a small one is padded with zeros.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Why something is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A prefix that is none.
    #[error(
        "a prefix has 2 to 32 lower-case letters, digits and single `_`; it begins with a letter and does not end with `_`"
    )]
    Prefix,
    /// Not the shape of one.
    #[error("this is not a key from `envward key new`, which looks like PREFIX_ID_SECRET")]
    Shape,
    /// The shape of one, and a character that is wrong or missing.
    #[error("the checksum of the key is wrong: a character was changed or lost")]
    Checksum,
}

/// What stands before the first underscore of a key that is no part of it: whose key it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// 2 to 32 lower-case letters, digits and single underscores; a letter first, no underscore last.
    ///
    /// # Errors
    /// [`Fault::Prefix`].
    pub fn new(text: &str) -> Result<Self, Fault> {
        let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let fits = (2..=32).contains(&text.len()) && plain && !text.contains("__") && !text.ends_with('_');
        (fits && text.starts_with(|first: char| first.is_ascii_lowercase()))
            .then(|| Self(text.to_owned()))
            .ok_or(Fault::Prefix)
    }

    /// The prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key's public name: 10 characters of base62.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// An id, if it has the shape of one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        (text.len() == ID && is_base62(text)).then(|| Self(text.to_owned()))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key whose checksum is right.
#[derive(Debug)]
pub struct ApiKey {
    text: Secret,
    prefix: Prefix,
    id: Id,
}

impl ApiKey {
    /// A new key.
    ///
    /// # Errors
    /// The generator's.
    #[expect(clippy::disallowed_methods, reason = "the key is put together")]
    pub fn make<R: TryCryptoRng + ?Sized>(prefix: &Prefix, rng: &mut R) -> Result<Self, R::Error> {
        let mut random = |length| match Recipe::new(Alphabet::Base62, length) {
            Some(recipe) => recipe.make(rng),
            None => unreachable!("the lengths are fixed"),
        };
        let (id, secret) = (random(ID)?, random(SECRET)?);
        let id = String::from_utf8_lossy(id.expose()).into_owned();
        let length = prefix.0.len() + 1 + ID + 1 + SECRET + CHECKSUM;
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        for part in [prefix.0.as_bytes(), b"_", id.as_bytes(), b"_", secret.expose()] {
            text.extend_from_slice(part);
        }
        let checksum = checksum(&text);
        text.extend_from_slice(&checksum);
        Ok(Self { text: Secret::new(std::mem::take(&mut *text)), prefix: prefix.clone(), id: Id(id) })
    }

    /// Reads a key. Cheap, and in a time that depends on nothing secret: the checksum is no secret's proof.
    ///
    /// # Errors
    /// [`Fault::Shape`] and [`Fault::Checksum`].
    #[expect(clippy::disallowed_methods, reason = "the key is taken apart")]
    pub fn parse(text: Secret) -> Result<Self, Fault> {
        let (prefix, id) = parts(text.expose())?;
        Ok(Self { text, prefix, id })
    }

    /// The key itself.
    #[must_use]
    pub fn text(&self) -> &Secret {
        &self.text
    }

    /// Its prefix.
    #[must_use]
    pub fn prefix(&self) -> &Prefix {
        &self.prefix
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &Id {
        &self.id
    }
}

/// The id of a key whose checksum is right: what [`ApiKey::parse`] does, for anyone who has borrowed bytes.
///
/// # Errors
/// [`Fault::Shape`] and [`Fault::Checksum`].
pub fn id_of(key: &[u8]) -> Result<Id, Fault> {
    parts(key).map(|(_, id)| id)
}

/// Whether a value is such a key: its checksum tells it from everything else but once in four thousand million times.
#[must_use]
pub fn is_one(value: &[u8]) -> bool {
    parts(value).is_ok()
}

/// Prefix and id of a key whose checksum is right.
fn parts(text: &[u8]) -> Result<(Prefix, Id), Fault> {
    if text.len() > LONGEST {
        return Err(Fault::Shape);
    }
    // No error of this holds the bytes.
    let text = std::str::from_utf8(text).map_err(|_| Fault::Shape)?;
    let (before, end) = text.rsplit_once('_').ok_or(Fault::Shape)?;
    let (prefix, id) = before.rsplit_once('_').ok_or(Fault::Shape)?;
    let prefix = Prefix::new(prefix).map_err(|_| Fault::Shape)?;
    let id = Id::new(id).ok_or(Fault::Shape)?;
    if !is_base62(end) || end.is_empty() {
        return Err(Fault::Shape);
    }
    // From here on it is one that was copied badly.
    let (body, given) = text.as_bytes().split_at(text.len().saturating_sub(CHECKSUM));
    let whole = end.len() == SECRET + CHECKSUM && checksum(body) == given;
    if whole { Ok((prefix, id)) } else { Err(Fault::Checksum) }
}

fn is_base62(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// CRC-32 in base62, six digits.
fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let mut rest = crc32(body);
    let mut text = [b'0'; CHECKSUM];
    for place in text.iter_mut().rev() {
        let digit = usize::try_from(rest % 62).unwrap_or_default();
        *place = DIGITS.get(digit).copied().unwrap_or(b'0');
        rest /= 62;
    }
    text
}

/// CRC-32 of ISO 3309 and zlib. A bit at a time: a key is short, and a table would only tell which bytes it has.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests;
