//! The hashes of passwords and keys in an env file: what is wrong with them, and what readers make of them.

use super::ProjectFile;
use crate::class::{HashFlaw, hash_flaw, is_hash};
use crate::env::names::Role;
use crate::env::{Assignment, Document, Dollar, Quote};

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
        (false, false) => return None,
    };
    let fate = match assignment.dollar {
        _ if !written.contains(&b'$') => Fate::Kept,
        Dollar::AsWritten if assignment.quote == Quote::Single => Fate::Quoted,
        Dollar::AsWritten => Fate::Kept,
        Dollar::Rewritten | Dollar::Reference => Fate::Rewritten,
    };
    Some(FoundHash { assignment, fate, flaw: hash_flaw(hash) })
}
