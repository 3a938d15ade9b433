//! The registry of admin keys: what is known of each, and its hash. Not the key.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::book::Limits;
use super::fault::Fault;
use crate::apikey::{Id, Prefix};

/// How many days before a key's end it is due: whoever uses it has to be found.
const WARNING: i64 = 14;

/// One key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its id, which is public.
    pub id: Id,
    /// Whose key it is.
    pub prefix: Prefix,
    /// Who or what uses it.
    pub name: String,
    /// Its hash, a PHC string. As it was kept: whoever verifies with it reads it with its caps.
    pub hash: String,
    /// When it was made.
    pub made: Timestamp,
    /// The user who made it.
    pub by: String,
    /// The last day on which it is a match; `None` for no end.
    pub expires: Option<Date>,
    /// The last day on which it was verified here.
    pub verified: Option<Date>,
    /// The day on which it was taken back.
    pub revoked: Option<Date>,
    /// Why.
    pub reason: Option<String>,
    /// The key that came in its place.
    pub replaced_by: Option<Id>,
}

/// Whether a key is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyState {
    /// It is.
    Current,
    /// Its last day is over.
    Expired,
    /// It was taken back.
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

/// When a key should be, and must have been, replaced. For `rotation`: a key is as old as it is, and nobody has to
/// observe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyDue {
    /// Its age in days; none is negative.
    pub age: u32,
    /// From this day on it should be replaced: the soft age, or a fortnight before its last day where that is earlier.
    pub soft: Date,
    /// From this day on it must have been: the hard age, or the day behind its last one where that is earlier.
    pub hard: Date,
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

    /// When it is due; `None` for one that is not accepted any more, or that another one replaced.
    #[must_use]
    pub fn due(&self, limits: Limits, day: Date) -> Option<KeyDue> {
        if self.state(day) == KeyState::Revoked {
            return None;
        }
        let after = |days: u32| self.day().saturating_add(i64::from(days).days());
        let before_end = |days: i64| self.expires.map_or(Date::MAX, |last| last.saturating_add((1 - days).days()));
        let soft = after(limits.soft).min(before_end(WARNING)).max(self.day());
        Some(KeyDue { age: self.age(day), soft, hard: after(limits.hard).min(before_end(0)) })
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
