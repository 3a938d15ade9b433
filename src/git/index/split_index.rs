//! The entries of an index that does not stand in one file: a split one names the entries of a shared index that it
//! replaces or takes away (gitformat-index, "Split index"), a sparse one has whole directories as trees ("Sparse
//! directory entries").

use std::collections::BTreeMap;
use std::path::Path;

use super::{Care, DIRECTORY, Entry, Index, IndexFault, broken, ewah, open};
use crate::git::Oid;
use crate::git::index::entries::IndexEntry;
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::object::tree;
use crate::path::RelPath;
use crate::problem::Problem;

/// More files than this are in no work tree: a few kilobytes of trees that name each other stand for more.
const MOST: usize = 5_000_000;
/// Deeper directories than these are in no file system: Linux takes paths of 4,096 bytes.
const DEEPEST: usize = 2048;

/// All entries, in the order of their paths and stages.
pub(super) fn entries(index: &Index, git_dir: &Path, objects: &dyn Objects) -> Result<Vec<IndexEntry>, Problem> {
    let own = plain(index)?;
    let joined = match &index.link {
        Some(link) => join(own, link, git_dir, index.id_len)?,
        None => own,
    };
    let mut spread = Spread { objects, found: Vec::with_capacity(joined.len()) };
    for entry in joined {
        match entry.mode {
            DIRECTORY => {
                let path = entry.path.as_bytes().strip_suffix(b"/").ok_or_else(broken)?.to_vec();
                spread.below(entry.blob, &path, 0)?;
            }
            _ => spread.found.push(entry),
        }
    }
    Ok(spread.found)
}

/// The entries as they stand in one file.
fn plain(index: &Index) -> Result<Vec<IndexEntry>, Problem> {
    let mut entries = Vec::new();
    index.each(|entry: Entry<'_>| -> Result<(), Problem> {
        let Entry { mode, stage, intent_to_add, .. } = entry;
        let blob = Oid::from_bytes(entry.blob).ok_or_else(broken)?;
        entries.push(IndexEntry { path: RelPath::new(entry.path), blob, mode, stage, intent_to_add });
        Ok(())
    })?;
    Ok(entries)
}

/// Puts the entries of a split index over those of its shared one. `link`: the shared one's checksum, then which of its
/// entries are gone, then which are replaced by the entries here that have no path, in this order.
fn join(own: Vec<IndexEntry>, link: &[u8], git_dir: &Path, id_len: usize) -> Result<Vec<IndexEntry>, Problem> {
    let (shared, bitmaps) = link.split_at_checked(id_len).ok_or_else(broken)?;
    let shared = Oid::from_bytes(shared).ok_or_else(broken)?;
    if shared.is_zero() {
        return Ok(own);
    }
    let base = shared_index(git_dir, shared, id_len)?;
    let (gone, replaced) = match bitmaps {
        [] => (Vec::new(), Vec::new()),
        bytes => {
            let (gone, rest) = ewah::read(bytes, base.len()).ok_or_else(broken)?;
            (gone, ewah::read(rest, base.len()).ok_or_else(broken)?.0)
        }
    };
    let (nameless, named): (Vec<_>, Vec<_>) = own.into_iter().partition(|entry| entry.path.is_root());
    if nameless.len() != replaced.len() {
        return Err(broken());
    }
    let mut base: Vec<Option<IndexEntry>> = base.into_iter().map(Some).collect();
    for (at, new) in replaced.into_iter().zip(nameless) {
        if let Some(Some(old)) = base.get_mut(at) {
            *old = IndexEntry { path: std::mem::take(&mut old.path), ..new };
        }
    }
    for at in gone {
        base.get_mut(at).into_iter().for_each(|entry| *entry = None);
    }
    let key = |entry: IndexEntry| ((entry.path.clone(), entry.stage), entry);
    let all: BTreeMap<_, _> = base.into_iter().flatten().chain(named).map(key).collect();
    Ok(all.into_values().collect())
}

fn shared_index(git_dir: &Path, checksum: Oid, id_len: usize) -> Result<Vec<IndexEntry>, Problem> {
    let name = format!("sharedindex.{checksum}");
    let index = open(&git_dir.join(&name), RelPath::from(name.as_str()), id_len, Care::Whole)?.ok_or_else(broken)?;
    if !index.is_plain() || index.checksum().map_err(|_: IndexFault| broken())? != checksum.as_bytes() {
        return Err(broken());
    }
    plain(&index)
}

/// Directories being written out.
struct Spread<'a> {
    objects: &'a dyn Objects,
    found: Vec<IndexEntry>,
}

impl Spread<'_> {
    fn below(&mut self, tree: Oid, path: &[u8], depth: usize) -> Result<(), Problem> {
        let content = self.objects.read_as(tree, Kind::Tree).map_err(|fault| fault.at(tree))?;
        for entry in tree::tree_entries(&content, tree.as_bytes().len()) {
            let entry = entry.ok_or_else(|| Fault::Corrupt.at(tree))?;
            if depth > DEEPEST || self.found.len() >= MOST {
                return Err(Fault::TooLarge.at(tree));
            }
            let path = [path, b"/", entry.name].concat();
            if entry.is_directory() {
                self.below(entry.id, &path, depth + 1)?;
                continue;
            }
            let (blob, mode) = (entry.id, entry.mode);
            self.found.push(IndexEntry { path: RelPath::new(path), blob, mode, stage: 0, intent_to_add: false });
        }
        Ok(())
    }
}
