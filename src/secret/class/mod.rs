//! What a key holds, judged by the words of its name and by its value. Pure.
//!
//! The value is asked first: a URL with a password, a private key or a provider's token is one under any name, and a
//! boolean, a path, a reference, a public key or a URL without a password is no secret under any. Then the name, by whole
//! words: a sure one (`…_PASSWORD`, `…_SECRET`, `…_TOKEN`, `API_KEY`) makes a secret of any other value, also of an empty
//! one and of a placeholder, so that callers can say so; a doubtful one (`KEY`, `AUTH`, `SALT`) needs a value that looks
//! like a secret. Under a name that says nothing a long random value is one, too.

mod hash;
mod jwt;
mod language;
mod length;
mod limits;
mod name;
mod pair;
pub(crate) mod pem;
mod reference;
mod servers;
mod token;
mod url;
pub(crate) mod value;

pub use hash::{HashFlaw, hash_flaw, hash_part, is_hash, is_hash_like};
pub(crate) use jwt::{end as token_end, is_example as is_example_token};
pub use length::{Length, length};
pub use limits::{Limits, default_limits};
pub(crate) use name::{has_word, words};
pub use pair::{behind_user, password, password_span};
pub(crate) use reference::{in_backticks, is_reference};
pub use reference::{is_sealed, literal};
pub use servers::{are_of_a_kind, leads_to};
pub(crate) use token::is_in_name as is_token_in_name;
pub use url::{url_password, url_password_span, url_scheme, url_user, url_user_span};
pub use value::is_plain;

/// What kind of secret a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A database's or cache's password, also the one inside a URL.
    DatabasePassword,
    /// A key that signs tokens.
    JwtSecret,
    /// A key that encrypts stored data.
    EncryptionKey,
    /// A session or cookie secret.
    SessionSecret,
    /// An admin API key of one's own.
    AdminApiKey,
    /// A key or token that somebody else's service issued.
    ApiKey,
    /// Any other password.
    Password,
    /// A hash: `*_HASH`, or a PHC string. Not secret as such.
    Hash,
    /// A private key (PEM, JWK).
    PrivateKey,
    /// A secret of no special kind.
    Other,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 10] = [
        Self::DatabasePassword,
        Self::JwtSecret,
        Self::EncryptionKey,
        Self::SessionSecret,
        Self::AdminApiKey,
        Self::ApiKey,
        Self::Password,
        Self::Hash,
        Self::PrivateKey,
        Self::Other,
    ];

    /// How many random bytes a new secret of this class takes, written as hexadecimal digits: 64 for JWT secrets (the
    /// deployment checklist), 32 for the rest (256 bits; 64 digits, which a database password takes).
    #[must_use]
    pub fn bytes(self) -> u64 {
        if self == Self::JwtSecret { 64 } else { 32 }
    }

    /// The class of a word of the configuration.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }

    /// The word in reports and configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DatabasePassword => "database-password",
            Self::JwtSecret => "jwt-secret",
            Self::EncryptionKey => "encryption-key",
            Self::SessionSecret => "session-secret",
            Self::AdminApiKey => "admin-api-key",
            Self::ApiKey => "api-key",
            Self::Password => "password",
            Self::Hash => "hash",
            Self::PrivateKey => "private-key",
            Self::Other => "other",
        }
    }
}

/// The class of a key and its value; `None` where it is no secret: never by name alone. With an empty value the class
/// that the name asks for. `${X:-literal}` is judged by its literal.
#[must_use]
pub fn of(key: &str, value: &[u8]) -> Option<Class> {
    let value = literal(value.trim_ascii())?;
    let value = in_backticks(value).unwrap_or(value);
    if is_sealed(value) || pem::is_public(value) {
        return None;
    }
    if let Some(class) = by_value(key, value) {
        return Some(class);
    }
    let words = words(key);
    let Some(named) = name::class(&words) else {
        return (value::is_random(value) && name::says_nothing(&words)).then_some(Class::Other);
    };
    let secret = match named.doubt {
        name::Doubt::Sure => value.is_empty() || !value::is_setting(value, named.class),
        name::Doubt::Unless => value.is_empty() || !value::is_setting(value, named.class) && !value::is_public(value),
        name::Doubt::Only => value::looks_generated(value) || value::is_phrase(value),
        name::Doubt::Pair => value::looks_generated(value) || value::is_pair(value),
    };
    secret.then_some(named.class)
}

/// The class that a value has by itself: a provider's token, a private key, an address with a password in it.
#[must_use]
pub fn of_value(value: &[u8]) -> Option<Class> {
    by_value("", literal(value.trim_ascii())?)
}

fn by_value(key: &str, value: &[u8]) -> Option<Class> {
    let is_token = || jwt::is_one(value) && !name::is_public(&words(key));
    value::class(value)
        .or_else(|| is_token().then_some(Class::ApiKey))
        .or_else(|| url::class(key, value))
        .or_else(|| nested::of(value).map(|inner| inner.class))
}

/// The id of a key that signs packages, which is public, or several: 8, 16, 32 or 40 hexadecimal digits each.
pub(crate) fn is_fingerprint(name: &str, value: &[u8]) -> bool {
    let words = words(name);
    let says =
        words.iter().any(|word| ["GPG", "PGP", "GPGKEY", "FINGERPRINT"].iter().any(|it| it.eq_ignore_ascii_case(word)));
    // One may be written in groups of four. Not copied: most values that are asked about are secrets.
    let is_id = |text: &[u8]| {
        let digits = || text.iter().filter(|byte| !byte.is_ascii_whitespace());
        digits().all(u8::is_ascii_hexdigit) && matches!(digits().count(), 8 | 16 | 32 | 40)
    };
    says && (is_id(value) || key_ids(value).all(is_id))
}

/// Whether a value is nothing but the ids of keys that sign packages, whatever its name: the long ones, in capitals.
pub(crate) fn is_signers(value: &[u8]) -> bool {
    let is_id = |id: &[u8]| id.len() == 40 && id.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    key_ids(value).next().is_some() && key_ids(value).all(is_id)
}

fn key_ids(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ids = value.split(|byte| byte.is_ascii_whitespace() || *byte == b',').filter(|id| !id.is_empty());
    ids.map(|id| id.strip_prefix(b"0x").unwrap_or(id))
}

pub(crate) mod nested;
#[cfg(test)]
mod tests;
