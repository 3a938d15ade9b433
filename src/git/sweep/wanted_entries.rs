//! Which entries of trees are asked for.

use std::collections::{BTreeMap, HashSet};

use crate::git::Oid;
use crate::git::object::tree::TreeEntry;
use crate::path::RelPath;
use crate::secret::search::{Needles, Spot};

/// Whether a name is asked for.
pub(in crate::git) type ByName<'a> = &'a (dyn Fn(&RelPath) -> bool + Sync);

/// Which entries of trees are asked for.
#[derive(Clone, Copy)]
pub(in crate::git) enum Wanted<'a> {
    /// By a file's name, shown without its directories. The second names other files, which are found but do not count as
    /// wanted.
    Named(ByName<'a>, Option<ByName<'a>>),
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
    judged: Vec<(Vec<u8>, Verdict)>,
    /// The names that have values.
    pub(super) found: BTreeMap<Vec<u8>, Vec<Spot>>,
}

/// What is to be done with an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// It is asked for.
    pub(super) is_wanted: bool,
    /// It is found: it is asked for, or is one of the other files.
    pub(super) is_found: bool,
}

impl From<bool> for Verdict {
    fn from(is_wanted: bool) -> Self {
        Self { is_wanted, is_found: is_wanted }
    }
}

/// How many names are remembered: more than most repositories have.
const JUDGED: usize = 1 << 13;

impl<'a> Judge<'a> {
    pub(super) fn new(wanted: Wanted<'a>, sought: Option<&'a Needles>) -> Self {
        // No entry has an empty name.
        Self { wanted, sought, judged: vec![(Vec::new(), Verdict::default()); JUDGED], found: BTreeMap::new() }
    }

    /// What is to be done with a file.
    pub(super) fn judge(&mut self, entry: &TreeEntry<'_>) -> Verdict {
        match self.wanted {
            Wanted::Blobs(blobs) => blobs.contains(&entry.id).into(),
            Wanted::Names(names) => names.contains(entry.name).into(),
            Wanted::Named(wanted, beside) => self.judge_name(entry.name, wanted, beside),
        }
    }

    /// Whether a directory is asked for as such.
    pub(super) fn wants_directory(&self, entry: &TreeEntry<'_>) -> bool {
        matches!(self.wanted, Wanted::Names(names) if names.contains(entry.name))
    }

    /// Whether the name of a directory is one that is asked for of files.
    pub(super) fn look(&mut self, name: &[u8]) -> bool {
        match self.wanted {
            Wanted::Named(wanted, beside) => self.judge_name(name, wanted, beside).is_wanted,
            Wanted::Blobs(_) | Wanted::Names(_) => false,
        }
    }

    fn judge_name(&mut self, name: &[u8], wanted: ByName<'_>, beside: Option<ByName<'_>>) -> Verdict {
        let Some((known, verdict)) = self.judged.get_mut(slot(name)) else { return Verdict::default() };
        if known != name {
            let spots = self.sought.map(|needles| needles.spots(name).all).unwrap_or_default();
            if !spots.is_empty() {
                self.found.insert(name.to_vec(), spots);
            }
            known.clear();
            known.extend_from_slice(name);
            let path = RelPath::new(name);
            let is_wanted = wanted(&path);
            *verdict = Verdict { is_wanted, is_found: is_wanted || beside.is_some_and(|beside| beside(&path)) };
        }
        *verdict
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
