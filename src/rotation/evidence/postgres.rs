//! Rows of `select rolname, rolpassword from pg_authid`: the passwords of PostgreSQL's roles.

use md5::{Digest, Md5};

use super::{Fault, Observation, Users, Uses, Values, admit_others, rows};
use crate::rotation::scram;
use crate::secret::Secret;
use crate::text::sanitize;

/// What the roles accept, and which other roles accept the old value. A role has one password: if it accepts the new one,
/// it refuses the old one.
///
/// # Errors
/// There is no such row, a role is not there, or its password is stored in another form.
pub fn read(text: &[u8], users: &Users<'_>, values: &Values<'_>) -> Result<Vec<Observation>, Fault> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = rows::of(text, 2).into_iter().filter_map(pair).collect();
    let mut found = Vec::new();
    for role in users.names {
        let stored = match rows.iter().find(|(name, _)| name == role.as_bytes()) {
            Some((_, stored)) if stored.is_empty() => return Err(Fault::NoPassword),
            Some((_, stored)) => Stored::of(stored).ok_or(Fault::UnknownForm)?,
            None if rows.iter().any(|(_, stored)| Stored::of(stored).is_some()) => return Err(Fault::NoSuchUser),
            None => return Err(Fault::WrongKind),
        };
        let uses = Uses::of(values, |value| stored.takes(role.as_bytes(), value));
        found.push(Observation { place: place(role.as_bytes()), uses });
    }
    found.extend(others(&rows, users, values)?);
    Ok(found)
}

/// The other roles that accept the old value.
fn others(rows: &[(Vec<u8>, Vec<u8>)], users: &Users<'_>, values: &Values<'_>) -> Result<Vec<Observation>, Fault> {
    let Some(old) = values.old else { return Ok(Vec::new()) };
    let others = rows.iter().filter(|(name, _)| users.may_be_missed(name));
    let others: Vec<(&[u8], Stored)> =
        others.filter_map(|(name, stored)| Some((name.as_slice(), Stored::of(stored)?))).collect();
    admit_others(others.iter().map(|(_, stored)| stored.rounds()))?;
    let takes = others.iter().filter(|(name, stored)| stored.takes(name, old));
    Ok(takes.map(|(name, _)| Observation { place: place(name), uses: Uses::Old }).collect())
}

fn pair(row: Vec<Vec<u8>>) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut fields = row.into_iter();
    Some((fields.next()?, fields.next()?))
}

fn place(role: &[u8]) -> String {
    format!("role {}", sanitize(role))
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

    fn rounds(&self) -> u32 {
        match self {
            Self::Scram(verifier) => verifier.iterations(),
            Self::Md5(_) => 1,
        }
    }

    #[expect(clippy::disallowed_methods, reason = "hashed")]
    fn takes(&self, role: &[u8], password: &Secret) -> bool {
        match self {
            Self::Scram(verifier) => verifier.accepts(password),
            Self::Md5(digits) => {
                let digest = Md5::new().chain_update(password.expose()).chain_update(role).finalize();
                super::crypt::hex(&digest) == *digits
            }
        }
    }
}
