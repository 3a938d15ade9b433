//! What envward made, and what a look saw before the ledger heard of it.

use super::*;

/// A rotation was killed behind its files, and a look saw the value before the ledger heard of it: it is one value, as old as
/// it was made.
#[test]
fn a_value_that_a_look_saw_first_is_made_once() {
    let mut book = Book::default();
    look(&mut book, &one(1), &when("2026-01-01"));
    look(&mut book, &one(2), &when("2026-03-01"));
    let Sighting { environment, file, key, class, limits, fingerprint, .. } = one(2).secrets.remove(0);
    let made_now = Made { environment, file, key, class, limits, fingerprint, since: day("2026-02-27") };
    let mut places = crate::ledger::Places::of(&book);
    for _ in 0..2 {
        made(&mut book, &mut places, &made_now, &when("2026-03-02"), "rotated with another key");
        let values: Vec<_> = book.entries[0].values.iter().map(|held| (held.state, held.since, held.basis)).collect();
        let old = (ValueState::Retired, day("2026-01-01"), Basis::FirstSeen);
        assert_eq!(values, [old, (ValueState::Current, day("2026-02-27"), Basis::Rotated)]);
    }
}
