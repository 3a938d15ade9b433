//! Values that were in use where new ones are about to be made: a database keeps the old password, and what an old key
//! encrypted only that key reads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{ledger, survey};
use crate::engine::locate;
use crate::env::Key;
use crate::error::Error;
use crate::ledger::{Book, Ledger as _, Places, ValueState};
use crate::path::RelPath;
use crate::secret::class::Class;
use crate::secret::mask::Mask;
use crate::system::System;

/// Fails where the ledger knows that one of these keys of these env files (absolute paths), which have no value now, had
/// one that cannot be replaced without a word. Without a ledger that can be read nothing is known.
pub(crate) fn none_in_use(files: &[(PathBuf, Vec<Key>)], again: &'static str, system: &System) -> Result<(), Error> {
    let (mut known, mut books) = (Vec::new(), BTreeMap::new());
    for (file, keys) in files.iter().filter(|(_, keys)| !keys.is_empty()) {
        let Ok(located) = locate::project(file.parent(), system) else { continue };
        let book = books.entry(located.root.clone()).or_insert_with(|| book(&located.root, system));
        let (Some((book, places)), Some(below)) = (book, RelPath::below(&located.root, file)) else { continue };
        let was_in_use = |key: &&Key| places.find(&below, key).is_some_and(|index| is_kept_elsewhere(book, index));
        known.extend(keys.iter().filter(was_in_use).map(|key| (file.clone(), key.clone())));
    }
    if known.is_empty() { Ok(()) } else { Err(Error::InUseBefore(known, again)) }
}

fn is_kept_elsewhere(book: &Book, index: usize) -> bool {
    book.entries.get(index).is_some_and(|entry| {
        let is_stored = matches!(entry.class, Class::DatabasePassword | Class::EncryptionKey);
        is_stored && entry.value(ValueState::Current).is_some()
    })
}

/// What the ledger knows of a project.
fn book(root: &Path, system: &System) -> Option<(Book, Places)> {
    let (kept, _) = ledger::existing(root, system).ok()??;
    let config = locate::configuration(root, None, system).ok()?;
    let name = survey::name(root, &config, &Mask::new(Vec::new())).ok()?;
    let book = kept.read(&name).ok()??;
    let places = Places::of(&book);
    Some((book, places))
}
