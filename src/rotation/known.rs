//! What a look asks a book for at each secret: where it stands, and how old a value is. Nobody looks through all of it
//! each time.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use crate::env::Key;
use crate::ledger::{Basis, Book, Entry, Fingerprint, Held, Places, ValueState};
use crate::path::RelPath;
use crate::work;

/// What a book says, kept up with it.
pub(super) struct Known {
    pub(super) places: Places,
    /// Of each value that a key has somewhere: the oldest age.
    ages: HashMap<Key, HashMap<Fingerprint, (Date, Basis)>>,
}

impl Known {
    pub(super) fn of(book: &Book) -> Self {
        let mut known = Self { places: Places::of(book), ages: HashMap::new() };
        for entry in &book.entries {
            entry.values.iter().for_each(|held| known.add(&entry.key, held));
        }
        known
    }

    /// Takes in a value.
    pub(super) fn add(&mut self, key: &Key, held: &Held) {
        work::step();
        let Some(fingerprint) = held.fingerprint else { return };
        let age = (held.since, held.basis);
        let known = self.ages.entry(key.clone()).or_default().entry(fingerprint).or_insert(age);
        *known = age.min(*known);
    }

    /// `since`, or the older age of the same value of the same key elsewhere.
    pub(super) fn older(&self, key: &Key, fingerprint: Option<Fingerprint>, since: (Date, Basis)) -> (Date, Basis) {
        let known = fingerprint.and_then(|fingerprint| self.ages.get(key)?.get(&fingerprint)).copied();
        known.map_or(since, |known| known.min(since))
    }
}

/// Entries whose file holds them no more, by key and value.
pub(super) struct Free(HashMap<Key, HashMap<Option<Fingerprint>, Vec<usize>>>);

impl Free {
    pub(super) fn of(book: &Book, is_free: &dyn Fn(&Entry) -> bool) -> Self {
        let mut free = Self(HashMap::new());
        // From behind: the first is taken first.
        for (index, entry) in book.entries.iter().enumerate().rev() {
            work::step();
            let Some(current) = entry.value(ValueState::Current).filter(|_| is_free(entry)) else { continue };
            free.0.entry(entry.key.clone()).or_default().entry(current.fingerprint).or_default().push(index);
        }
        free
    }

    /// One with this value, which is then no longer free.
    pub(super) fn take(&mut self, key: &Key, fingerprint: Option<Fingerprint>) -> Option<usize> {
        self.0.get_mut(key)?.get_mut(&fingerprint)?.pop()
    }
}

/// Whether a file, or a directory that it is in, is among these.
pub(super) fn is_within(paths: &BTreeSet<RelPath>, file: &RelPath) -> bool {
    let mut path = file.clone();
    while !path.is_root() {
        work::step();
        if paths.contains(&path) {
            return true;
        }
        path = path.parent();
    }
    paths.contains(&path)
}
