//! What a look changes in the book.
//!
//! Every doubt makes a value older, never younger. A value that is another one than at the look before was made some
//! time since that look: its age counts from there. Where the same value of the same key is known already, wherever,
//! its older age counts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::known::{Free, Known, is_within};
use super::sighting::{Sighting, Sightings};
use crate::env::Key;
use crate::ledger::{Basis, Book, Entry, Event, Fingerprint, Held, Places, ValueState, What, When};
use crate::path::RelPath;

/// The version whose judgement of weak and strong is compared.
const JUDGE: &str = env!("CARGO_PKG_VERSION");

/// Something about the ledger as a whole that should not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Surprise {
    /// An env file with secrets in use is not there any more, since this day.
    Vanished(RelPath, Date),
    /// The clock went back: the day of the last look, which is after today.
    ClockBack(Date),
    /// The key of the fingerprints is another one than at the look before: changes since then are not known.
    KeyLost,
}

/// Takes a look down. Where the clock went back, nothing but that is seen: the look is counted to the day of the last
/// one, and the caller must not keep it.
pub fn look(book: &mut Book, seen: &Sightings, when: &When) -> Vec<Surprise> {
    let mut surprises = Vec::new();
    let mut when = when.clone();
    if let Some(last) = book.last_look.filter(|last| *last > when.day) {
        surprises.push(Surprise::ClockBack(last));
        when.day = last;
    }
    let mut known = Known::of(book);
    let moves = moves(book, seen, &known.places);
    let mut present = BTreeSet::new();
    for (secret, moved) in seen.secrets.iter().zip(moves) {
        let there = known.places.find(&secret.file, &secret.key);
        let index = match there.or(moved) {
            Some(index) => {
                if let Some(entry) = book.entries.get_mut(index).filter(|_| there.is_none()) {
                    entry.file = secret.file.clone();
                    book.note(index, None, What::Moved, &when, None);
                }
                compare(book, index, secret, &known, &when);
                index
            }
            None => add(book, secret, &known, &when),
        };
        update(book, index, secret, &when);
        known.places.add(&secret.file, &secret.key, index);
        if let Some(current) = book.entries.get(index).and_then(|entry| entry.value(ValueState::Current)) {
            known.add(&secret.key, current);
        }
        present.insert(index);
    }
    leave(book, &present, seen, &when);
    let is_lost = |event: &Event| event.what == What::KeyLost;
    if book.events.iter().any(is_lost) {
        surprises.push(Surprise::KeyLost);
    }
    book.last_look = Some(when.day);
    surprises
}

/// The files that had secrets and are not there any more: of those that are needed, the first day without them.
#[must_use]
pub fn vanished(book: &Book, is_needed: &dyn Fn(&RelPath) -> bool) -> Vec<Surprise> {
    let mut gone: BTreeMap<&RelPath, Option<Date>> = BTreeMap::new();
    for entry in &book.entries {
        let day = gone.entry(&entry.file).or_insert(entry.gone);
        *day = day.and_then(|day| Some(day.min(entry.gone?)));
    }
    let needed = gone.into_iter().filter(|(file, day)| day.is_some() && is_needed(file));
    needed.filter_map(|(file, day)| Some(Surprise::Vanished(file.clone(), day?))).collect()
}

/// For each secret that has no entry at its place: the entry of the same key and value whose file holds it no more.
/// Of a weak value only the key is known; to take the older age is to err on the safe side.
fn moves(book: &Book, seen: &Sightings, known: &Places) -> Vec<Option<usize>> {
    let places: BTreeSet<(&RelPath, &Key)> = seen.secrets.iter().map(|secret| (&secret.file, &secret.key)).collect();
    let is_free = |entry: &Entry| !places.contains(&(&entry.file, &entry.key)) && !is_within(&seen.unread, &entry.file);
    let mut free = Free::of(book, &is_free);
    let moved = |secret: &Sighting| match known.find(&secret.file, &secret.key) {
        Some(_) => None,
        None => free.take(&secret.key, secret.fingerprint),
    };
    seen.secrets.iter().map(moved).collect()
}

