//! What a key holds, judged by the words of its name and by its value. Pure.

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

/// The class of a key and its value; `None` where it is no secret: never by name alone.
#[must_use]
pub fn of(_key: &str, _value: &[u8]) -> Option<Class> {
    None
}

/// The password inside a URL's userinfo, percent-decoded; `None` where there is none, it is empty or is itself only a
/// `${…}` reference.
#[must_use]
pub fn url_password(_value: &[u8]) -> Option<Vec<u8>> {
    None
}

impl Class {
    /// The words in reports and configuration, in the order of the variants.
    pub const WORDS: [&'static str; 10] = [
        "database-password",
        "jwt-secret",
        "encryption-key",
        "session-secret",
        "admin-api-key",
        "api-key",
        "password",
        "hash",
        "private-key",
        "other",
    ];

    const ALL: [Self; 10] = [
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

    /// The word in reports and configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().zip(Self::WORDS).find(|(class, _)| **class == self);
        found.map_or("other", |(_, word)| word)
    }

    /// The class of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().zip(Self::WORDS).find(|(_, known)| *known == word).map(|(class, _)| class)
    }
}
