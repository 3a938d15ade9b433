use jiff::civil::Date;

use super::*;
use crate::env::Key;
use crate::environment::Environment;
use crate::ledger::{Basis, Book, FingerprintKey, ValueState, What, When};
use crate::path::RelPath;
use crate::secret::class::{Class, Limits};
use crate::secret::{GroupKey, Secret};
use crate::work;

mod looks;
mod made_once;
mod reminders;
mod replaced;

const KEY: &str = "DB_PASSWORD";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn when(text: &str) -> When {
    When { day: day(text), at: format!("{text}T09:00:00Z").parse().unwrap(), by: "ada".into() }
}

/// A strong value for each number; a weak one for 0.
fn value(number: u8) -> Secret {
    match number {
        0 => Secret::copy_of(b"changeme"),
        _ => Secret::new((0..48_u8).map(|at| b'A' + (at.wrapping_mul(37) ^ number) % 57).collect()),
    }
}

fn key(name: &str) -> Key {
    Key::printable(name.as_bytes()).unwrap()
}

fn sighting(file: &str, name: &str, number: u8) -> Sighting {
    Sighting {
        environment: Environment::Production,
        file: RelPath::from(file),
        key: key(name),
        line: std::num::NonZeroU32::MIN,
        class: Class::DatabasePassword,
        limits: Limits { soft: 90, hard: 180 },
        fingerprint: FingerprintKey::new(&[1; 32]).fingerprint(&key(name), &value(number)),
        in_url: false,
        is_file: false,
        by_hand: false,
        tag: GroupKey::new([0; 32]).tag(&value(number)),
        since: None,
        exposed: None,
        reasons: Vec::new(),
    }
}

fn seen(secrets: Vec<Sighting>) -> Sightings {
    Sightings { secrets, ..Sightings::default() }
}

/// One secret in `.env` with this value.
fn one(number: u8) -> Sightings {
    seen(vec![sighting(".env", KEY, number)])
}

/// The days and values of several looks at one secret, and how its age is known afterwards.
fn after(looks: &[(&str, u8)]) -> (String, Basis) {
    let book = book_of(looks);
    let held = book.entries[0].value(ValueState::Current).unwrap();
    (held.since.to_string(), held.basis)
}

fn book_of(looks: &[(&str, u8)]) -> Book {
    let mut book = Book::default();
    for (day, number) in looks {
        look(&mut book, &one(*number), &when(day));
    }
    assert_eq!(book.entries.len(), 1);
    book
}

fn events(book: &Book) -> Vec<What> {
    book.events.iter().map(|event| event.what).collect()
}

fn urgency(book: &Book, seen: &Sightings, today: &str) -> (u32, Urgency) {
    let status = &statuses(book, seen, day(today))[0];
    (status.age, status.urgency)
}

#[test]
fn a_first_look_takes_the_oldest_thing_that_is_known() {
    let table = [
        (None, "2026-06-30", Basis::FirstSeen),
        (Some(("2026-05-01", Basis::FileTime)), "2026-05-01", Basis::FileTime),
        (Some(("2025-01-01", Basis::GitHistory)), "2025-01-01", Basis::GitHistory),
        // A clock that was wrong: not younger than today.
        (Some(("2027-01-01", Basis::FileTime)), "2026-06-30", Basis::FirstSeen),
    ];
    for (since, expected, basis) in table {
        let mut secret = sighting(".env", KEY, 1);
        secret.since = since.map(|(text, basis)| (day(text), basis));
        let mut book = Book::default();
        look(&mut book, &seen(vec![secret]), &when("2026-06-30"));
        let held = book.entries[0].value(ValueState::Current).unwrap();
        assert_eq!((held.since, held.basis), (day(expected), basis));
    }
}

#[test]
fn an_unseen_change_counts_from_the_look_before() {
    assert_eq!(after(&[("2026-01-01", 1), ("2026-03-01", 1)]), ("2026-01-01".into(), Basis::FirstSeen));
    assert_eq!(after(&[("2026-01-01", 1), ("2026-03-01", 2)]), ("2026-01-01".into(), Basis::Observed));
    let twice = [("2026-01-01", 1), ("2026-02-01", 1), ("2026-03-01", 2), ("2026-04-01", 2)];
    assert_eq!(after(&twice), ("2026-02-01".into(), Basis::Observed));
}

