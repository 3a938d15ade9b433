//! Values that were in use where new ones are about to be made: a database keeps the old password, and what an old key
//! encrypted only that key reads.

use std::path::PathBuf;

use super::ledger;
use super::survey;
use crate::class::Class;
use crate::cmd::locate;
use crate::env::Key;
use crate::error::Error;
use crate::ledger::{Book, Ledger as _, ValueState};
use crate::path::RelPath;
use crate::report::mask::Mask;
use crate::system::System;

/// Fails where the ledger knows that one of these keys of these env files (absolute paths), which have no value now, had
/// one that cannot be replaced without a word. Without a ledger that can be read nothing is known.
pub(in crate::cmd) fn none_in_use(
    files: &[(PathBuf, Vec<Key>)],
    again: &'static str,
    system: &System,
) -> Result<(), Error> {
    let mut known = Vec::new();
    for (file, keys) in files {
        let Some((book, below)) = book(file, system) else { continue };
        let was_in_use = |key: &&Key| book.find(&below, key).is_some_and(|index| is_kept_elsewhere(&book, index));
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

/// What the ledger knows of the project that a file is in, which may be gone, and the file's path there.
fn book(file: &std::path::Path, system: &System) -> Option<(Book, RelPath)> {
    let located = locate::project(file.parent(), system).ok()?;
    let (kept, _) = ledger::existing(&located.root, system).ok()??;
    let config = locate::configuration(&located.root, None, system).ok()?;
    let name = survey::name(&located.root, &config, &Mask::new(Vec::new())).ok()?;
    Some((kept.read(&name).ok()??, RelPath::below(&located.root, file)?))
}
