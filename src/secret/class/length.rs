//! How long a secret of a class must be.

use super::{Class, value};

/// Whether a value is long enough. The value's own length is never given out: it helps to identify it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Long enough, or nothing is asked of this class.
    Enough,
    /// Too short.
    Short {
        /// What is asked for, in words.
        need: &'static str,
    },
}

/// Whether `value`, the secret itself (of a URL its [`super::url_password`]), is as long as its class asks.
///
/// - Database passwords: 64 characters; JWT secrets: 64 random bytes, as 128 hex digits or 86 characters of base64
///   (both: the deployment checklist this project implements, "Database passwords are 64+ characters", "JWT secrets are
///   64-byte hex strings"; RFC 7518 3.2 asks 32 to 64 bytes). A PEM or JWK key passes: it is no shared secret.
/// - Session secrets and encryption keys: 32 bytes, the key of AES-256 and of HMAC-SHA-256 (NIST SP 800-131A asks 14):
///   64 hex digits, or 32 characters of another alphabet.
/// - Admin API keys: 32 characters, which are 128 bits as hex (OWASP ASVS 5.0 7.2.3 for session tokens).
/// - Other passwords and secrets: 16 characters (NIST SP 800-63B-4 asks 15 where a password stands alone).
/// - Somebody else's API keys, hashes, private keys: nothing; their provider or format decides.
#[must_use]
pub fn length(class: Class, value: &[u8]) -> Length {
    let value = value.trim_ascii();
    let digits = value.strip_prefix(b"0x").unwrap_or(value);
    let hex = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    let at_least = |count: usize, need: &'static str| match value.len() >= count {
        true => Length::Enough,
        false => Length::Short { need },
    };
    match class {
        Class::DatabasePassword => at_least(64, "64 characters"),
        Class::JwtSecret if value::class(value) == Some(Class::PrivateKey) => Length::Enough,
        Class::JwtSecret if hex && (64..128).contains(&digits.len()) => {
            Length::Short { need: "64 bytes, which are 128 hex digits: 64 hex digits are 32 bytes" }
        }
        Class::JwtSecret if hex => at_least(128, "64 bytes, as 128 hex digits"),
        Class::JwtSecret => at_least(86, "64 bytes, as 128 hex digits or 86 characters of base64"),
        Class::SessionSecret | Class::EncryptionKey if hex => at_least(64, "32 bytes, as 64 hex digits"),
        Class::SessionSecret | Class::EncryptionKey => {
            at_least(32, "32 bytes, as 64 hex digits or 43 characters of base64")
        }
        Class::AdminApiKey => at_least(32, "32 characters"),
        Class::Password | Class::Other => at_least(16, "16 characters"),
        Class::ApiKey | Class::Hash | Class::PrivateKey => Length::Enough,
    }
}