/// A secret without an entry.
fn add(book: &mut Book, secret: &Sighting, known: &Known, when: &When) -> usize {
    // After the first look, what was not there then came since.
    let since_look = book.last_look.map(|day| (day, Basis::Observed));
    let said = match (secret.since, since_look) {
        (Some((day, Basis::GitHistory)), _) => Some((day, Basis::GitHistory)),
        (said, since_look) => said.into_iter().chain(since_look).min(),
    };
    let found = (when.day, Basis::FirstSeen);
    let since = said.map_or(found, |said| if said.0 <= when.day { said } else { found });
    let since = known.older(&secret.key, secret.fingerprint, since);
    let place = (secret.environment, secret.file.clone(), secret.key.clone());
    let mut entry = Entry::new(place, secret.class, secret.limits, when.day);
    entry.values.push(Held::new(ValueState::Current, secret.fingerprint, since, &when.by));
    book.entries.push(entry);
    let index = book.entries.len() - 1;
    book.note(index, Some(ValueState::Current), What::FirstSeen, when, None);
    index
}

/// How the value seen stands to the one kept.
enum Relation {
    Same,
    Changed,
    /// It cannot be told.
    Unknown,
}

fn relation(held: &Held, seen: Option<&Fingerprint>) -> Relation {
    match (&held.fingerprint, seen) {
        (Some(kept), Some(seen)) if !kept.is_comparable(seen) => Relation::Unknown,
        (Some(kept), Some(seen)) if kept != seen => Relation::Changed,
        (Some(_), Some(_)) | (None, None) => Relation::Same,
        // From weak to strong, or back: another value, if one judge said both.
        _ if held.judge == JUDGE => Relation::Changed,
        _ => Relation::Unknown,
    }
}

/// Records whether an entry has another value than before.
fn compare(book: &mut Book, index: usize, secret: &Sighting, known: &Known, when: &When) {
    let Some(entry) = book.entries.get_mut(index) else { return };
    let since = (entry.last_seen, Basis::Observed);
    let Some(current) = entry.value_mut(ValueState::Current) else {
        entry.values.push(Held::new(ValueState::Current, secret.fingerprint, since, &when.by));
        return book.note(index, Some(ValueState::Current), What::Observed, when, None);
    };
    match relation(current, secret.fingerprint.as_ref()) {
        Relation::Same => {}
        Relation::Unknown => {
            let is_key = current.fingerprint.is_some() && secret.fingerprint.is_some();
            current.fingerprint = secret.fingerprint;
            current.unsure = true;
            if is_key {
                book.note(index, Some(ValueState::Current), What::KeyLost, when, None);
            }
        }
        Relation::Changed => {
            current.state = ValueState::Retired;
            let since = known.older(&secret.key, secret.fingerprint, since);
            let what = replace(book, index, secret, since, when).unwrap_or(What::Observed);
            book.note(index, Some(ValueState::Current), what, when, None);
        }
    }
}

/// Makes the value that was seen the current one: the pending one, an earlier one, or one that was never seen before.
fn replace(book: &mut Book, index: usize, secret: &Sighting, since: (Date, Basis), when: &When) -> Option<What> {
    let entry = book.entries.get_mut(index)?;
    let same = |held: &&mut Held| secret.fingerprint.is_some() && held.fingerprint == secret.fingerprint;
    let Some(held) = entry.values.iter_mut().rfind(same) else {
        entry.values.push(Held::new(ValueState::Current, secret.fingerprint, since, &when.by));
        return Some(What::Observed);
    };
    if !matches!(held.state, ValueState::Pending | ValueState::Abandoned) {
        held.state = ValueState::Current;
        return Some(What::ChangedBack);
    }
    // Somebody put the value that envward made into the file by hand, or a rotation was killed after its last write:
    // whether the old value is refused, nobody has said.
    held.state = ValueState::Current;
    held.rotated = Some(when.day);
    if let Some(old) = entry.values.iter_mut().rfind(|held| held.state == ValueState::Retired) {
        old.state = ValueState::Retiring;
    }
    Some(What::Promoted)
}

/// What this look says about an entry besides its value.
fn update(book: &mut Book, index: usize, secret: &Sighting, when: &When) {
    let Some(entry) = book.entries.get_mut(index) else { return };
    entry.environment = secret.environment;
    entry.class = secret.class;
    entry.limits = secret.limits;
    entry.last_seen = when.day;
    if let Some(current) = entry.value_mut(ValueState::Current) {
        JUDGE.clone_into(&mut current.judge);
    }
    if entry.gone.take().is_some() {
        book.note(index, None, What::Returned, when, None);
    }
}

/// The entries that are not there any more.
fn leave(book: &mut Book, present: &BTreeSet<usize>, seen: &Sightings, when: &When) {
    for index in 0..book.entries.len() {
        let Some(entry) = book.entries.get_mut(index) else { continue };
        if !present.contains(&index) && entry.gone.is_none() && !is_within(&seen.unread, &entry.file) {
            entry.gone = Some(when.day);
            book.note(index, None, What::Gone, when, None);
        }
    }
}