#[test]
fn back_to_an_older_value_is_its_age_and_due() {
    let looks = [("2026-01-01", 1), ("2026-03-01", 2), ("2026-03-02", 1)];
    assert_eq!(after(&looks), ("2026-01-01".into(), Basis::FirstSeen));
    let book = book_of(&looks);
    assert!(events(&book).contains(&What::ChangedBack));
    for today in ["2026-03-02", "2026-03-20"] {
        let status = &statuses(&book, &one(1), day(today))[0];
        assert_eq!(status.urgency, Urgency::Due, "{today}");
        assert!(status.reasons.contains(&Reason::ChangedBack));
    }
    // And a new value ends it.
    let book = book_of(&[looks[0], looks[1], looks[2], ("2026-03-03", 3)]);
    assert_eq!(urgency(&book, &one(3), "2026-03-03").1, Urgency::Fresh);
}

#[test]
fn of_a_weak_value_a_change_is_not_seen_and_no_age_is_made_up() {
    assert_eq!(after(&[("2026-01-01", 0), ("2026-03-01", 0)]), ("2026-01-01".into(), Basis::FirstSeen));
    // To a strong one and back it is.
    assert_eq!(after(&[("2026-01-01", 0), ("2026-03-01", 1)]), ("2026-01-01".into(), Basis::Observed));
    assert_eq!(after(&[("2026-01-01", 1), ("2026-03-01", 0)]), ("2026-01-01".into(), Basis::Observed));
}

#[test]
fn another_judge_makes_no_value_young() {
    for (before, now) in [(0, 1), (1, 0)] {
        let mut book = book_of(&[("2026-01-01", before), ("2026-02-01", before)]);
        book.entries[0].values[0].judge = "0.0.1".into();
        look(&mut book, &one(now), &when("2026-03-01"));
        let held = book.entries[0].value(ValueState::Current).unwrap();
        assert_eq!((held.since, held.unsure), (day("2026-01-01"), true));
        assert_eq!(urgency(&book, &one(now), "2026-03-01"), (59, Urgency::Unknown));
    }
}

#[test]
fn a_lost_key_means_unknown_and_ages_stay() {
    let mut book = book_of(&[("2026-01-01", 1), ("2026-02-01", 1)]);
    let mut other = sighting(".env", KEY, 1);
    other.fingerprint = FingerprintKey::new(&[9; 32]).fingerprint(&other.key, &value(1));
    let surprises = look(&mut book, &seen(vec![other.clone()]), &when("2026-03-01"));
    assert_eq!(surprises, [Surprise::KeyLost]);
    assert_eq!(urgency(&book, &seen(vec![other.clone()]), "2026-03-01"), (59, Urgency::Unknown));
    // Under the new key a change is seen again, and only then the doubt ends.
    book.events.clear();
    assert_eq!(look(&mut book, &seen(vec![other.clone()]), &when("2026-03-02")), []);
    assert_eq!(urgency(&book, &seen(vec![other.clone()]), "2026-03-02").1, Urgency::Unknown);
    other.fingerprint = FingerprintKey::new(&[9; 32]).fingerprint(&other.key, &value(2));
    look(&mut book, &seen(vec![other.clone()]), &when("2026-03-03"));
    assert_eq!(urgency(&book, &seen(vec![other]), "2026-03-03"), (1, Urgency::Fresh));
}

#[test]
fn a_clock_that_went_back_is_seen_and_no_age_is_negative() {
    let mut book = book_of(&[("2026-03-01", 1)]);
    let before = book.entries.clone();
    assert_eq!(look(&mut book, &one(1), &when("2026-01-01")), [Surprise::ClockBack(day("2026-03-01"))]);
    assert_eq!(book.entries, before);
    assert_eq!(book.last_look, Some(day("2026-03-01")));
    assert_eq!(urgency(&book, &one(1), "2026-01-01").0, 0);
}

/// One look with a clock that is ahead, a rotation on that day, and the right day again.
#[test]
fn a_clock_that_was_ahead_is_put_right() {
    let mut book = book_of(&[("2026-01-01", 1), ("2026-03-01", 1), ("2099-01-01", 1)]);
    promote(&mut book, 0, one(2).secrets[0].fingerprint, &when("2099-01-01"));
    assert_eq!(look(&mut book.clone(), &one(2), &when("2026-03-10")), [Surprise::ClockBack(day("2099-01-01"))]);
    accept_clock(&mut book, &when("2026-03-10"));
    assert_eq!(look(&mut book, &one(2), &when("2026-03-10")), []);
    // When the clock was put ahead is not known: the new value is as old as the last day that the book still has.
    assert_eq!(book.entries[0].value(ValueState::Current).unwrap().since, day("2026-01-01"));
    assert_eq!(book.entries[0].first_seen, day("2026-01-01"));
    assert_eq!((book.last_look, book.entries[0].last_seen), (Some(day("2026-03-10")), day("2026-03-10")));
    // Where the clock was right, nothing changes.
    let before = book.clone();
    accept_clock(&mut book, &when("2026-03-11"));
    assert_eq!(book, before);
}

