//! What a guided rotation changes in the book. Each can be done again: what was done already stays as it is.

use jiff::civil::Date;

use crate::env::Key;
use crate::environment::Environment;
use crate::ledger::{Basis, Book, Entry, Fingerprint, Held, Places, Proof, ValueState, What, When};
use crate::path::RelPath;
use crate::secret::class::{Class, Limits};

/// A secret whose value envward made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The environment of the file.
    pub environment: Environment,
    /// The file, below the project root.
    pub file: RelPath,
    /// The key.
    pub key: Key,
    /// Its class.
    pub class: Class,
    /// When it is due.
    pub limits: Limits,
    /// The new value's fingerprint; `None` for a weak one.
    pub fingerprint: Option<Fingerprint>,
    /// The day on which the value was made.
    pub since: Date,
}

/// A new value was made and waits. One that waited before is discarded.
pub fn pend(book: &mut Book, index: usize, fingerprint: Option<Fingerprint>, when: &When) {
    let Some(entry) = book.entries.get_mut(index) else { return };
    if let Some(pending) = entry.value_mut(ValueState::Pending) {
        if pending.fingerprint == fingerprint {
            return;
        }
        pending.state = ValueState::Abandoned;
    }
    entry.values.push(Held::new(ValueState::Pending, fingerprint, (when.day, Basis::Rotated), &when.by));
    book.note(index, Some(ValueState::Pending), What::Pending, when, None);
}

/// Whether the value in use is another one than when the value that waits was made: somebody put it into the file since.
/// One that was in use before, and is again, stands where it stood.
#[must_use]
pub fn is_another_than_at_pending(entry: &Entry) -> bool {
    let at = |state| entry.values.iter().rposition(|held| held.state == state);
    let (Some(pending), Some(current)) = (at(ValueState::Pending), at(ValueState::Current)) else { return false };
    let was_in_use = |held: &&Held| !matches!(held.state, ValueState::Pending | ValueState::Abandoned);
    let before = entry.values.iter().take(pending).rfind(was_in_use);
    let fingerprint = entry.values.get(current).and_then(|held| held.fingerprint);
    current > pending && before.is_some_and(|before| before.fingerprint != fingerprint)
}

/// The value that waited is discarded.
pub fn abandon(book: &mut Book, index: usize, when: &When) {
    let pending = book.entries.get_mut(index).and_then(|entry| entry.value_mut(ValueState::Pending));
    if let Some(pending) = pending {
        pending.state = ValueState::Abandoned;
        book.note(index, Some(ValueState::Abandoned), What::Abandoned, when, None);
    }
}

/// The value that waited is in use; the one before is retiring until somebody confirms that it is refused.
pub fn promote(book: &mut Book, index: usize, fingerprint: Option<Fingerprint>, when: &When) {
    let Some(entry) = book.entries.get_mut(index) else { return };
    if entry
        .value(ValueState::Current)
        .is_some_and(|current| current.fingerprint == fingerprint && current.rotated.is_some())
    {
        return;
    }
    retire(entry, ValueState::Retiring);
    let is_it = |held: &&mut Held| held.state == ValueState::Pending && held.fingerprint == fingerprint;
    match entry.values.iter_mut().rfind(is_it) {
        Some(pending) => {
            pending.state = ValueState::Current;
            pending.rotated = Some(when.day);
        }
        None => entry.values.push(made_on(fingerprint, when.day, when)),
    }
    entry.snooze = None;
    book.note(index, Some(ValueState::Current), What::Promoted, when, None);
}

/// Evidence showed that the value in use replaced the one before: `shown` says which evidence, and `missing` which servers
/// have not shown it yet.
pub fn prove(book: &mut Book, index: usize, shown: &str, missing: &[String], when: &When) {
    let current = book.entries.get_mut(index).and_then(|entry| entry.value_mut(ValueState::Current));
    let Some(current) = current else { return };
    let proof = current.proof.get_or_insert_with(|| Proof { day: when.day, kinds: String::new() });
    proof.add(shown, missing);
    book.note(index, Some(ValueState::Current), What::Proven, when, Some(shown));
}

