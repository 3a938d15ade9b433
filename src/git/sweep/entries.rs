//! The entries of a tree, those first that another tree has not.

use crate::git::objects::{TreeEntry, tree_entry};

/// An entry of a tree, and where it begins.
pub(super) struct Entry<'a> {
    pub(super) at: usize,
    /// Where the other tree has just the same.
    pub(super) same: Option<usize>,
    bytes: &'a [u8],
    id_len: usize,
}

impl<'a> Entry<'a> {
    /// What it says; `None` where it is malformed.
    pub(super) fn read(&self) -> Option<TreeEntry<'a>> {
        tree_entry(self.bytes, self.id_len).map(|(entry, _)| entry)
    }
}

/// Calls `each` with the entries of `tree`, and for each says where `base` has it. Ends early where `each` says so, or
/// where an entry has no end; `false` then.
pub(super) fn compare<'a>(
    tree: &'a [u8],
    base: &[u8],
    id_len: usize,
    each: &mut dyn FnMut(&Entry<'a>) -> bool,
) -> bool {
    let (mut rest, mut theirs) = (tree, base);
    while !rest.is_empty() {
        let Some(len) = length(rest, id_len) else { return false };
        let (Some(bytes), Some(tail)) = (rest.get(..len), rest.get(len..)) else { return false };
        let at = tree.len() - rest.len();
        if theirs.get(..len) == Some(bytes) {
            let same = Some(base.len() - theirs.len());
            theirs = theirs.get(len..).unwrap_or_default();
            if !each(&Entry { at, same, bytes, id_len }) {
                return false;
            }
        } else {
            if !each(&Entry { at, same: None, bytes, id_len }) {
                return false;
            }
            theirs = behind(theirs, name(bytes, id_len), id_len);
        }
        rest = tail;
    }
    true
}

/// The length of the entry that the bytes begin with.
fn length(bytes: &[u8], id_len: usize) -> Option<usize> {
    let len = memchr::memchr(0, bytes)? + 1 + id_len;
    (len <= bytes.len()).then_some(len)
}

fn name(entry: &[u8], id_len: usize) -> &[u8] {
    let end = entry.len().saturating_sub(id_len + 1);
    let start = entry.iter().position(|byte| *byte == b' ').map_or(0, |space| space + 1);
    entry.get(start..end).unwrap_or_default()
}

/// The other tree behind every entry up to this name: entries are sorted, nearly by it.
fn behind<'b>(mut theirs: &'b [u8], wanted: &[u8], id_len: usize) -> &'b [u8] {
    while let Some(len) = length(theirs, id_len) {
        let (Some(entry), Some(tail)) = (theirs.get(..len), theirs.get(len..)) else { break };
        if name(entry, id_len) > wanted {
            break;
        }
        theirs = tail;
    }
    theirs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(entries: &[(&str, u8)]) -> Vec<u8> {
        let entry = |(name, id): &(&str, u8)| [format!("100644 {name}\0").as_bytes(), &[*id; 20]].concat();
        entries.iter().flat_map(entry).collect()
    }

    fn compared(one: &[u8], base: &[u8]) -> (Vec<(String, Option<usize>)>, bool) {
        let mut seen = Vec::new();
        let whole = compare(one, base, 20, &mut |entry| {
            let Some(read) = entry.read() else { return false };
            assert_eq!(one.get(entry.at..).unwrap().first(), Some(&b'1'));
            seen.push((String::from_utf8_lossy(read.name).into_owned(), entry.same));
            true
        });
        (seen, whole)
    }

    #[test]
    fn what_the_base_has_is_said() {
        let base = tree(&[("a", 1), ("b", 2), ("d", 3), ("e", 4)]);
        let one = tree(&[("a", 1), ("b", 9), ("c", 5), ("d", 3), ("f", 6)]);
        let expected = [("a", Some(0)), ("b", None), ("c", None), ("d", Some(58)), ("f", None)];
        let expected: Vec<_> = expected.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect();
        assert_eq!(compared(&one, &base), (expected, true));
        assert!(compared(&one, &[]).0.iter().all(|(_, same)| same.is_none()));
        assert_eq!(compared(&base, &base).0.iter().filter(|(_, same)| same.is_some()).count(), 4);
    }

    #[test]
    fn a_malformed_tree_ends_early() {
        for bytes in [b"1".as_slice(), b"100644 x", b"100644 x\0short", b"9 x\x0000000000000000000000", b"100644 \0"] {
            assert_eq!(compared(bytes, &[]), (vec![], false));
        }
    }
}
