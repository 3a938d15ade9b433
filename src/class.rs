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