/// The promotion is undone: the value before is in use again, and the new one, with this fingerprint, waits again. A look
/// between the files and this may have seen the old value already.
pub fn roll_back(book: &mut Book, index: usize, new: Option<Fingerprint>, when: &When) {
    let Some(entry) = book.entries.get_mut(index) else { return };
    let Some(held) = in_use(entry, new) else { return };
    (held.state, held.rotated, held.proof) = (ValueState::Pending, None, None);
    if let Some(old) = entry.value_mut(ValueState::Retiring) {
        old.state = ValueState::Current;
    }
    book.note(index, Some(ValueState::Current), What::RolledBack, when, None);
}

/// The same for another key whose value was replaced with it: it has the old value again, and the new one is discarded.
pub fn unmake(book: &mut Book, index: usize, (old, new): (Option<Fingerprint>, Option<Fingerprint>), when: &When) {
    let Some(entry) = book.entries.get_mut(index) else { return };
    let Some(held) = in_use(entry, new) else { return };
    held.state = ValueState::Abandoned;
    if entry.value(ValueState::Current).is_none() {
        let before = entry.values.iter_mut().rfind(|held| held.state == ValueState::Retired && held.fingerprint == old);
        before.into_iter().for_each(|held| held.state = ValueState::Current);
    }
    book.note(index, Some(ValueState::Current), What::RolledBack, when, None);
}

/// The value with a fingerprint that is in use, or was until a look saw the one before in its place.
fn in_use(entry: &mut Entry, fingerprint: Option<Fingerprint>) -> Option<&mut Held> {
    let is_it = |held: &&mut Held| {
        held.fingerprint == fingerprint && matches!(held.state, ValueState::Current | ValueState::Retired)
    };
    entry.values.iter_mut().rfind(is_it).filter(|_| fingerprint.is_some())
}

/// Nothing accepts or uses the old value any more. Whether there was one. `reason` is why nobody proved it.
pub fn confirm(book: &mut Book, index: usize, reason: Option<&str>, when: &When) -> bool {
    let retiring = book.entries.get_mut(index).and_then(|entry| entry.value_mut(ValueState::Retiring));
    let Some(retiring) = retiring else { return false };
    retiring.state = ValueState::Retired;
    book.note(index, Some(ValueState::Retired), What::Confirmed, when, reason);
    true
}

/// A value was made and put into its file at once: by `init`, by `generate`, or under another key by a rotation. `places`
/// are those of the book.
pub fn made(book: &mut Book, places: &mut Places, made: &Made, when: &When, reason: &str) {
    let index = places.find(&made.file, &made.key).unwrap_or_else(|| {
        let place = (made.environment, made.file.clone(), made.key.clone());
        book.entries.push(Entry::new(place, made.class, made.limits, when.day));
        places.add(&made.file, &made.key, book.entries.len() - 1);
        book.entries.len() - 1
    });
    let Some(entry) = book.entries.get_mut(index) else { return };
    let is_it = |current: &&mut Held| current.fingerprint == made.fingerprint && made.fingerprint.is_some();
    let known = entry.value_mut(ValueState::Current).filter(is_it);
    if known.as_ref().is_some_and(|known| known.rotated.is_some()) {
        return;
    }
    let mut held = made_on(made.fingerprint, made.since, when);
    held.reason = Some(reason.to_owned());
    match known {
        // A run that was killed wrote the file, and a look saw the value since.
        Some(known) => {
            (known.since, known.basis, known.rotated) = (held.since, held.basis, held.rotated);
            (known.reason, known.by) = (held.reason, held.by);
        }
        None => {
            retire(entry, ValueState::Retired);
            entry.values.push(held);
        }
    }
    (entry.class, entry.limits, entry.environment) = (made.class, made.limits, made.environment);
    (entry.last_seen, entry.gone, entry.snooze) = (when.day, None, None);
    book.note(index, Some(ValueState::Current), What::Made, when, Some(reason));
}

/// The day from which on a new value's age is counted is the day it was made.
fn made_on(fingerprint: Option<Fingerprint>, since: Date, when: &When) -> Held {
    let mut held = Held::new(ValueState::Current, fingerprint, (since, Basis::Rotated), &when.by);
    held.rotated = Some(when.day);
    held
}

/// The current value is no longer, and what was retiring before it is gone for good.
fn retire(entry: &mut Entry, state: ValueState) {
    if state == ValueState::Retiring {
        while let Some(older) = entry.value_mut(ValueState::Retiring) {
            older.state = ValueState::Retired;
        }
    }
    if let Some(current) = entry.value_mut(ValueState::Current) {
        current.state = state;
    }
}
