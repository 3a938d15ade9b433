//! What a check may know of ages: a look that is not kept.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::sighting::Sightings;
use crate::env::Key;
use crate::ledger::{Book, Places, ValueState, When};
use crate::path::RelPath;
use crate::rotation::due::{SecretStatus, statuses};
use crate::rotation::record_look::look;

/// The ages of a project's secrets, on a day.
pub struct Ages {
    /// How the secrets stand that the ledger knows.
    pub known: Vec<SecretStatus>,
    /// The secrets whose rotation is open: a new value waits, or nobody confirmed that the old one is out of use.
    pub rotating: BTreeSet<(RelPath, Key)>,
    /// The secrets that it does not know yet.
    pub unknown: Vec<(RelPath, Key)>,
    /// The files in which the ledger knows a secret that was in use on the look before.
    pub files: BTreeSet<RelPath>,
}

impl Ages {
    /// What a ledger's book and a look that is not kept say.
    #[must_use]
    pub fn of(book: &Book, seen: &Sightings, when: &When, day: Date) -> Self {
        let mut thought = book.clone();
        look(&mut thought, seen, when);
        let before = book.entries.len();
        let places = Places::of(&thought);
        let is_known = |file: &RelPath, key: &Key| places.find(file, key).is_some_and(|index| index < before);
        let (mut known, mut unknown, mut rotating) = (Vec::new(), Vec::new(), BTreeSet::new());
        for status in statuses(&thought, seen, day) {
            if status.state != ValueState::Current {
                rotating.insert((status.file, status.key));
                continue;
            }
            match is_known(&status.file, &status.key) {
                true => known.push(status),
                false => unknown.push((status.file, status.key)),
            }
        }
        unknown.sort();
        let in_use = book.entries.iter().filter(|entry| entry.value(ValueState::Current).is_some());
        let files = in_use.map(|entry| entry.file.clone()).collect();
        Self { known, rotating, unknown, files }
    }

    /// How the secret stands that is replaced in the place of this one, because it has the same value.
    #[must_use]
    pub fn twin(&self, status: &SecretStatus) -> Option<&SecretStatus> {
        let (file, key) = status.twin()?;
        self.known.iter().find(|one| one.file == *file && one.key == *key)
    }
}
