//! How a project's secrets stood at the end of each month, as far as the ledger knows.

use std::collections::HashMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::days::days;
use super::due::{Reason, SecretStatus};
use crate::env::Key;
use crate::ledger::{Book, Entry, Held, ValueState};
use crate::path::RelPath;

/// So many months are told at most.
const MONTHS: usize = 12;

/// One month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    /// Its last day, or today.
    pub last: Date,
    /// How many secrets were in use on that day.
    pub secrets: usize,
    /// The age of the oldest one on that day.
    pub oldest: Option<u32>,
    /// How many secrets got another value in this month.
    pub rotations: usize,
    /// How many of them were exposed on its last day: by an incident that was recorded, or, if the value is still in use
    /// today, by a commit.
    pub exposed: usize,
}

/// The months since the ledger knows the project, this one last. `statuses` says which secrets in use a commit exposed.
#[must_use]
pub fn trend(book: &Book, statuses: &[SecretStatus], today: Date) -> Vec<Month> {
    let Some(since) = book.entries.iter().map(|entry| entry.first_seen).min() else { return Vec::new() };
    let committed = first_commits(statuses);
    let mut first = today.first_of_month();
    let mut months = Vec::new();
    while months.len() < MONTHS && first.last_of_month() >= since {
        months.push(month(book, &committed, first, first.last_of_month().min(today)));
        first = first.saturating_sub(1.month());
    }
    months.reverse();
    months
}

fn month(book: &Book, committed: &Commits<'_>, first: Date, last: Date) -> Month {
    let is_in = |day: Date| first <= day && day <= last;
    let is_there = |entry: &&Entry| entry.first_seen <= last && entry.gone.is_none_or(|gone| gone > last);
    let in_use: Vec<(&Entry, &Held)> =
        book.entries.iter().filter(is_there).filter_map(|entry| Some((entry, in_use(entry, last)?))).collect();
    let replaced = |entry: &Entry| was_in_use(entry).skip(1).filter(|value| is_in(start(value))).count();
    let is_exposed = |(entry, value): &&(&Entry, &Held)| {
        let commit = committed.get(&(&entry.file, &entry.key)).filter(|_| value.state == ValueState::Current);
        value.incident.into_iter().chain(commit.copied()).any(|day| day <= last)
    };
    Month {
        first,
        last,
        secrets: in_use.len(),
        oldest: in_use.iter().map(|(_, value)| days(value.since, last)).max(),
        rotations: book.entries.iter().map(replaced).sum(),
        exposed: in_use.iter().filter(is_exposed).count(),
    }
}

/// The values that were ever in use, the oldest first.
fn was_in_use(entry: &Entry) -> impl Iterator<Item = &Held> {
    let is_used = |value: &&Held| !matches!(value.state, ValueState::Pending | ValueState::Abandoned);
    entry.values.iter().filter(is_used)
}

/// The day on which a value came into use, as far as that is known.
fn start(value: &Held) -> Date {
    value.rotated.unwrap_or(value.since)
}

/// The value in use on a day: before the second one the first one, whatever is said of its age.
fn in_use(entry: &Entry, day: Date) -> Option<&Held> {
    let newest = was_in_use(entry).filter(|value| start(value) <= day).last();
    newest.or_else(|| was_in_use(entry).next())
}

/// The day of the commit that exposed a value in use, by its file and key.
type Commits<'a> = HashMap<(&'a RelPath, &'a Key), Date>;

fn first_commits(statuses: &[SecretStatus]) -> Commits<'_> {
    let day = |reason: &Reason| match reason {
        Reason::Committed(Some(commit)) => Some(jiff::tz::TimeZone::UTC.to_datetime(commit.time).date()),
        _ => None,
    };
    let current = statuses.iter().filter(|status| status.state == ValueState::Current);
    current.filter_map(|status| Some(((&status.file, &status.key), status.reasons.iter().find_map(day)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::ledger::Basis;
    use crate::secret::class::{Class, Limits};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn entry(first_seen: &str, values: &[(ValueState, &str)]) -> Entry {
        let place = (Environment::Production, RelPath::from(".env"), Key::printable(b"DB_PASSWORD").unwrap());
        let limits = Limits { soft: 90, hard: 180 };
        let mut entry = Entry::new(place, Class::DatabasePassword, limits, day(first_seen));
        let held = |(state, since): &(ValueState, &str)| Held::new(*state, None, (day(since), Basis::Rotated), "ada");
        entry.values = values.iter().map(held).collect();
        entry
    }

    fn told(entries: Vec<Entry>, today: &str) -> Vec<(String, usize, Option<u32>, usize, usize)> {
        let book = Book { entries, ..Book::default() };
        let months = trend(&book, &[], day(today)).into_iter();
        months.map(|one| (one.last.to_string(), one.secrets, one.oldest, one.rotations, one.exposed)).collect()
    }

    #[test]
    fn the_age_falls_when_a_secret_is_replaced() {
        use ValueState::{Current, Pending, Retired};
        let rotated = entry("2026-01-20", &[(Retired, "2025-12-31"), (Current, "2026-03-10"), (Pending, "2026-03-12")]);
        assert_eq!(
            told(vec![rotated], "2026-03-15"),
            [
                ("2026-01-31".to_owned(), 1, Some(31), 0, 0),
                ("2026-02-28".to_owned(), 1, Some(59), 0, 0),
                ("2026-03-15".to_owned(), 1, Some(5), 1, 0),
            ]
        );
    }

    #[test]
    fn a_secret_that_is_gone_counts_until_then() {
        let mut gone = entry("2026-01-01", &[(ValueState::Current, "2026-01-01")]);
        gone.gone = Some(day("2026-02-10"));
        let kept = entry("2026-02-01", &[(ValueState::Current, "2026-01-15")]);
        assert_eq!(
            told(vec![gone, kept], "2026-02-28"),
            [("2026-01-31".to_owned(), 1, Some(30), 0, 0), ("2026-02-28".to_owned(), 1, Some(44), 0, 0)]
        );
    }

    /// It is exposed until another value is in use.
    #[test]
    fn an_incident_counts_until_the_secret_is_replaced() {
        use ValueState::{Current, Retired};
        let mut leaked = entry("2026-01-01", &[(Retired, "2026-01-01"), (Current, "2026-03-02")]);
        leaked.values[0].incident = Some(day("2026-02-02"));
        let exposed = told(vec![leaked], "2026-03-31").into_iter().map(|(_, _, _, _, exposed)| exposed);
        assert_eq!(exposed.collect::<Vec<_>>(), [0, 1, 0]);
    }

    #[test]
    fn no_more_than_a_year_and_nothing_without_a_ledger() {
        let old = entry("2020-01-01", &[(ValueState::Current, "2019-01-01")]);
        let months = told(vec![old], "2026-06-30");
        assert_eq!((months.len(), months[0].0.as_str(), months[11].0.as_str()), (12, "2025-07-31", "2026-06-30"));
        assert_eq!(told(Vec::new(), "2026-06-30"), []);
    }

    /// What somebody recorded as the age of the first value says nothing about when the ledger saw it.
    #[test]
    fn a_value_of_unknown_start_is_in_use() {
        let late = entry("2026-01-01", &[(ValueState::Current, "2026-02-20")]);
        assert_eq!(told(vec![late], "2026-02-28")[0], ("2026-01-31".to_owned(), 1, Some(0), 0, 0));
    }
}
