//! Rows of `select user, host, plugin, authentication_string from mysql.user`: the passwords of MySQL's and MariaDB's users.

use base64ct::{Base64Unpadded, Encoding};
use sha1::Sha1;

use super::crypt::{ed25519, hex, sha256_crypt, unhex};
use super::{Fault, Observation, Users, Uses, Values, admit_others, rows};
use crate::secret::Secret;
use crate::text::sanitize;

/// What the users accept, for each host from which they may connect, and which other users accept the old value.
///
/// # Errors
/// There is no such row, a user is not there, or its password is stored in another form.
pub fn read(text: &[u8], users: &Users<'_>, values: &Values<'_>) -> Result<Vec<Observation>, Fault> {
    let rows = rows::of(text, 4);
    let (mut found, mut seen, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for row in &rows {
        let [name, host, plugin, stored] = row.as_slice() else { continue };
        let stored = Stored::of(plugin, stored);
        let place = format!("user '{}'@'{}'", sanitize(name), sanitize(host));
        if users.are(name) {
            let stored = stored?;
            seen.push(name.as_slice());
            found.push(Observation { place, uses: Uses::of(values, |value| stored.takes(value)) });
        } else if let Ok(stored) = stored {
            others.push((name, place, stored));
        }
    }
    if !users.names.iter().all(|name| seen.contains(&name.as_bytes())) {
        return Err(if found.is_empty() && others.is_empty() { Fault::WrongKind } else { Fault::NoSuchUser });
    }
    let Some(old) = values.old else { return Ok(found) };
    admit_others(others.iter().map(|(_, _, stored)| stored.rounds()))?;
    let takes = others.into_iter().filter(|(name, _, stored)| users.may_be_missed(name) && stored.takes(old));
    found.extend(takes.map(|(_, place, _)| Observation { place, uses: Uses::Old }));
    Ok(found)
}

/// A password as the server stores it.
enum Stored {
    /// `mysql_native_password`: `*` and SHA1(SHA1(password)).
    Native(Vec<u8>),
    /// `caching_sha2_password`: SHA-256-crypt with 20 bytes of salt (MySQL's source, `sql/auth/sha2_password.cc`).
    CachingSha2 { rounds: u32, salt: Vec<u8>, digest: Vec<u8> },
    /// MariaDB's `ed25519`: the public key in base64.
    Ed25519([u8; 32]),
}

/// The most rounds that `caching_sha2_password_digest_rounds` allows.
const MOST_ROUNDS: u32 = 4_095_000;

/// The size of the salt (`SALT_LENGTH` in MySQL's source).
const SALT: usize = 20;

impl Stored {
    fn of(plugin: &[u8], stored: &[u8]) -> Result<Self, Fault> {
        // `hex(authentication_string)` keeps a salt with line breaks in one piece.
        let is_stored = |bytes: &Vec<u8>| match plugin {
            b"ed25519" => bytes.len() == 43,
            _ => bytes.starts_with(b"$A$") || bytes.starts_with(b"*"),
        };
        let decoded = unhex(stored).filter(is_stored);
        let stored = decoded.as_deref().unwrap_or(stored);
        if stored.is_empty() {
            return Err(Fault::NoPassword);
        }
        match plugin {
            b"mysql_native_password" | b"" => native(stored),
            b"caching_sha2_password" => caching_sha2(stored),
            b"ed25519" => public_key(stored).map(Self::Ed25519),
            _ => None,
        }
        .ok_or(Fault::UnknownForm)
    }

    fn rounds(&self) -> u32 {
        match self {
            Self::CachingSha2 { rounds, .. } => *rounds,
            // One multiplication on the curve.
            Self::Ed25519(_) => 100,
            Self::Native(_) => 1,
        }
    }

    #[expect(clippy::disallowed_methods, reason = "hashed")]
    fn takes(&self, password: &Secret) -> bool {
        let password = password.expose();
        match self {
            Self::Native(digits) => hex(&twice(password)) == *digits,
            Self::CachingSha2 { rounds, salt, digest } => sha256_crypt(password, salt, *rounds) == *digest,
            Self::Ed25519(key) => ed25519(password) == *key,
        }
    }
}

fn twice(password: &[u8]) -> Vec<u8> {
    use sha1::Digest as _;
    Sha1::digest(Sha1::digest(password)).to_vec()
}

fn native(stored: &[u8]) -> Option<Stored> {
    let digits = stored.strip_prefix(b"*")?;
    (digits.len() == 40 && digits.iter().all(u8::is_ascii_hexdigit))
        .then(|| Stored::Native(digits.to_ascii_lowercase()))
}

/// `$A$005$`, thousands of rounds in hexadecimal digits, then the salt, then the digest.
fn caching_sha2(stored: &[u8]) -> Option<Stored> {
    let rest = stored.strip_prefix(b"$A$")?;
    let thousands = std::str::from_utf8(rest.get(..3)?).ok()?;
    let rounds = u32::from_str_radix(thousands, 16).ok()?.checked_mul(1000)?;
    let rest = rest.get(3..)?.strip_prefix(b"$")?;
    let (salt, digest) = (rest.get(..SALT)?.to_vec(), rest.get(SALT..)?.to_vec());
    ((1000..=MOST_ROUNDS).contains(&rounds) && digest.len() == 43).then_some(Stored::CachingSha2 {
        rounds,
        salt,
        digest,
    })
}

fn public_key(stored: &[u8]) -> Option<[u8; 32]> {
    let text = std::str::from_utf8(stored).ok()?;
    Base64Unpadded::decode_vec(text.trim_end_matches('=')).ok()?.try_into().ok()
}
