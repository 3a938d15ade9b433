//! The index against HEAD.

use super::objects::{self, Objects};
use super::{IndexEntry, Oid};
use crate::path::RelPath;
use crate::problem::Problem;

/// What the index does to a path, seen from HEAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// HEAD does not have it (also the first commit, and a rename's new name).
    Added,
    /// HEAD has another content.
    Modified,
    /// The same content.
    Unchanged,
}

/// One entry of the index, compared with HEAD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Its path.
    pub path: RelPath,
    /// Its blob.
    pub blob: Oid,
    /// HEAD's blob at that path.
    pub head: Option<Oid>,
    /// Its mode.
    pub mode: u32,
    /// What it does.
    pub change: Change,
}

/// Compares each entry with HEAD's tree, `None` before the first commit. What is only meant to be added is left out.
pub(super) fn compare(
    objects: &dyn Objects,
    head: Option<Oid>,
    entries: Vec<IndexEntry>,
) -> Result<Vec<Staged>, Problem> {
    let entries = entries.into_iter().filter(|entry| !entry.intent_to_add);
    entries.map(|entry| compared(objects, head, entry)).collect()
}

fn compared(objects: &dyn Objects, head: Option<Oid>, entry: IndexEntry) -> Result<Staged, Problem> {
    let found = match head {
        Some(tree) => objects::entry_at(objects, tree, entry.path.as_bytes())?,
        None => None,
    };
    let head = found.filter(|(_, mode)| objects::is_file_mode(*mode)).map(|(id, _)| id);
    let change = match head {
        None => Change::Added,
        Some(id) if id == entry.blob => Change::Unchanged,
        Some(_) => Change::Modified,
    };
    Ok(Staged { path: entry.path, blob: entry.blob, head, mode: entry.mode, change })
}
