//! What a look records, and what it leaves as it is.

use super::*;
use crate::git::{CommitRef, Oid, Order};
use crate::name::Name;

#[test]
fn a_look_that_sees_nothing_new_records_nothing() {
    for number in [1, 0] {
        let book = book_of(&[("2026-01-01", number), ("2026-01-01", number), ("2026-02-01", number)]);
        assert_eq!(events(&book), [What::FirstSeen]);
    }
    let mut book = book_of(&[("2026-01-01", 1)]);
    assert_eq!(look(&mut book, &one(1), &when("2026-01-01")), [], "twice on a day");
    // A judge that calls the value weak has no other key.
    book.entries[0].values[0].judge = "0.0.1".into();
    assert_eq!(look(&mut book, &one(0), &when("2026-01-02")), []);
    assert_eq!(events(&book), [What::FirstSeen]);
}

/// A look before knew the value elsewhere: a copy of it is not as young as that look.
#[test]
fn the_age_of_a_value_is_known_from_every_look() {
    let mut book = book_of(&[("2026-01-01", 1), ("2026-02-01", 1)]);
    let both = seen(vec![sighting(".env", KEY, 1), sighting("b/.env", KEY, 1)]);
    look(&mut book, &both, &when("2026-03-01"));
    assert_eq!(book.entries[1].values[0].since, day("2026-01-01"));
    // Both came since, and the second one is as old as the first.
    let mut old = sighting("c/.env", "REDIS_PASSWORD", 2);
    old.since = Some((day("2025-01-01"), Basis::GitHistory));
    let now = seen([both.secrets, vec![old, sighting("d/.env", "REDIS_PASSWORD", 2)]].concat());
    look(&mut book, &now, &when("2026-03-02"));
    assert_eq!(book.entries[3].values[0].since, day("2025-01-01"));
}

#[test]
fn the_months_of_an_exposed_secret() {
    let book = book_of(&[("2026-01-01", 1)]);
    let mut committed = one(1);
    committed.secrets[0].exposed = Some(Exposed::Committed(Some(CommitRef {
        id: Oid::from_bytes(&[7; 20]).unwrap(),
        time: "2026-02-10T00:00:00Z".parse().unwrap(),
        author: Name(b"Ada".to_vec()),
        order: Order { latest: 0, rank: 0 },
    })));
    let rows = statuses(&book, &committed, day("2026-03-01"));
    let exposed: Vec<usize> = trend(&book, &rows, day("2026-03-01")).iter().map(|month| month.exposed).collect();
    assert_eq!(exposed, [0, 1, 1]);
}

/// It does not count on the day on which it is gone.
#[test]
fn the_month_at_whose_end_a_secret_is_gone() {
    let mut book = book_of(&[("2026-01-01", 1)]);
    book.entries[0].gone = Some(day("2026-01-31"));
    let months = trend(&book, &[], day("2026-01-31"));
    assert_eq!(months.iter().map(|month| month.secrets).collect::<Vec<_>>(), [0]);
}
