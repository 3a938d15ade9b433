//! A ledger that was written while the clock was wrong.

use jiff::civil::Date;

use crate::ledger::{Basis, Book, Entry, ValueState, What, When};

/// Takes today for right, and every later day for a mistake of the clock. What was made or seen on such a day may be as
/// old as the last day before that the book knows: it counts from there.
pub fn accept_clock(book: &mut Book, when: &When) {
    let is_true = |day: &Date| *day <= when.day;
    let known = book.entries.iter().flat_map(days).chain(book.last_look).filter(is_true).max();
    let floor = known.unwrap_or(when.day);
    let mut changed = Vec::new();
    for (index, entry) in book.entries.iter_mut().enumerate() {
        if days(entry).all(|day| is_true(&day)) {
            continue;
        }
        entry.first_seen = past(entry.first_seen, when.day, floor);
        entry.last_seen = entry.last_seen.min(when.day);
        entry.gone = entry.gone.map(|day| day.min(when.day));
        entry.reminded = entry.reminded.filter(is_true);
        for held in &mut entry.values {
            if !is_true(&held.since) {
                (held.since, held.basis) = (floor, Basis::Observed);
            }
            held.rotated = held.rotated.map(|day| past(day, when.day, floor));
            held.incident = held.incident.map(|day| past(day, when.day, floor));
        }
        changed.push(index);
    }
    book.last_look = Some(floor);
    for index in changed {
        book.note(index, Some(ValueState::Current), What::Declared, when, Some("the clock had been ahead"));
    }
}

/// The days that the book has of an entry; a reminder may be postponed to a day to come.
fn days(entry: &Entry) -> impl Iterator<Item = Date> {
    let of_values = entry.values.iter().flat_map(|held| [Some(held.since), held.rotated, held.incident]);
    let own = [Some(entry.first_seen), Some(entry.last_seen), entry.gone, entry.reminded];
    own.into_iter().chain(of_values).flatten()
}

fn past(day: Date, today: Date, floor: Date) -> Date {
    if day <= today { day } else { floor }
}
