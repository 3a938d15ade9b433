//! The registry of admin keys: what is known of each, and its hash. Not the key.

use jiff::Timestamp;
use jiff::civil::Date;

use super::fault::Fault;
use crate::secret::apikey::{Id, Prefix};

/// One key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its id, which is public.
    pub id: Id,
    /// Whose key it is.
    pub prefix: Prefix,
    /// Who or what uses it.
    pub name: String,
    /// Its hash, a PHC string. As it was kept: anyone who verifies with it reads it with its caps.
    pub hash: String,
    /// When it was made.
    pub made: Timestamp,
    /// The user who made it.
    pub by: String,
    /// The last day on which it is a match; `None` for no end.
    pub expires: Option<Date>,
    /// The last day on which it was verified here.
    pub verified: Option<Date>,
    /// The day on which it was revoked.
    pub revoked: Option<Date>,
    /// Why.
    pub reason: Option<String>,
    /// The key that came in its place.
    pub replaced_by: Option<Id>,
    /// The day of the last reminder.
    pub reminded: Option<Date>,
}

/// Whether a key is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyState {
    /// It is.
    Current,
    /// Its last day is over.
    Expired,
    /// It was revoked.
    Revoked,
}

impl KeyState {
    /// The word in lists.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl KeyRecord {
    /// Whether it is accepted on a day.
    #[must_use]
    pub fn state(&self, day: Date) -> KeyState {
        match () {
            () if self.revoked.is_some() => KeyState::Revoked,
            () if self.expires.is_some_and(|last| day > last) => KeyState::Expired,
            () => KeyState::Current,
        }
    }

    /// The day on which it was made, in UTC.
    #[must_use]
    pub fn day(&self) -> Date {
        jiff::tz::TimeZone::UTC.to_datetime(self.made).date()
    }

    /// Its age on a day, in days.
    #[must_use]
    pub fn age(&self, day: Date) -> u32 {
        self.day().until(day).ok().and_then(|span| u32::try_from(span.get_days()).ok()).unwrap_or(0)
    }
}

/// Where keys are kept: beside the books of a [`super::Ledger`]. Every method is one transaction.
pub trait Keys {
    /// A project's keys, the oldest first; none where nothing is known.
    ///
    /// # Errors
    /// What is kept cannot be read.
    fn keys(&self, project: &str) -> Result<Vec<KeyRecord>, Fault>;

    /// Changes a project's keys. They are changed and added, never taken out. No other writer gets between what `work`
    /// sees and what it leaves, and where anything fails, all stays as it was.
    ///
    /// # Errors
    /// What is kept cannot be read or written.
    fn update_keys(&mut self, project: &str, work: &mut dyn FnMut(&mut Vec<KeyRecord>)) -> Result<(), Fault>;
}
