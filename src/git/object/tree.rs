//! Trees, and the modes of their entries.

use std::collections::HashMap;

use super::Oid;
use super::kind::Kind;
use super::read::{Fault, Objects};
use crate::problem::Problem;

/// One entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) struct TreeEntry<'a> {
    pub(in crate::git) mode: u32,
    pub(in crate::git) name: &'a [u8],
    pub(in crate::git) id: Oid,
}

const TYPE: u32 = 0o170_000;

const DIRECTORY: u32 = 0o040_000;

const REGULAR: u32 = 0o100_000;

const SYMLINK: u32 = 0o120_000;

impl TreeEntry<'_> {
    pub(in crate::git) fn is_directory(&self) -> bool {
        is_directory_mode(self.mode)
    }

    /// A file or a symlink; not a submodule.
    pub(in crate::git) fn is_file(&self) -> bool {
        is_file_mode(self.mode)
    }
}

/// Whether a mode is a file's or a symlink's.
pub(in crate::git) fn is_file_mode(mode: u32) -> bool {
    matches!(mode & TYPE, REGULAR | SYMLINK)
}

/// Whether a mode is a file's.
pub(in crate::git) fn is_regular_mode(mode: u32) -> bool {
    mode & TYPE == REGULAR
}

/// Whether a mode is a directory's.
pub(in crate::git) fn is_directory_mode(mode: u32) -> bool {
    mode & TYPE == DIRECTORY
}

/// Whether two modes are those of the same kind of thing, executable or not.
pub(in crate::git) fn are_alike(one: u32, other: u32) -> bool {
    one & TYPE == other & TYPE
}

/// The entries of a tree: `mode SP name NUL id`, the mode in octal with or without a leading zero. After a malformed
/// one comes a single `None`, and the end.
pub(in crate::git) fn tree_entries(content: &[u8], id_len: usize) -> impl Iterator<Item = Option<TreeEntry<'_>>> {
    let mut rest = content;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let entry = tree_entry(rest, id_len);
        rest = entry.map_or(&[], |(_, tail)| tail);
        Some(entry.map(|(entry, _)| entry))
    })
}

pub(in crate::git) fn tree_entry(bytes: &[u8], id_len: usize) -> Option<(TreeEntry<'_>, &[u8])> {
    let space = bytes.iter().take(8).position(|byte| *byte == b' ').filter(|digits| *digits > 0)?;
    let mode = bytes.get(..space)?.iter().try_fold(0, |mode, digit| match digit {
        b'0'..=b'7' => Some(mode << 3 | u32::from(digit - b'0')),
        _ => None,
    })?;
    let rest = bytes.get(space + 1..)?;
    let nul = memchr::memchr(0, rest)?;
    let name = rest.get(..nul)?;
    let (id, tail) = rest.get(nul + 1..)?.split_at_checked(id_len)?;
    let entry = TreeEntry { mode, name, id: Oid::from_bytes(id)? };
    (!name.is_empty()).then_some((entry, tail))
}

/// A tree by name: id and mode.
pub(in crate::git) type Tree = HashMap<Vec<u8>, (Oid, u32)>;

/// The entries of a tree, to be asked for by name.
pub(in crate::git) fn tree(objects: &dyn Objects, id: Oid) -> Result<Tree, Problem> {
    let content = objects.read_as(id, Kind::Tree).map_err(|fault| fault.at(id))?;
    let entries = tree_entries(&content, id.as_bytes().len());
    entries
        .map(|entry| entry.map(|entry| (entry.name.to_vec(), (entry.id, entry.mode))).ok_or(Fault::Corrupt.at(id)))
        .collect()
}

/// The entry at `path` below a tree; `None` where there is none.
pub(in crate::git) fn entry_at(objects: &dyn Objects, tree: Oid, path: &[u8]) -> Result<Option<(Oid, u32)>, Problem> {
    let mut at = (tree, DIRECTORY);
    for part in path.split(|byte| *byte == b'/') {
        if at.1 & TYPE != DIRECTORY {
            return Ok(None);
        }
        let content = objects.read_as(at.0, Kind::Tree).map_err(|fault| fault.at(at.0))?;
        let mut next = None;
        for entry in tree_entries(&content, tree.as_bytes().len()) {
            let entry = entry.ok_or_else(|| Fault::Corrupt.at(at.0))?;
            if entry.name == part {
                next = Some((entry.id, entry.mode));
                break;
            }
        }
        match next {
            Some(found) => at = found,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::git) struct File {
    pub(in crate::git) id: Oid,
    pub(in crate::git) mode: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn modes_are_octal_numbers() {
        let id = Oid::from_hex(ID.as_bytes()).unwrap();
        let mut tree = Vec::new();
        for mode in ["40000", "040000", "100664", "120000", "160000"] {
            tree.extend_from_slice(mode.as_bytes());
            tree.extend_from_slice(b" .env\0");
            tree.extend_from_slice(id.as_bytes());
        }
        let entries: Vec<_> = tree_entries(&tree, 20).map(Option::unwrap).collect();
        let kinds: Vec<_> = entries.iter().map(|entry| (entry.is_directory(), entry.is_file())).collect();
        assert_eq!(kinds, [(true, false), (true, false), (false, true), (false, true), (false, false)]);
    }

    #[test]
    fn a_malformed_tree_ends_with_none() {
        let whole = |mode: &str| format!("{mode} x\0{}", "0".repeat(20)).into_bytes();
        assert!(tree_entries(&whole("100644"), 20).all(|entry| entry.is_some()));
        let bad = ["", "9", "+40000", "-1", "100644100"].map(whole);
        let cut = [b"1".as_slice(), b"100644 x", b"100644 x\0short", b"100644 \0"];
        for bytes in bad.iter().map(Vec::as_slice).chain(cut) {
            assert_eq!(tree_entries(bytes, 20).collect::<Vec<_>>(), [None]);
        }
    }
}
