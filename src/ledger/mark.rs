//! Marks of values: "the same secret is on another host", and nothing else.
//!
//! A mark is HMAC-SHA256 (RFC 2104) under a key that the hosts of a fleet share, cut to 128 bits. Unlike a fingerprint it
//! is not bound to the key's name. Weak values get none: anyone with the fleet key could guess them.

use zeroize::Zeroizing;

use super::fingerprint::{first, hmac};
use crate::secret::Secret;
use crate::secret::strength::{self, Strength};

/// The bytes that the file of a fleet key has at least.
pub const LEAST_FLEET_KEY: usize = 32;

/// The key under which the hosts of a fleet mark equal values.
pub struct FleetKey {
    values: Zeroizing<[u8; 32]>,
    id: String,
}

/// Why a text is no fleet key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFleetKey {
    /// It is too short.
    Short,
    /// It can be guessed.
    Weak,
}

impl FleetKey {
    /// From the content of a file. Line ends behind the key do not count: one host may have them, and another may not.
    ///
    /// # Errors
    /// Too short, or easy to guess.
    #[expect(clippy::disallowed_methods, reason = "keys are derived from it, and it is judged")]
    pub fn new(text: &Secret) -> Result<Self, NoFleetKey> {
        let text = text.expose();
        let end = text.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |last| last + 1);
        let master = text.get(..end).unwrap_or_default();
        match () {
            () if master.len() < LEAST_FLEET_KEY => Err(NoFleetKey::Short),
            () if strength::of(master) == Strength::Weak => Err(NoFleetKey::Weak),
            () => Ok(Self {
                values: Zeroizing::new(hmac(master, &[b"envward: marks of values in a fleet"])),
                id: hex(&first::<4>(&hmac(master, &[b"envward: name of a fleet key"]))),
            }),
        }
    }

    /// The mark of a value, behind the name of the key: marks of two keys cannot be compared. `None` for a weak value.
    #[expect(clippy::disallowed_methods, reason = "hashed under a key, and judged")]
    #[must_use]
    pub fn mark(&self, value: &Secret) -> Option<String> {
        let value = value.expose();
        let mark = || hex(&first::<16>(&hmac(self.values.as_slice(), &[value])));
        (strength::of(value) != Strength::Weak).then(|| format!("{}-{}", self.id, mark()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(seed: u8) -> Secret {
        Secret::new((0..48_u8).map(|at| b'A' + (at.wrapping_mul(37) ^ seed) % 57).collect())
    }

    #[test]
    fn equal_for_equal_values_under_one_key_only() {
        let (ours, other) = (FleetKey::new(&secret(1)).unwrap(), FleetKey::new(&secret(2)).unwrap());
        let mark = ours.mark(&secret(3)).unwrap();
        assert_eq!(mark.len(), 8 + 1 + 32);
        assert_eq!(ours.mark(&secret(3)), Some(mark.clone()));
        assert_ne!(ours.mark(&secret(4)), Some(mark.clone()));
        let others = other.mark(&secret(3)).unwrap();
        assert!(others.split_once('-').unwrap().0 != mark.split_once('-').unwrap().0);
        assert!(others.split_once('-').unwrap().1 != mark.split_once('-').unwrap().1);
    }

    #[test]
    fn a_weak_value_has_none() {
        let ours = FleetKey::new(&secret(1)).unwrap();
        for weak in ["changeme", "postgres123", ""] {
            assert_eq!(ours.mark(&Secret::copy_of(weak.as_bytes())), None, "{weak}");
        }
    }

    #[test]
    fn a_line_end_does_not_count_and_a_short_or_weak_key_is_none() {
        let text = [b"Zx9Kp2mQvR7tLw4Y".repeat(2), b"Qw".to_vec()].concat();
        let with_end = Secret::new([&text[..], b"\r\n"].concat());
        let (one, other) = (FleetKey::new(&Secret::copy_of(&text)).unwrap(), FleetKey::new(&with_end).unwrap());
        assert_eq!(one.mark(&secret(3)), other.mark(&secret(3)));
        assert_eq!(FleetKey::new(&Secret::copy_of(&text[..31])).err(), Some(NoFleetKey::Short));
        assert_eq!(FleetKey::new(&Secret::new([&text[..31], b"\n\n"].concat())).err(), Some(NoFleetKey::Short));
        assert_eq!(FleetKey::new(&Secret::new(vec![b'a'; 64])).err(), Some(NoFleetKey::Weak));
    }

    #[test]
    fn it_is_the_hmac_of_the_value() {
        // By Python's hmac module.
        let key = Secret::new([b"Zx9Kp2mQvR7tLw4Y".repeat(2), b"Qw".to_vec()].concat());
        let value = Secret::new(b"Ab3dEf6hIj9lMn2pQr5tUv8x".repeat(2));
        assert_eq!(FleetKey::new(&key).unwrap().mark(&value).as_deref(), Some(VECTOR));
    }

    const VECTOR: &str = "7429cbc8-9086816ad4a95c209c3cbf8d2c5d5516";
}
