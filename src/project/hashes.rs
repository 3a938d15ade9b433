//! The hashes of passwords and keys in an env file: what is wrong with them, and what readers make of them.

use super::ProjectFile;
use crate::env::names::Role;
use crate::env::{Assignment, Document, Dollar, Quote};
use crate::secret::class::{self, Class, HashFlaw, hash_flaw, is_hash, is_hash_like};
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

impl ProjectFile {
    /// The hashes of a file in use.
    #[must_use]
    pub fn hashes(&self) -> Vec<FoundHash<'_>> {
        let Some(document) = self.document.as_ref().filter(|_| self.role == Role::Env) else { return Vec::new() };
        self.assignments().filter_map(|(_, assignment)| found(document, assignment)).collect()
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

/// What is named as the hash of a password or a key, is filled, and is none.
#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn unknown<'a>(document: &'a Document, assignment: &'a Assignment) -> Option<FoundHash<'a>> {
    let (name, value) = (document.name(assignment), assignment.value.expose());
    let is_named = class::of(std::str::from_utf8(name).ok()?, value) == Some(Class::Hash);
    let is_open = value.is_empty() || placeholder::of(value).is_some() || assignment.dollar == Dollar::Reference;
    let is_none = is_named && !is_open && !is_hash_like(value);
    is_none.then_some(FoundHash { assignment, fate: Fate::Kept, flaw: Some(HashFlaw::Unknown) })
}

#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn found<'a>(document: &'a Document, assignment: &'a Assignment) -> Option<FoundHash<'a>> {
    let (written, value) = (document.written(assignment), assignment.value.expose());
    // What was meant: `$$` is how Compose is told to leave a `$` alone, and then its value is the hash.
    let doubled = written.strip_prefix(b"$").is_some_and(is_hash);
    let hash = match (is_hash(written), is_hash(value)) {
        (true, _) => written,
        (false, true) => value,
        (false, false) if doubled => &[],
        (false, false) => return unknown(document, assignment),
    };
    let fate = match assignment.dollar {
        _ if !written.contains(&b'$') => Fate::Kept,
        Dollar::AsWritten if assignment.quote == Quote::Single => Fate::Quoted,
        Dollar::AsWritten => Fate::Kept,
        Dollar::Rewritten | Dollar::Reference => Fate::Rewritten,
    };
    Some(FoundHash { assignment, fate, flaw: hash_flaw(hash) })
}
