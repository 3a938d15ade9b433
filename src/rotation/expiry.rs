//! How the expiry dates of values in use stand on a day.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::due::SecretStatus;
use super::steps;
use crate::env::Key;
use crate::environment::Environment;
use crate::ledger::{ExpiryReminder, ValueState};
use crate::path::RelPath;
use crate::project::{ExpiryDate, ExpirySource};
use crate::rotation::days::days;
use crate::secret::expiry::Part;

/// So many days before its date a value is told of: a provider may need them.
const NOTICE: i64 = 30;
/// So many days before its date a value is due.
const WARNING: i64 = 7;
const WEEK: u32 = 7;

/// How near a date is. The order is that of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// It is today, or over.
    Expired,
    /// Within a week.
    Due,
    /// Within 30 days.
    Noticed,
    /// Later.
    Far,
}

impl Nearness {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Due => "due",
            Self::Noticed => "soon",
            Self::Far => "later",
        }
    }
}

/// The expiry date of one value in use, on a day: the earliest that anything says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiryStatus {
    /// The date, and what says it.
    pub date: ExpiryDate,
    /// How near it is.
    pub nearness: Nearness,
    /// How many days are left; none from the day on.
    pub left: u32,
    /// From this day on something is to be done.
    pub due: Date,
    /// The first day of the reminders.
    pub noticed: Date,
    /// The day of the last reminder of this date.
    pub reminded: Option<Date>,
}

/// How the dates stand on a day, the nearest first. Of one key of a file the earliest date counts; what is known of its
/// secret is in `statuses`, and what was told in `reminders`.
#[must_use]
pub fn expiries(
    dates: &[ExpiryDate],
    statuses: &[SecretStatus],
    reminders: &[ExpiryReminder],
    day: Date,
) -> Vec<ExpiryStatus> {
    let current = || statuses.iter().filter(|status| status.state == ValueState::Current);
    let recorded = current().filter_map(recorded);
    let mut earliest: BTreeMap<(RelPath, String), ExpiryDate> = BTreeMap::new();
    for date in dates.iter().cloned().chain(recorded) {
        let place = (date.file.clone(), date.name.clone());
        match earliest.get_mut(&place) {
            Some(known) if (known.day, &known.source) <= (date.day, &date.source) => {}
            Some(known) => *known = date,
            None => drop(earliest.insert(place, date)),
        }
    }
    let status = |date: ExpiryDate| {
        let is_its = |one: &&ExpiryReminder| {
            one.file == date.file && Some(&one.key) == date.key.as_ref() && one.expires == date.day
        };
        let reminded = reminders.iter().find(is_its).map(|one| one.day);
        ExpiryStatus { reminded, ..ExpiryStatus::of(date, day) }
    };
    let mut all: Vec<ExpiryStatus> = earliest.into_values().map(status).collect();
    all.sort_by(|one, other| {
        let order = |one: &ExpiryStatus| (one.nearness, one.date.day, one.date.line);
        order(one).cmp(&order(other)).then_with(|| one.date.file.cmp(&other.date.file))
    });
    all
}

/// What somebody recorded of a secret.
fn recorded(status: &SecretStatus) -> Option<ExpiryDate> {
    Some(ExpiryDate {
        file: status.file.clone(),
        line: status.line,
        name: status.key.as_str().to_owned(),
        key: Some(status.key.clone()),
        environment: status.environment,
        is_secret: true,
        by_hand: status.by_hand,
        day: status.expires?,
        source: ExpirySource::Recorded,
    })
}

impl Nearness {
    /// How near an expiry date is on a day.
    #[must_use]
    pub fn of(expires: Date, day: Date) -> Self {
        match () {
            () if day >= expires => Self::Expired,
            () if day >= due_on(expires) => Self::Due,
            () if day >= noticed_on(expires) => Self::Noticed,
            () => Self::Far,
        }
    }
}

/// From this day on something is to be done.
pub(super) fn due_on(expires: Date) -> Date {
    expires.saturating_sub(WARNING.days())
}

fn noticed_on(expires: Date) -> Date {
    expires.saturating_sub(NOTICE.days())
}

/// Whether anybody must be told: nothing fails for long where a value of development or test ends.
pub(super) fn is_watched(environment: Environment) -> bool {
    !matches!(environment, Environment::Development | Environment::Test)
}

impl ExpiryStatus {
    fn of(date: ExpiryDate, day: Date) -> Self {
        let (due, noticed) = (due_on(date.day), noticed_on(date.day));
        let (nearness, left) = (Nearness::of(date.day, day), days(day, date.day));
        Self { date, nearness, left, due, noticed, reminded: None }
    }

    /// Whether anybody must be told: nothing fails for long where a value of development or test ends.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        is_watched(self.date.environment)
    }

    /// Whether something is to be done, or will be by `until`.
    #[must_use]
    pub fn is_due(&self, until: Date) -> bool {
        self.is_watched() && (self.nearness <= Nearness::Due || self.due <= until)
    }

    /// Whether to remind of it: once 30 days before, weekly until the last week, daily from then on.
    #[must_use]
    pub fn is_to_be_reminded(&self, day: Date) -> bool {
        let pause = if self.nearness <= Nearness::Due { 1 } else { WEEK };
        let is_paused = self.reminded.is_some_and(|last| last <= day && days(last, day) < pause);
        self.is_watched() && self.nearness <= Nearness::Noticed && !is_paused
    }

    /// The place and number of the certificate, where it is one of several.
    #[must_use]
    pub fn of_chain(&self) -> Option<(usize, usize)> {
        match self.date.source {
            ExpirySource::Value(Part::Certificate { number, count })
            | ExpirySource::File(_, Part::Certificate { number, count })
                if count > 1 =>
            {
                Some((number, count))
            }
            _ => None,
        }
    }

    /// The word of what says the day.
    #[must_use]
    pub fn source(&self) -> &'static str {
        match &self.date.source {
            ExpirySource::Comment(..) => "comment",
            ExpirySource::Recorded => "recorded",
            ExpirySource::Value(part) | ExpirySource::File(_, part) => match part {
                Part::Token => "token",
                Part::Signature => "signature",
                Part::Certificate { .. } => "certificate",
            },
        }
    }

    /// The command that replaces the value, where envward has one; `file` as a shell takes it.
    #[must_use]
    pub fn command(&self, file: &str) -> Option<String> {
        let key: &Key = self.date.key.as_ref().filter(|_| self.date.is_secret && self.date.line.is_some())?;
        Some(steps::rotate(key, file, self.date.by_hand))
    }
}
