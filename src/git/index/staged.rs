//! The index against HEAD: what a commit would change.
//!
//! Where git's own record of a directory's tree (the index's `TREE` extension) is HEAD's tree, nothing below it is
//! examined: of a hundred thousand entries a few directories remain.

use std::collections::HashMap;

use crate::git::Oid;
use crate::git::index::{CacheTree, Entry};
use crate::git::object::read::Objects;
use crate::git::object::tree::{self, Tree};
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

/// Takes for unchanged what another parent of the commit has, too; `theirs` is what differs from that one.
pub(in crate::git) fn without_common(changes: &mut [Staged], theirs: Vec<Staged>) {
    let theirs: HashMap<RelPath, Change> = theirs.into_iter().map(|entry| (entry.path, entry.change)).collect();
    for entry in changes {
        if theirs.get(&entry.path).is_none_or(|change| *change == Change::Unchanged) {
            entry.change = Change::Unchanged;
        }
    }
}

/// Compares entries, which come in the order of their paths, with a tree.
pub(in crate::git) struct Comparer<'a> {
    objects: &'a dyn Objects,
    trees: &'a CacheTree<'a>,
    /// The directories that the last entry is in, the top first.
    open: Vec<Open<'a>>,
    /// A directory that is HEAD's, with the slash behind it, and how many entries of it are to come.
    same: (Vec<u8>, u64),
}

/// A directory that is not HEAD's.
struct Open<'a> {
    /// Its path with the slash behind it.
    path: Vec<u8>,
    /// HEAD's; empty where it has no such directory.
    head: Tree,
    children: HashMap<&'a [u8], usize>,
}

impl<'a> Comparer<'a> {
    /// For the entries of an index with this record, and a tree; `None` before the first commit.
    pub(in crate::git) fn new(
        objects: &'a dyn Objects,
        trees: &'a CacheTree<'a>,
        head: Option<Oid>,
    ) -> Result<Self, Problem> {
        let mut comparer = Self { objects, trees, open: Vec::new(), same: (Vec::new(), 0) };
        if comparer.enter(Vec::new(), Some(0), head)? {
            // For entries beyond those of the record, should there be any.
            comparer.open.push(Open { path: Vec::new(), head: Tree::new(), children: HashMap::new() });
        }
        Ok(comparer)
    }

    /// Whether the entry is in a directory that is HEAD's. Each is asked for once.
    pub(in crate::git) fn is_same(&mut self, entry: &Entry<'_>) -> bool {
        let is_same = self.same.1 > 0 && entry.path.starts_with(&self.same.0);
        self.same.1 -= u64::from(is_same);
        is_same
    }

    /// What an entry of another directory is to HEAD, which has this blob there. Nothing for what is no file, or only
    /// meant to be added.
    pub(in crate::git) fn compare(&mut self, entry: &Entry<'_>) -> Result<Option<(Change, Option<Oid>)>, Problem> {
        // The top stays open.
        while self.open.len() > 1 && self.open.last().is_some_and(|dir| !entry.path.starts_with(&dir.path)) {
            self.open.pop();
        }
        while let Some((name, path)) = self.next_directory(entry.path) {
            let dir = self.open.last();
            let head = dir.and_then(|dir| dir.head.get(name)).filter(|(_, mode)| tree::is_directory_mode(*mode));
            let (head, child) = (head.map(|(id, _)| *id), dir.and_then(|dir| dir.children.get(name)).copied());
            if self.enter(path, child, head)? {
                self.same.1 -= 1;
                return Ok(unchanged(entry));
            }
        }
        if !is_file(entry) {
            return Ok(None);
        }
        let dir = self.open.last();
        let name = entry.path.get(dir.map_or(0, |dir| dir.path.len())..).unwrap_or_default();
        let head = dir.and_then(|dir| dir.head.get(name)).filter(|(_, mode)| tree::are_alike(*mode, entry.mode));
        let head = head.map(|(id, _)| *id);
        let change = match head {
            None => Change::Added,
            Some(id) if id.as_bytes() == entry.blob => Change::Unchanged,
            Some(_) => Change::Modified,
        };
        Ok(Some((change, head)))
    }

    /// The next directory on the way to a path: its name, and its own path with the slash behind it.
    fn next_directory<'p>(&self, path: &'p [u8]) -> Option<(&'p [u8], Vec<u8>)> {
        let above = self.open.last()?.path.len();
        let name = path.get(above..)?;
        let end = memchr::memchr(b'/', name)?;
        Some((name.get(..end)?, path.get(..=above + end)?.to_vec()))
    }

    /// Goes into a directory. Whether it is HEAD's: then the entries below it need no look.
    fn enter(&mut self, path: Vec<u8>, node: Option<usize>, head: Option<Oid>) -> Result<bool, Problem> {
        let record = node.and_then(|at| self.trees.node(at)).and_then(|node| node.tree);
        if let Some((count, _)) = record.filter(|(count, id)| *count > 0 && Some(*id) == head) {
            self.same = (path, count);
            return Ok(true);
        }
        let head = head.map(|id| tree::tree(self.objects, id)).transpose()?.unwrap_or_default();
        let children = node.map(|at| self.trees.children(at)).unwrap_or_default();
        self.open.push(Open { path, head, children });
        Ok(false)
    }
}

/// What an entry of a directory that is HEAD's is to it.
pub(in crate::git) fn unchanged(entry: &Entry<'_>) -> Option<(Change, Option<Oid>)> {
    is_file(entry).then(|| (Change::Unchanged, Oid::from_bytes(entry.blob)))
}

fn is_file(entry: &Entry<'_>) -> bool {
    tree::is_file_mode(entry.mode) && !entry.intent_to_add
}
