//! Fingerprints of values: they say "the same as last time" and nothing else.
//!
//! A fingerprint is HMAC-SHA256 (RFC 2104) under a random key that lies beside the ledger, cut to 128 bits (RFC 2104
//! section 5 allows half of the hash). Without the key nothing can be guessed against it. It is bound to the key's name: equal values of
//! two keys do not look equal. Weak values get none: anyone who has both files could guess them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::env::Key;
use crate::secret::Secret;
use crate::secret::strength::{self, Strength};

/// The bytes of a key file.
pub(super) const KEY_SIZE: usize = 32;

/// A value's fingerprint, and which key it was made with. Under another key the same value has another one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Fingerprint {
    /// Names the key; the key cannot be found from it.
    pub(super) key: [u8; 8],
    /// The fingerprint.
    pub(super) bytes: [u8; 16],
}

impl Fingerprint {
    /// Whether both were made with one key, so that equal means equal and different means different.
    #[must_use]
    pub fn is_comparable(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

/// The key under which fingerprints are made.
pub struct FingerprintKey {
    values: Zeroizing<[u8; 32]>,
    names: Zeroizing<[u8; 32]>,
    id: [u8; 8],
}

impl FingerprintKey {
    /// From the key file's bytes. What is used are keys derived from them, one a purpose.
    #[must_use]
    pub fn new(master: &[u8; KEY_SIZE]) -> Self {
        let id = hmac(master, &[b"envward: name of this key"]);
        Self {
            values: Zeroizing::new(hmac(master, &[b"envward: fingerprints of values"])),
            names: Zeroizing::new(hmac(master, &[b"envward: hidden names"])),
            id: first(&id),
        }
    }

    /// The fingerprint of a key's value; `None` for a weak one.
    #[expect(clippy::disallowed_methods, reason = "hashed under a key, and judged")]
    #[must_use]
    pub fn fingerprint(&self, key: &Key, value: &Secret) -> Option<Fingerprint> {
        let (name, value) = (key.as_str().as_bytes(), value.expose());
        if strength::of(value) == Strength::Weak {
            return None;
        }
        // The length keeps the name apart from the value.
        let length = u64::try_from(name.len()).unwrap_or(u64::MAX).to_be_bytes();
        let bytes = hmac(self.values.as_slice(), &[&length, name, value]);
        Some(Fingerprint { key: self.id, bytes: first(&bytes) })
    }

    /// A name that stays the same and says nothing, for one who must not see the real one: 16 hexadecimal digits.
    #[must_use]
    pub fn hidden(&self, parts: &[&[u8]]) -> String {
        let framed: Vec<Vec<u8>> = parts
            .iter()
            .map(|part| [&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes(), *part].concat())
            .collect();
        let framed: Vec<&[u8]> = framed.iter().map(Vec::as_slice).collect();
        first::<8>(&hmac(self.names.as_slice(), &framed)).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

pub(super) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes a key of any length"),
    };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

pub(super) fn first<const N: usize>(bytes: &[u8; 32]) -> [u8; N] {
    let mut out = [0; N];
    out.iter_mut().zip(bytes).for_each(|(out, byte)| *out = *byte);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key::printable(name.as_bytes()).unwrap()
    }

    fn secret(seed: u8) -> Secret {
        Secret::new((0..48_u8).map(|at| b'A' + (at.wrapping_mul(37) ^ seed) % 57).collect())
    }

    #[test]
    fn equal_for_equal_values_of_one_key_under_one_key_file_only() {
        let (ours, other) = (FingerprintKey::new(&[1; 32]), FingerprintKey::new(&[2; 32]));
        let fingerprint = ours.fingerprint(&key("DB_PASSWORD"), &secret(1)).unwrap();
        assert_eq!(ours.fingerprint(&key("DB_PASSWORD"), &secret(1)), Some(fingerprint));
        assert_ne!(ours.fingerprint(&key("DB_PASSWORD"), &secret(2)), Some(fingerprint));
        assert_ne!(ours.fingerprint(&key("DB_PASSWORD2"), &secret(1)), Some(fingerprint));
        assert_ne!(other.fingerprint(&key("DB_PASSWORD"), &secret(1)), Some(fingerprint));
        assert!(fingerprint.key == ours.id && fingerprint.key != other.id);
    }

    #[test]
    fn a_weak_value_has_none() {
        let ours = FingerprintKey::new(&[1; 32]);
        for weak in ["changeme", "postgres123", "x7Kp2mQ", ""] {
            assert_eq!(ours.fingerprint(&key("DB_PASSWORD"), &Secret::copy_of(weak.as_bytes())), None, "{weak}");
        }
    }

    #[test]
    fn it_is_the_hmac_of_the_framed_name_and_value() {
        // By Python's hmac module.
        let value = Secret::new([b"Zx9Kp2mQvR7tLw4Y".repeat(2), b"Qw".to_vec()].concat());
        let fingerprint = FingerprintKey::new(&[7; 32]).fingerprint(&key("JWT_SECRET"), &value).unwrap();
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!((hex(&fingerprint.key), hex(&fingerprint.bytes)), (VECTOR.0.to_owned(), VECTOR.1.to_owned()));
    }

    const VECTOR: (&str, &str) = ("f968bd844e89e7a6", "d144f32f0e7765513a7fc3d2ee91ae29");
}
