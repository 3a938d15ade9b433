//! Rows of `select rolname, rolpassword from pg_authid`: the passwords of PostgreSQL's roles.

use md5::{Digest, Md5};

use super::{Fault, Observation, Uses, Values, rows};
use crate::rotation::scram;
use crate::secret::Secret;
use crate::text::sanitize;

/// What a role accepts. A role has one password: if it accepts the new one, it refuses the old one.
///
/// # Errors
/// There is no such row, the role is not there, or its password is stored in another form.
pub fn read(text: &[u8], role: &str, values: &Values<'_>) -> Result<Vec<Observation>, Fault> {
    let rows = rows::of(text, 2);
    let stored = |row: &[Vec<u8>]| row.get(1).cloned().unwrap_or_default();
    let row = rows.iter().find(|row| row.first().is_some_and(|name| name == role.as_bytes()));
    let stored = match row.map(|row| stored(row)) {
        Some(stored) => stored,
        None if rows.iter().any(|row| Stored::of(&stored(row)).is_some()) => return Err(Fault::NoSuchUser),
        None => return Err(Fault::WrongKind),
    };
    if stored.is_empty() {
        return Err(Fault::NoPassword);
    }
    let stored = Stored::of(&stored).ok_or(Fault::UnknownForm)?;
    let uses = Uses::of(values, |value| stored.takes(role, value));
    Ok(vec![Observation { place: format!("role {}", sanitize(role.as_bytes())), uses }])
}

/// A password as PostgreSQL stores it (its documentation, `pg_authid`).
enum Stored {
    /// RFC 5803.
    Scram(scram::Verifier),
    /// `md5`, and MD5 of the password and the name of the role in hexadecimal digits.
    Md5(Vec<u8>),
}

impl Stored {
    fn of(text: &[u8]) -> Option<Self> {
        if let Some(digits) = text.strip_prefix(b"md5") {
            let is_digest = digits.len() == 32 && digits.iter().all(u8::is_ascii_hexdigit);
            return is_digest.then(|| Self::Md5(digits.to_ascii_lowercase()));
        }
        scram::Verifier::parse(text).map(Self::Scram)
    }

    #[expect(clippy::disallowed_methods, reason = "hashed")]
    fn takes(&self, role: &str, password: &Secret) -> bool {
        match self {
            Self::Scram(verifier) => verifier.accepts(password),
            Self::Md5(digits) => {
                let digest = Md5::new().chain_update(password.expose()).chain_update(role).finalize();
                super::crypt::hex(&digest) == *digits
            }
        }
    }
}
