//! The only holder of a secret value.

pub mod apikey;
pub mod class;
pub mod expiry;
pub(crate) mod forms;
pub mod generate;
pub mod keyhash;
pub mod mask;
pub mod placeholder;
pub mod search;
pub mod strength;
pub(crate) mod wipe;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{ZeroizeOnDrop, Zeroizing};

pub use forms::Form;

/// Bytes that must not be shown: an env file's text, or one value of it.
///
/// Zeroed when dropped. No `Clone`, `Display`, `Serialize` or `PartialEq`: it is compared with [`Secret::ct_eq`],
/// grouped by [`GroupKey::tag`], judged by the pure functions that take `&[u8]`. Every place that opens one carries
/// an `#[expect(clippy::disallowed_methods, reason = "…")]`, so a search for those lists them all.
#[derive(Default)]
pub struct Secret(Vec<u8>);

impl Drop for Secret {
    fn drop(&mut self) {
        wipe::wipe(&mut self.0);
    }
}

impl ZeroizeOnDrop for Secret {}

impl Secret {
    /// Takes the bytes over. A `Vec` that grew before this call has left copies behind: size it first.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// A copy of borrowed bytes, in a buffer of just their size.
    #[must_use]
    pub fn copy_of(bytes: &[u8]) -> Self {
        Self::new(bytes.to_vec())
    }

    /// A copy in a buffer of its own. It is no `Clone`, so that a search finds every copy.
    #[must_use]
    pub(crate) fn copied(&self) -> Self {
        Self::copy_of(&self.0)
    }

    /// The value itself, in the open.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it holds `count` bytes or more. The length itself is not given: it helps to identify a value.
    #[must_use]
    pub fn is_at_least(&self, count: usize) -> bool {
        self.0.len() >= count
    }

    /// Equality in a time that does not depend on where the two differ.
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A random key of this run, under which equal values get equal tags: values are grouped without comparing all pairs
/// and without a hash that anybody could guess against.
pub struct GroupKey(Zeroizing<[u8; 32]>);

/// A value's tag under a [`GroupKey`]: it means nothing outside this run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag([u8; 32]);

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tag(…)")
    }
}

impl GroupKey {
    /// From 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// HMAC-SHA256 (RFC 2104) of the value.
    #[must_use]
    pub fn tag(&self, secret: &Secret) -> Tag {
        let mut mac = match Hmac::<Sha256>::new_from_slice(self.0.as_slice()) {
            Ok(mac) => mac,
            Err(_) => unreachable!("HMAC takes a key of any length"),
        };
        mac.update(&secret.0);
        Tag(mac.finalize().into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::copy_of(b"marker");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(format!("{:?}", GroupKey::new([1; 32]).tag(&secret)), "Tag(…)");
    }

    #[test]
    fn equal_values_have_equal_tags_under_one_key_only() {
        let (one, same, other) = (Secret::copy_of(b"a"), Secret::copy_of(b"a"), Secret::copy_of(b"b"));
        let key = GroupKey::new([1; 32]);
        assert!(key.tag(&one) == key.tag(&same));
        assert!(key.tag(&one) != key.tag(&other));
        assert!(key.tag(&one) != GroupKey::new([2; 32]).tag(&one));
        assert!(one.ct_eq(&same) && !one.ct_eq(&other) && one.ct_eq(&one.copied()));
        assert!(Secret::default().is_empty() && !one.is_empty());
    }
}
