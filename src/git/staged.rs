//! The index against HEAD.

use super::Oid;
use crate::path::RelPath;

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
