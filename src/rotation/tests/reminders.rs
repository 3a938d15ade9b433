//! The days on which somebody is reminded.

use super::*;
use crate::ledger::Snooze;

/// The days from the soft date on which somebody is reminded, if each reminder is recorded.
fn reminders(days: std::ops::RangeInclusive<u32>, change: impl Fn(&mut Book)) -> Vec<u32> {
    let mut book = book_of(&[("2026-01-01", 1)]);
    change(&mut book);
    let mut reminded = Vec::new();
    for number in days {
        let today = plus(day("2026-04-01"), number);
        if is_to_be_reminded(&statuses(&book, &one(1), today)[0], today) {
            book.entries[0].reminded = Some(today);
            reminded.push(number);
        }
    }
    reminded
}

#[test]
fn once_then_weekly_then_daily() {
    assert_eq!(reminders(0..=30, |_| {}), [0, 7, 14, 21, 28]);
    assert_eq!(reminders(80..=94, |_| {}), [80, 87, 90, 91, 92, 93, 94]);
    // A job that did not run for a while.
    assert_eq!(reminders(5..=20, |_| {}), [5, 12, 19]);
    // A reminder of the value before.
    assert_eq!(reminders(0..=8, |book| book.entries[0].reminded = Some(day("2026-03-30"))), [0, 7]);
}

#[test]
fn a_snooze_is_silent_until_its_day() {
    let snooze = Snooze { until: plus(day("2026-04-01"), 10), reason: "moving".into() };
    assert_eq!(reminders(0..=20, |book| book.entries[0].snooze = Some(snooze.clone())), [11, 18]);
    let mut book = book_of(&[("2026-01-01", 1)]);
    book.entries[0].snooze = Some(snooze);
    let mut tracked = one(1);
    tracked.secrets[0].exposed = Some(Exposed::Tracked);
    let today = day("2026-01-05");
    assert!(is_to_be_reminded(&statuses(&book, &tracked, today)[0], today), "an exposed one is not put off");
}

#[test]
fn never_before_the_soft_date_and_once_a_day() {
    let mut book = book_of(&[("2026-01-01", 1)]);
    let mut is_due = |reminded: Option<&str>, today: &str| {
        book.entries[0].reminded = reminded.map(day);
        is_to_be_reminded(&statuses(&book, &one(1), day(today))[0], day(today))
    };
    assert_eq!([is_due(None, "2026-03-31"), is_due(None, "2026-04-01")], [false, true]);
    assert!(!is_due(Some("2026-04-01"), "2026-04-01") && !is_due(Some("2026-07-01"), "2026-07-01"));
    assert!(is_due(Some("2026-04-03"), "2026-04-01"), "the clock was ahead");
    let mut status = statuses(&book, &one(1), day("2026-07-01")).remove(0);
    for state in [ValueState::Retired, ValueState::Abandoned] {
        status.state = state;
        assert!(!is_to_be_reminded(&status, day("2026-07-01")), "{state:?}");
    }
}
