//! How the admin keys of the registry stand on a day. A key is as old as it is: nobody has to observe it.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::ledger::{KeyRecord, KeyState};
use crate::rotation::days::{days, plus};
use crate::rotation::due::Urgency;
use crate::secret::apikey::{Id, Prefix};
use crate::secret::class::Limits;

/// How many days before a key's last one it is due: anyone who uses it has to be found.
const WARNING: i64 = 14;
const WEEK: u32 = 7;

/// One key, on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStatus {
    /// Its id.
    pub id: Id,
    /// Whose key it is.
    pub prefix: Prefix,
    /// Who or what uses it.
    pub name: String,
    /// The day on which it was made.
    pub since: Date,
    /// Its age in days.
    pub age: u32,
    /// The last day on which it is a match.
    pub expires: Option<Date>,
    /// Whether that day is over.
    pub is_expired: bool,
    /// From this day on it should be replaced: its soft age, or a fortnight before its last day where that is earlier.
    pub soft_due: Date,
    /// From this day on it must have been: its hard age, or the day behind its last one where that is earlier.
    pub hard_due: Date,
    /// What follows: fresh, due or overdue.
    pub urgency: Urgency,
    /// The key that came in its place: then this one is to be revoked.
    pub replaced_by: Option<Id>,
    /// The day of the last reminder.
    pub reminded: Option<Date>,
}

impl KeyStatus {
    /// How a key stands; `None` where nothing is to be done about it any more: it was revoked, or it has expired and
    /// another one took its place.
    #[must_use]
    pub fn of(key: &KeyRecord, limits: Limits, day: Date) -> Option<Self> {
        match key.state(day) {
            KeyState::Revoked => return None,
            KeyState::Expired if key.replaced_by.is_some() => return None,
            KeyState::Expired | KeyState::Current => {}
        }
        let since = key.day();
        let before_end = |days: i64| key.expires.map_or(Date::MAX, |last| last.saturating_add((1 - days).days()));
        let soft_due = plus(since, limits.soft).min(before_end(WARNING)).max(since);
        let hard_due = plus(since, limits.hard).min(before_end(0));
        let urgency = match () {
            () if hard_due <= day => Urgency::Overdue,
            () if soft_due <= day => Urgency::Due,
            () => Urgency::Fresh,
        };
        Some(Self {
            id: key.id.clone(),
            prefix: key.prefix.clone(),
            name: key.name.clone(),
            since,
            age: days(since, day),
            expires: key.expires,
            is_expired: key.state(day) == KeyState::Expired,
            soft_due,
            hard_due,
            urgency,
            replaced_by: key.replaced_by.clone(),
            reminded: key.reminded,
        })
    }

    /// What is to be done about it: it is replaced, or revoked where another one took its place.
    #[must_use]
    pub fn command(&self) -> String {
        match &self.replaced_by {
            Some(_) => format!("envward key revoke {}", self.id),
            None => format!("envward key new --prefix {} --name WHO --replaces {}", self.prefix.as_str(), self.id),
        }
    }

    /// Whether something is to be done, or will be by `until`.
    #[must_use]
    pub fn is_due(&self, until: Date) -> bool {
        self.urgency.is_due() || self.soft_due <= until
    }

    /// Whether to remind of it: once at the soft date, weekly until the hard date, daily after it.
    #[must_use]
    pub fn is_to_be_reminded(&self, day: Date) -> bool {
        let last = self.reminded.filter(|last| *last >= self.soft_due);
        let pause = if self.urgency <= Urgency::Overdue { 1 } else { WEEK };
        self.urgency.is_due() && last.is_none_or(|last| days(last, day) >= pause || last > day)
    }
}

/// How the keys stand, the most urgent first.
#[must_use]
pub fn key_statuses(keys: &[KeyRecord], limits: Limits, day: Date) -> Vec<KeyStatus> {
    let mut all: Vec<KeyStatus> = keys.iter().filter_map(|key| KeyStatus::of(key, limits, day)).collect();
    all.sort_by_key(|key| (key.urgency, key.hard_due));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn key() -> KeyRecord {
        KeyRecord {
            id: Id::new("aaaaaaaaaa").unwrap(),
            prefix: Prefix::new("takumi_admin").unwrap(),
            name: "ops".into(),
            hash: String::new(),
            made: "2026-01-05T09:00:00Z".parse().unwrap(),
            by: "ada".into(),
            expires: None,
            verified: None,
            revoked: None,
            reason: None,
            replaced_by: None,
            reminded: None,
        }
    }

    fn status(key: &KeyRecord, day: &str) -> Option<KeyStatus> {
        KeyStatus::of(key, Limits { soft: 90, hard: 180 }, date(day))
    }

    #[test]
    fn age_makes_a_key_due() {
        for (day, age, urgency) in [
            ("2025-12-01", 0, Urgency::Fresh),
            ("2026-04-04", 89, Urgency::Fresh),
            ("2026-04-05", 90, Urgency::Due),
            ("2026-07-03", 179, Urgency::Due),
            ("2026-07-04", 180, Urgency::Overdue),
        ] {
            let one = status(&key(), day).unwrap();
            assert_eq!((one.age, one.urgency), (age, urgency), "{day}");
        }
    }

    #[test]
    fn so_does_its_last_day() {
        let mut one = key();
        one.expires = Some(date("2026-02-28"));
        for (day, urgency) in [
            ("2026-02-14", Urgency::Fresh),
            ("2026-02-15", Urgency::Due),
            ("2026-02-28", Urgency::Due),
            ("2026-03-01", Urgency::Overdue),
        ] {
            assert_eq!(status(&one, day).unwrap().urgency, urgency, "{day}");
        }
        one.replaced_by = Id::new("bbbbbbbbbb");
        assert_eq!(status(&one, "2026-03-01"), None);
        assert!(status(&one, "2026-02-28").is_some());
        one.revoked = Some(date("2026-01-06"));
        assert_eq!(status(&one, "2026-02-28"), None);
    }

    #[test]
    fn reminders() {
        let mut one = key();
        let reminds = |one: &KeyRecord, day: &str| status(one, day).unwrap().is_to_be_reminded(date(day));
        assert!(!reminds(&one, "2026-04-04") && reminds(&one, "2026-04-05"));
        one.reminded = Some(date("2026-04-05"));
        assert!(!reminds(&one, "2026-04-11") && reminds(&one, "2026-04-12"));
        one.reminded = Some(date("2026-07-04"));
        assert!(!reminds(&one, "2026-07-04") && reminds(&one, "2026-07-05"));
    }
}