#[test]
fn a_renamed_file_keeps_its_ages() {
    for number in [1, 0] {
        let mut book = book_of(&[("2026-01-01", number)]);
        look(&mut book, &seen(vec![sighting("config/.env", KEY, number)]), &when("2026-03-01"));
        assert_eq!(book.entries.len(), 1);
        assert_eq!(book.entries[0].file, RelPath::from("config/.env"));
        assert_eq!(book.entries[0].values[0].since, day("2026-01-01"));
        assert!(events(&book).contains(&What::Moved));
    }
}

#[test]
fn a_copied_value_is_as_old_as_the_first_one() {
    let mut book = book_of(&[("2026-01-01", 1)]);
    let both = seen(vec![sighting(".env", KEY, 1), sighting("worker/.env", KEY, 1)]);
    look(&mut book, &both, &when("2026-03-01"));
    assert_eq!(book.entries.len(), 2);
    assert_eq!(book.entries[1].values[0].since, day("2026-01-01"));
}

#[test]
fn a_new_key_counts_from_the_look_before() {
    let mut book = book_of(&[("2026-01-01", 1)]);
    let mut new = sighting(".env", "REDIS_PASSWORD", 2);
    new.since = Some((day("2026-02-20"), Basis::FileTime));
    look(&mut book, &seen(vec![sighting(".env", KEY, 1), new]), &when("2026-03-01"));
    let held = &book.entries[1].values[0];
    assert_eq!((held.since, held.basis), (day("2026-01-01"), Basis::Observed));
}

#[test]
fn what_is_gone_is_kept_and_comes_back_as_old_as_it_was() {
    let mut book = book_of(&[("2026-01-01", 1)]);
    look(&mut book, &Sightings::default(), &when("2026-02-01"));
    assert_eq!(book.entries[0].gone, Some(day("2026-02-01")));
    assert_eq!(statuses(&book, &Sightings::default(), day("2026-02-01")), []);
    look(&mut book, &one(1), &when("2026-03-01"));
    assert_eq!((book.entries[0].gone, urgency(&book, &one(1), "2026-03-01").0), (None, 59));
    // With another value it was made some time since it was last there.
    let mut book = book_of(&[("2026-01-01", 1)]);
    look(&mut book, &Sightings::default(), &when("2026-02-01"));
    look(&mut book, &one(2), &when("2026-03-01"));
    assert_eq!(book.entries[0].value(ValueState::Current).unwrap().since, day("2026-01-01"));
}

#[test]
fn what_could_not_be_read_is_not_gone() {
    for unread in [".env", ""] {
        let mut book = book_of(&[("2026-01-01", 1)]);
        let nothing = Sightings { unread: [RelPath::from(unread)].into(), ..Sightings::default() };
        look(&mut book, &nothing, &when("2026-02-01"));
        assert_eq!(book.entries[0].gone, None);
        let status = &statuses(&book, &nothing, day("2026-02-01"))[0];
        assert!(status.reasons.contains(&Reason::Unread));
        assert_eq!(status.age, 31);
    }
}

#[test]
fn urgency_by_age() {
    let book = book_of(&[("2026-01-01", 1)]);
    let table = [
        ("2026-03-31", 89, Urgency::Fresh),
        ("2026-04-01", 90, Urgency::Due),
        ("2026-06-29", 179, Urgency::Due),
        ("2026-06-30", 180, Urgency::Overdue),
    ];
    for (today, age, expected) in table {
        assert_eq!(urgency(&book, &one(1), today), (age, expected));
    }
    let status = &statuses(&book, &one(1), day("2026-01-01"))[0];
    assert_eq!((status.soft_due, status.hard_due), (day("2026-04-01"), day("2026-06-30")));
}

#[test]
fn what_is_exposed_is_due_at_once_and_no_longer_than_it_is() {
    let book = book_of(&[("2026-01-01", 1)]);
    let mut tracked = one(1);
    tracked.secrets[0].exposed = Some(Exposed::Tracked);
    assert_eq!(urgency(&book, &tracked, "2026-01-02"), (1, Urgency::Exposed));
    assert_eq!(statuses(&book, &tracked, day("2026-01-02"))[0].hard_due, day("2026-01-02"));
    assert_eq!(urgency(&book, &one(1), "2026-01-02"), (1, Urgency::Fresh));
    let mut loose = one(1);
    loose.secrets[0].reasons.push(Reason::Mode(0o644));
    let status = &statuses(&book, &loose, day("2026-01-02"))[0];
    assert_eq!((status.urgency, &status.reasons[..]), (Urgency::Fresh, &[Reason::Mode(0o644)][..]));
    // A confirmed incident ends with the value.
    let mut book = book;
    book.incident(&RelPath::from(".env"), &key(KEY), &when("2026-01-03"), "a laptop was stolen").unwrap();
    assert_eq!(urgency(&book, &one(1), "2026-01-04").1, Urgency::Exposed);
    look(&mut book, &one(2), &when("2026-01-05"));
    assert_eq!(urgency(&book, &one(2), "2026-01-05").1, Urgency::Fresh);
}

