//! What a guided rotation leaves in the book, and what is shown of it.

use super::*;
use crate::ledger::{Fingerprint, Places};

fn fingerprint(number: u8) -> Option<Fingerprint> {
    sighting(".env", KEY, number).fingerprint
}

fn states(book: &Book, index: usize) -> Vec<(ValueState, Option<Fingerprint>)> {
    book.entries[index].values.iter().map(|held| (held.state, held.fingerprint)).collect()
}

/// A rotation was killed after its note in the ledger, and is done again.
#[test]
fn to_promote_again_changes_nothing() {
    use ValueState::{Current, Pending, Retired, Retiring};
    let mut book = book_of(&[("2026-01-01", 1)]);
    pend(&mut book, 0, fingerprint(2), &when("2026-02-01"));
    promote(&mut book, 0, fingerprint(2), &when("2026-02-02"));
    let before = book.clone();
    promote(&mut book, 0, fingerprint(2), &when("2026-02-03"));
    assert_eq!(book, before);
    assert_eq!(states(&book, 0), [(Retiring, fingerprint(1)), (Current, fingerprint(2))]);
    let current = book.entries[0].value(Current).unwrap();
    assert_eq!((current.since, current.rotated), (day("2026-02-01"), Some(day("2026-02-02"))));
    // Another value than the one that waits is promoted: what was retiring is retired.
    pend(&mut book, 0, fingerprint(3), &when("2026-03-01"));
    promote(&mut book, 0, fingerprint(4), &when("2026-03-02"));
    let expected = [Retired, Retiring, Pending, Current].into_iter().zip([1, 2, 3, 4].map(fingerprint));
    assert_eq!(states(&book, 0), expected.collect::<Vec<_>>());
}

#[test]
fn what_is_made_in_another_file_is_found_again() {
    let mut book = book_of(&[("2026-01-01", 1)]);
    let mut places = Places::of(&book);
    for number in [2, 3] {
        let Sighting { environment, file, key, class, limits, fingerprint, .. } = sighting("b/.env", KEY, number);
        let made_now = Made { environment, file, key, class, limits, fingerprint, since: day("2026-02-01") };
        made(&mut book, &mut places, &made_now, &when("2026-02-01"), "init");
    }
    assert_eq!((book.entries.len(), states(&book, 0)), (2, vec![(ValueState::Current, fingerprint(1))]));
    assert_eq!(book.entries[1].file, RelPath::from("b/.env"));
    let expected = [(ValueState::Retired, fingerprint(2)), (ValueState::Current, fingerprint(3))];
    assert_eq!(states(&book, 1), expected);
}

#[test]
fn the_stages_of_a_replacement() {
    let stage = |book: &Book| {
        let rows = statuses(book, &one(2), day("2026-02-10"));
        rows.into_iter().find(|row| row.state == ValueState::Current).unwrap().stage
    };
    // Somebody changed it by hand.
    assert_eq!(stage(&book_of(&[("2026-01-01", 1), ("2026-02-01", 2)])), None);
    let mut book = book_of(&[("2026-01-01", 1)]);
    assert_eq!(stage(&book), None);
    promote(&mut book, 0, fingerprint(2), &when("2026-02-02"));
    assert_eq!(stage(&book), Some(Stage::Promoted));
    prove(&mut book, 0, "docker", &["postgres".to_owned()], &when("2026-02-03"));
    assert_eq!(stage(&book), Some(Stage::Promoted), "a server is missing");
    prove(&mut book, 0, "postgres", &[], &when("2026-02-04"));
    assert_eq!(stage(&book), Some(Stage::Proven));
    let proof = book.entries[0].value(ValueState::Current).unwrap().proof.clone();
    let row = statuses(&book, &one(2), day("2026-02-10")).remove(0);
    assert_eq!((row.state, row.reasons), (ValueState::Retiring, vec![Reason::Retiring(day("2026-02-02"), proof)]));
    assert!(confirm(&mut book, 0, None, &when("2026-02-05")));
    assert_eq!(stage(&book), Some(Stage::Retired));
}

/// A rotation is due where nobody finishes it.
#[test]
fn what_waits_and_what_is_retiring_is_due_after_two_weeks() {
    let mut book = book_of(&[("2026-01-01", 1)]);
    let shown = |book: &Book, number: u8, today: &str| {
        let row = statuses(book, &one(number), day(today)).into_iter().find(|row| row.state != ValueState::Current);
        let row = row.unwrap();
        (row.state, row.reasons, row.soft_due, row.hard_due, row.urgency)
    };
    let (made, promoted) = (day("2026-02-01"), day("2026-02-05"));
    pend(&mut book, 0, fingerprint(2), &when("2026-02-01"));
    for (today, urgency) in [("2026-02-14", Urgency::Fresh), ("2026-02-15", Urgency::Due)] {
        let due = plus(made, 14);
        let expected = (ValueState::Pending, vec![Reason::Pending(made)], due, due, urgency);
        assert_eq!(shown(&book, 1, today), expected);
    }
    promote(&mut book, 0, fingerprint(2), &when("2026-02-05"));
    for (today, urgency) in [("2026-02-18", Urgency::Fresh), ("2026-02-19", Urgency::Due)] {
        let due = plus(promoted, 14);
        let expected = (ValueState::Retiring, vec![Reason::Retiring(promoted, None)], due, due, urgency);
        assert_eq!(shown(&book, 2, today), expected);
    }
}

#[test]
fn a_look_that_is_not_kept() {
    let mut book = book_of(&[("2026-01-01", 1)]);
    pend(&mut book, 0, fingerprint(2), &when("2026-01-02"));
    let both = seen(vec![sighting(".env", KEY, 1), sighting("b/.env", "REDIS_PASSWORD", 3)]);
    let ages = Ages::of(&book, &both, &when("2026-01-03"), day("2026-01-03"));
    let known: Vec<_> = ages.known.into_iter().map(|status| (status.file, status.key)).collect();
    assert_eq!(known, [(RelPath::from(".env"), key(KEY))]);
    assert_eq!(ages.unknown, [(RelPath::from("b/.env"), key("REDIS_PASSWORD"))]);
    assert_eq!(ages.rotating.into_iter().collect::<Vec<_>>(), known);
    assert_eq!(ages.files.into_iter().collect::<Vec<_>>(), [RelPath::from(".env")]);
}
