//! Which entries of trees are asked for.

use std::collections::{BTreeMap, HashSet};

use crate::git::Oid;
use crate::git::object::tree::TreeEntry;
use crate::path::RelPath;
use crate::secret::search::{Needles, Spot};

/// Which entries of trees are asked for.
#[derive(Clone, Copy)]
pub(in crate::git) enum Wanted<'a> {
    /// By a file's name, shown without its directories.
    Named(&'a (dyn Fn(&RelPath) -> bool + Sync)),
    /// By their blob.
    Blobs(&'a HashSet<Oid>),
    /// By the name, of a file or of a directory: then what is below it is not asked for.
    Names(&'a HashSet<Vec<u8>>),
}

/// Judges entries. The same names stand in tree after tree.
pub(super) struct Judge<'a> {
    wanted: Wanted<'a>,
    pub(super) sought: Option<&'a Needles>,
    /// Names that were judged, each in the one slot that it hashes to.
    judged: Vec<(Vec<u8>, bool)>,
    /// The names that have values.
    pub(super) found: BTreeMap<Vec<u8>, Vec<Spot>>,
}

/// How many names are remembered: more than most repositories have.
const JUDGED: usize = 1 << 13;

impl<'a> Judge<'a> {
    pub(super) fn new(wanted: Wanted<'a>, sought: Option<&'a Needles>) -> Self {
        // No entry has an empty name.
        Self { wanted, sought, judged: vec![(Vec::new(), false); JUDGED], found: BTreeMap::new() }
    }

    /// Whether a file is asked for.
    pub(super) fn wants(&mut self, entry: &TreeEntry<'_>) -> bool {
        match self.wanted {
            Wanted::Blobs(blobs) => blobs.contains(&entry.id),
            Wanted::Names(names) => names.contains(entry.name),
            Wanted::Named(wanted) => self.wants_name(entry.name, wanted),
        }
    }

    /// Whether a directory is asked for as such.
    pub(super) fn wants_directory(&self, entry: &TreeEntry<'_>) -> bool {
        matches!(self.wanted, Wanted::Names(names) if names.contains(entry.name))
    }

    /// Whether the name of a directory is one that is asked for of files.
    pub(super) fn look(&mut self, name: &[u8]) -> bool {
        match self.wanted {
            Wanted::Named(wanted) => self.wants_name(name, wanted),
            Wanted::Blobs(_) | Wanted::Names(_) => false,
        }
    }

    fn wants_name(&mut self, name: &[u8], wanted: &(dyn Fn(&RelPath) -> bool + Sync)) -> bool {
        let Some((known, is_wanted)) = self.judged.get_mut(slot(name)) else { return false };
        if known != name {
            let spots = self.sought.map(|needles| needles.spots(name).all).unwrap_or_default();
            if !spots.is_empty() {
                self.found.insert(name.to_vec(), spots);
            }
            known.clear();
            known.extend_from_slice(name);
            *is_wanted = wanted(&RelPath::new(name));
        }
        *is_wanted
    }
}

/// The slot of a name: by its length and its ends, with Fibonacci hashing. Names that share one only cost time.
fn slot(name: &[u8]) -> usize {
    let end = |bytes: Option<&[u8; 8]>| {
        bytes.map_or_else(
            || name.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
            |bytes| u64::from_le_bytes(*bytes),
        )
    };
    let ends = end(name.first_chunk()) ^ end(name.last_chunk()).rotate_left(29) ^ name.len() as u64;
    usize::try_from(ends.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32).unwrap_or(0) % JUDGED
}

/// Whether a name is an object's id, as a note's is (git-notes(1)): the first digits may be directories around it.
pub(super) fn is_number(name: &[u8], id_len: usize) -> bool {
    const MOST_DIRECTORIES: usize = 4;
    let digits = 2 * id_len;
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    name.len() % 2 == 0 && (digits - 2 * MOST_DIRECTORIES..=digits).contains(&name.len()) && name.iter().all(is_digit)
}