#[test]
fn a_pending_value_put_in_by_hand_is_the_current_one() {
    let mut book = book_of(&[("2026-01-01", 1)]);
    let pending = sighting(".env", KEY, 2).fingerprint;
    let since = (day("2026-03-01"), Basis::Rotated);
    book.entries[0].values.push(crate::ledger::Held::new(ValueState::Pending, pending, since, "ada"));
    let rows = statuses(&book, &one(1), day("2026-03-01"));
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [ValueState::Pending, ValueState::Current]);
    assert_eq!(rows[1].urgency, Urgency::Fresh, "the pending one is no newer value yet");
    look(&mut book, &one(2), &when("2026-03-05"));
    let held = book.entries[0].value(ValueState::Current).unwrap();
    assert_eq!((held.since, held.basis, held.rotated), (since.0, Basis::Rotated, Some(day("2026-03-05"))));
    // The one before may still be accepted somewhere.
    let rows = statuses(&book, &one(2), day("2026-03-05"));
    let rows: Vec<_> = rows.iter().map(|row| (row.state, row.age, row.urgency)).collect();
    assert_eq!(rows, [(ValueState::Retiring, 63, Urgency::Fresh), (ValueState::Current, 4, Urgency::Fresh)]);
}

/// So many secrets, all under the same key, each in a file of its own below this directory.
fn many(dir: &str, count: usize) -> Sightings {
    let name = |at: usize| format!("{dir}{at}/.env");
    seen((0..count).map(|at| sighting(&name(at), KEY, u8::try_from(at % 250).unwrap() + 1)).collect())
}

/// Eight times as many secrets are no more than nine times as much work: where they are new, where they are known, where
/// all of them moved, and where they were made just now.
#[test]
fn a_look_takes_as_much_work_as_there_are_secrets() {
    let steps = |count: usize| {
        let mut book = Book::default();
        let first = work::steps(|| look(&mut book, &many("a", count), &when("2026-01-01")));
        let again = work::steps(|| look(&mut book, &many("a", count), &when("2026-01-02")));
        let moved = work::steps(|| look(&mut book, &many("b", count), &when("2026-01-03")));
        assert_eq!(book.entries.len(), count);
        assert_eq!(events(&book).iter().filter(|what| **what == What::Moved).count(), count);
        let made_now = work::steps(|| {
            let mut places = crate::ledger::Places::of(&book);
            for secret in many("c", count).secrets {
                let made_now = Made {
                    environment: secret.environment,
                    file: secret.file,
                    key: secret.key,
                    class: secret.class,
                    limits: secret.limits,
                    fingerprint: secret.fingerprint,
                    since: day("2026-01-04"),
                };
                made(&mut book, &mut places, &made_now, &when("2026-01-04"), "init");
            }
        });
        let shown = work::steps(|| statuses(&book, &many("b", count), day("2026-01-05")));
        let ages = work::steps(|| Ages::of(&book, &many("b", count), &when("2026-01-05"), day("2026-01-05")));
        [first, again, moved, made_now, shown, ages]
    };
    let (few, more) = (steps(100), steps(800));
    assert!(few.iter().zip(&more).all(|(few, more)| *more <= few * 9), "{few:?} {more:?}");
}

/// The same value of the same key elsewhere is as old as it was there, also where both were seen in one look.
#[test]
fn the_oldest_age_of_a_value_counts_wherever_it_stands() {
    let mut book = Book::default();
    look(&mut book, &seen(vec![sighting("a/.env", KEY, 1), sighting("b/.env", KEY, 2)]), &when("2026-01-01"));
    let now = [("a/.env", 1), ("b/.env", 1), ("c/.env", 2), ("d/.env", 3), ("e/.env", 3)];
    let now = seen(now.map(|(file, number)| sighting(file, KEY, number)).into());
    look(&mut book, &now, &when("2026-02-01"));
    let since: Vec<String> = ["a/.env", "b/.env", "c/.env", "d/.env", "e/.env"]
        .map(|file| book.find(&RelPath::from(file), &key(KEY)).unwrap())
        .map(|index| book.entries[index].value(ValueState::Current).unwrap().since.to_string())
        .into();
    // What was not there at the look before came since.
    assert_eq!(since, ["2026-01-01"; 5]);
}
