//! The hashes of passwords and keys in an env file: what is wrong with them, and what readers make of them.

use super::ProjectFile;
use crate::env::names::Role;
use crate::env::{Assignment, Document, Dollar, Quote};
use crate::secret::class::{self, Class, HashFlaw, hash_flaw, hash_part, is_hash, is_hash_like};
use crate::secret::placeholder;

/// How a hash fares with the readers of env files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// All read it alike.
    Kept,
    /// Docker's own reader keeps the quotes around it, and dotenv-expand expands its `$`.
    Quoted,
    /// Compose and others expand its `$`.
    Rewritten,
    /// Each `$` is doubled: Compose halves them, and gets the hash. Other readers keep both.
    Doubled,
    /// Each `$` is doubled, and no reader halves them between single quotes.
    StaysDoubled,
}

/// One assignment that holds a hash.
#[derive(Debug)]
pub struct FoundHash<'a> {
    /// The assignment.
    pub assignment: &'a Assignment,
    /// What readers make of it.
    pub fate: Fate,
    /// What is wrong with it as it is written.
    pub flaw: Option<HashFlaw>,
}

/// The same by the index of the assignment, to be kept.
#[derive(Debug)]
pub(super) struct HashAt {
    index: usize,
    fate: Fate,
    flaw: Option<HashFlaw>,
}

impl ProjectFile {
    /// The hashes of a file in use.
    pub fn hashes(&self) -> impl Iterator<Item = FoundHash<'_>> {
        let document = self.document.as_ref().filter(|_| self.role == Role::Env);
        // Four checks ask.
        let hashes = document.map(|document| self.hashes.get_or_init(|| all(document))).into_iter().flatten();
        let assignments = document.map(Document::assignments).unwrap_or_default();
        hashes.filter_map(|hash| {
            let assignment = assignments.get(hash.index)?;
            Some(FoundHash { assignment, fate: hash.fate, flaw: hash.flaw })
        })
    }

    /// Whether a file in use holds a hash, or what is named as one.
    #[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
    #[must_use]
    pub fn holds_hash(&self) -> bool {
        let Some(document) = self.document.as_ref().filter(|_| self.role == Role::Env) else { return false };
        self.assignments().any(|(_, assignment)| {
            let (name, value) = (document.name(assignment), assignment.value.expose());
            let named = || class::of(std::str::from_utf8(name).ok()?, value);
            is_hash(value) || !value.is_empty() && named() == Some(Class::Hash)
        })
    }
}

fn all(document: &Document) -> Vec<HashAt> {
    let of = |(index, assignment)| found(document, assignment).map(|(fate, flaw)| HashAt { index, fate, flaw });
    document.assignments().iter().enumerate().filter_map(of).collect()
}

/// What is named as the hash of a password or a key, is filled, and is none.
#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn unknown(document: &Document, assignment: &Assignment) -> Option<(Fate, Option<HashFlaw>)> {
    let (name, value) = (document.name(assignment), assignment.value.expose());
    let is_named = class::of(std::str::from_utf8(name).ok()?, value) == Some(Class::Hash);
    let is_open = value.is_empty() || placeholder::of(value).is_some() || assignment.dollar == Dollar::Reference;
    let is_none = is_named && !is_open && !is_hash_like(value);
    is_none.then_some((Fate::Kept, Some(HashFlaw::Unknown)))
}

#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn found(document: &Document, assignment: &Assignment) -> Option<(Fate, Option<HashFlaw>)> {
    let (written, value) = (document.written(assignment), assignment.value.expose());
    // What was meant: `$$` is how Compose is told to leave a `$` alone, and then its value is the hash.
    let doubled = hash_part(written.trim_ascii()).starts_with(b"$$") && is_hash(written);
    let halved = doubled && is_halved(written, value);
    let hash: &[u8] = match () {
        () if halved => value,
        () if doubled => &[],
        () if is_hash(written) => written,
        () if is_hash(value) => value,
        () => return unknown(document, assignment),
    };
    let fate = match assignment.dollar {
        _ if doubled && assignment.quote == Quote::Single => Fate::StaysDoubled,
        _ if halved => Fate::Doubled,
        _ if !written.contains(&b'$') => Fate::Kept,
        Dollar::AsWritten if assignment.quote == Quote::Single => Fate::Quoted,
        Dollar::AsWritten => Fate::Kept,
        Dollar::Rewritten | Dollar::Reference => Fate::Rewritten,
    };
    Some((fate, hash_flaw(hash)))
}

/// Whether a value is what was written with each pair of `$` halved, and nothing else changed.
fn is_halved(written: &[u8], value: &[u8]) -> bool {
    let mut halved = Vec::with_capacity(written.len());
    let mut bytes = written.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'$' && bytes.next_if_eq(&b'$').is_none() {
            return false;
        }
        halved.push(byte);
    }
    halved == value
}
