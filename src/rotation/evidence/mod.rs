//! Evidence: what other programs print, compared with the new and the old value of a secret. It shows whether a service
//! still uses the old one. Pure.
//!
//! ```text
//! docker inspect, pg_authid, ACL LIST, mysql.user, exported key hashes -> [Observation] -> Verdict
//! ```
//!
//! Evidence may come from a hostile host. Hashes with an unreasonable cost are refused, and of all that is read only names
//! get into an observation.

pub mod containers;
mod crypt;
pub mod key_hashes;
pub mod mysql;
pub mod postgres;
pub mod redis;
mod rows;

use crate::secret::Secret;

/// The kinds of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `docker inspect`
    Docker,
    /// Rows of `pg_authid`
    Postgres,
    /// `ACL LIST` or `ACL GETUSER`
    Redis,
    /// Rows of `mysql.user`
    Mysql,
    /// Exported key hashes
    Argon2,
}

impl Kind {
    /// The word in the ledger.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Mysql => "mysql",
            Self::Argon2 => "argon2",
        }
    }
}

/// The two values between which evidence decides.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// The value that should be in use.
    pub new: &'a Secret,
    /// The value that it replaces; `None` if it was not kept.
    pub old: Option<&'a Secret>,
}

/// The users of a server whose password it is.
#[derive(Clone, Copy)]
pub struct Users<'a> {
    /// Each of them has to accept the new value.
    pub names: &'a [String],
    /// The one that keeps the old value until the end, because two roles take turns.
    pub spared: Option<&'a str>,
}

impl Users<'_> {
    fn are(&self, name: &[u8]) -> bool {
        self.names.iter().any(|known| known.as_bytes() == name)
    }

    /// Whether another user must not accept the old value: it may be one of the secret that the project does not name.
    fn may_be_missed(&self, name: &[u8]) -> bool {
        !self.are(name) && self.spared.is_none_or(|spared| spared.as_bytes() != name)
    }
}

/// The most rounds of all hashes of other users together: those of a thousand users of the usual cost. It bounds how long
/// the evidence of a hostile host can take.
const MOST_ROUNDS_OF_OTHERS: u64 = 5_000_000;

/// Refuses other users whose hashes cost too much together.
fn admit_others(rounds: impl Iterator<Item = u32>) -> Result<(), Fault> {
    let sum: u64 = rounds.map(u64::from).sum();
    if sum > MOST_ROUNDS_OF_OTHERS { Err(Fault::TooMany) } else { Ok(()) }
}

/// Which of the two values a place uses or accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    /// Only the new value.
    New,
    /// The old value.
    Old,
    /// Both values: a user of Redis with two passwords.
    Both,
    /// Neither of them.
    Other,
}

/// What evidence shows of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The place: `api: DB_PASSWORD`, `role app`.
    pub place: String,
    /// What it uses.
    pub uses: Uses,
}

/// What all observations show together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every place uses the new value, and none the old one.
    Proven,
    /// A place uses the old value.
    OldInUse,
    /// No place uses the old value, but a place uses neither.
    Unclear,
}

/// Why evidence shows nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not of this kind.
    WrongKind,
    /// It does not contain the user whose password it is.
    NoSuchUser,
    /// The user has no password.
    NoPassword,
    /// The password is stored in a form that envward does not know, or with an unreasonable cost.
    UnknownForm,
    /// No container, or no stored hash, has to do with the secret.
    Unrelated,
    /// There are more hashes than envward compares.
    TooMany,
}

impl Uses {
    /// From what a place says of each value.
    fn of(values: &Values<'_>, takes: impl Fn(&Secret) -> bool) -> Self {
        match (takes(values.new), values.old.is_some_and(takes)) {
            (true, true) => Self::Both,
            (true, false) => Self::New,
            (false, true) => Self::Old,
            (false, false) => Self::Other,
        }
    }

    /// Whether the old value is among what it uses.
    #[must_use]
    pub fn is_old(self) -> bool {
        matches!(self, Self::Old | Self::Both)
    }
}

impl Verdict {
    /// Of all observations.
    #[must_use]
    pub fn of(observations: &[Observation]) -> Self {
        match () {
            () if observations.iter().any(|one| one.uses.is_old()) => Self::OldInUse,
            () if observations.iter().any(|one| one.uses == Uses::New)
                && observations.iter().all(|one| one.uses == Uses::New) =>
            {
                Self::Proven
            }
            () => Self::Unclear,
        }
    }
}

#[cfg(test)]
mod tests;
