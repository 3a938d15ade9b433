//! One row of the table, and how it stands on a day. The table has dates, so an old report still says what is due.

use jiff::civil::Date;

use crate::environment::Environment;
use crate::ledger::{Basis, ValueState};
use crate::rotation::days::days;
use crate::rotation::due::Urgency;
use crate::rotation::expiry::{Nearness, due_on, is_watched};

/// The remark by which a replaced value that is in use again is known.
pub(super) const CHANGED_BACK: &str = "changed-back";
/// The remark by which a value is known that may have changed between two checks.
pub(super) const UNSURE: &str = "unsure";

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A secret of an env file.
    Secret,
    /// An admin key.
    AdminKey,
    /// The expiry date of a key that is no secret, or whose name must not be written down.
    Expiry,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Secret, Self::AdminKey, Self::Expiry];

    /// The word in the table and in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::AdminKey => "admin key",
            Self::Expiry => "expiry",
        }
    }

    /// From its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One row. Its texts come from other hosts, and are escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetRow {
    /// The host.
    pub host: String,
    /// The project, by its name on that host.
    pub project: String,
    /// What it is about.
    pub kind: Kind,
    /// The environment of the file.
    pub environment: Environment,
    /// The file; empty where names are hidden, and for an admin key.
    pub file: String,
    /// The key.
    pub key: String,
    /// The class.
    pub class: Option<String>,
    /// Where the value is in its life.
    pub state: ValueState,
    /// How the age is known.
    pub basis: Option<Basis>,
    /// The day from which the age is counted.
    pub since: Option<Date>,
    /// The day on which envward wrote the value in use.
    pub rotated: Option<Date>,
    /// From this day on it should be replaced.
    pub soft_due: Option<Date>,
    /// From this day on it must have been.
    pub hard_due: Option<Date>,
    /// The day on which the value stops being valid.
    pub expires: Option<Date>,
    /// Whether it is exposed.
    pub exposed: bool,
    /// Why: closed words.
    pub exposed_why: Option<String>,
    /// What else is known: closed words.
    pub remarks: Option<String>,
    /// The day of the proof.
    pub proven: Option<Date>,
    /// Until when the reminders are postponed.
    pub snoozed_until: Option<Date>,
    /// The day of the last check that saw it.
    pub last_seen: Option<Date>,
    /// The same for equal values.
    pub mark: Option<String>,
}

impl FleetRow {
    /// What follows from its age.
    #[must_use]
    pub fn urgency(&self, day: Date) -> Urgency {
        let is_past = |date: Option<Date>| date.is_some_and(|date| date <= day);
        let has = |remark: &str| self.remarks.as_ref().is_some_and(|all| all.split(',').any(|one| one == remark));
        let is_current = self.state == ValueState::Current;
        match () {
            () if is_current && self.exposed => Urgency::Exposed,
            () if is_current && is_past(self.hard_due) => Urgency::Overdue,
            () if is_past(self.soft_due) || is_current && has(CHANGED_BACK) => Urgency::Due,
            () if is_current && has(UNSURE) => Urgency::Unknown,
            () => Urgency::Fresh,
        }
    }

    /// How near its expiry date is, where it has one that somebody must be told of.
    #[must_use]
    pub fn nearness(&self, day: Date) -> Option<Nearness> {
        // The last day of an admin key is in its dates.
        let expires = self.expires.filter(|_| is_watched(self.environment) && self.kind != Kind::AdminKey)?;
        Some(Nearness::of(expires, day))
    }

    /// Whether it has expired, or expires within a week.
    #[must_use]
    pub fn expires_soon(&self, day: Date) -> bool {
        self.nearness(day).is_some_and(|nearness| nearness <= Nearness::Due)
    }

    /// Whether something is to be done, or will be by `until`.
    #[must_use]
    pub fn is_due(&self, day: Date, until: Date) -> bool {
        let is_by_then = |date: Option<Date>| date.is_some_and(|date| date <= until);
        let expiry = self.expires.filter(|_| self.nearness(day).is_some()).map(due_on);
        self.urgency(day).is_due() || self.expires_soon(day) || is_by_then(self.soft_due) || is_by_then(expiry)
    }

    /// Its age in days.
    #[must_use]
    pub fn age(&self, day: Date) -> Option<u32> {
        self.since.map(|since| days(since, day))
    }
}
