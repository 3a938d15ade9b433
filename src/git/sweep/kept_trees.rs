//! The trees of a repository, as its packs have them, read once and kept in memory.
//!
//! A tree is mostly a delta on one that lies far away in the pack, with blobs between them, and trees are read twice. Read
//! block by block, as they are needed, the pack is copied out of the system's memory several times.

use std::sync::{Mutex, PoisonError};

use super::delta_forest::{Forest, to_node};
use crate::git::object::kind::Kind;
use crate::git::odb::{ByteRange, Node, Odb};
use crate::threads;

/// Of larger trees none is kept. Those of rails/rails, with 93,000 commits on its main branch, take 93 MiB.
const MOST: u64 = 128 << 20;

/// A thread takes so many entries at a time.
const PIECE: usize = 1 << 12;

/// So much is read at once, with what lies between two trees.
const READ: u64 = 1 << 20;

/// What lies between two trees is left out where it is larger.
const GAP: u64 = 32 << 10;

/// The entries of trees in packs.
pub(super) struct KeptTrees {
    /// By node: where its entry begins. It ends where that of the next node begins.
    starts: Vec<u32>,
    bytes: Vec<u8>,
}

/// The entries of some nodes that stand one behind the other in a pack, and where their bytes go.
struct Part<'a> {
    pack: usize,
    /// Their numbers in the pack.
    first: usize,
    count: usize,
    bytes: &'a mut [u8],
}

impl KeptTrees {
    /// Reads all of them. `None` where they are too large. What could not be read is as good as not kept: who needs it reads
    /// it out of the pack and says what is wrong.
    pub(super) fn read(odb: &Odb, forest: &Forest, threads: usize) -> Option<Self> {
        let lengths = |pack: usize, first: Node, at: usize| {
            let is_tree = forest.kind(first + to_node(at)) == Some(Kind::Tree);
            is_tree.then(|| odb.byte_range(pack, at)).flatten().map_or(0, |range| range.end.saturating_sub(range.start))
        };
        let (mut starts, mut total) = (Vec::with_capacity(odb.packed_count() + 1), 0_u64);
        for (number, pack) in odb.packs.iter().enumerate() {
            for at in 0..pack.places.len() {
                starts.push(u32::try_from(total).ok()?);
                total += lengths(number, pack.first, at);
            }
        }
        starts.push(u32::try_from(total).ok()?);
        let bytes = vec![0; usize::try_from(total).ok().filter(|_| total <= MOST)?];
        let mut kept = Self { starts, bytes };
        kept.fill(odb, threads);
        Some(kept)
    }

    /// The bytes of a node's entry.
    pub(super) fn entry(&self, node: Node) -> Option<&[u8]> {
        let [start, end] = *self.starts.get(node as usize..)?.first_chunk()?;
        self.bytes.get(start as usize..end as usize).filter(|bytes| !bytes.is_empty())
    }

    fn fill(&mut self, odb: &Odb, threads: usize) {
        let (mut rest, mut parts) = (self.bytes.as_mut_slice(), Vec::new());
        let start_of = |node: usize| self.starts.get(node).map_or(0, |start| *start as usize);
        for (number, pack) in odb.packs.iter().enumerate() {
            for first in (0..pack.places.len()).step_by(PIECE) {
                let count = PIECE.min(pack.places.len() - first);
                let node = pack.first as usize + first;
                let (bytes, behind) = std::mem::take(&mut rest).split_at_mut(start_of(node + count) - start_of(node));
                parts.push(Mutex::new(Part { pack: number, first, count, bytes }));
                rest = behind;
            }
        }
        let starts = &self.starts;
        threads::share(threads, parts.len(), Vec::new, |buffer, at| {
            let Some(part) = parts.get(at) else { return };
            part.lock().unwrap_or_else(PoisonError::into_inner).fill(odb, starts, buffer);
        });
    }
}

/// A tree's entry: where it begins and ends in the pack, and where its bytes go.
struct Entry {
    start: u64,
    end: u64,
    to: usize,
}

impl Part<'_> {
    fn fill(&mut self, odb: &Odb, starts: &[u32], buffer: &mut Vec<u8>) {
        let Some(pack) = odb.packs.get(self.pack) else { return };
        let entries = self.entries(odb, pack.first as usize, starts);
        let mut rest = entries.as_slice();
        while let Some(Entry { start, .. }) = rest.first() {
            let (group, behind) = rest.split_at(together(rest));
            let count = group.last().and_then(|last| usize::try_from(last.end - start).ok()).unwrap_or(0);
            if buffer.len() < count {
                buffer.resize(count, 0);
            }
            let read = buffer.get_mut(..count).unwrap_or_default();
            if pack.file.fill(*start, read).is_ok() {
                group.iter().for_each(|entry| copy(entry, *start, read, self.bytes));
            }
            rest = behind;
        }
    }

    /// The trees among them.
    fn entries(&self, odb: &Odb, node: usize, starts: &[u32]) -> Vec<Entry> {
        let known = starts.get(node + self.first..=node + self.first + self.count).unwrap_or_default();
        let base = known.first().copied().unwrap_or(0);
        let pairs = known.iter().zip(known.iter().skip(1)).zip(self.first..).filter(|((one, next), _)| one < next);
        let entry = |((one, _), at): ((&u32, &u32), usize)| {
            let ByteRange { start, end, .. } = odb.byte_range(self.pack, at)?;
            Some(Entry { start, end, to: (one - base) as usize })
        };
        pairs.filter_map(entry).collect()
    }
}

/// How many of the entries are read at once: at least one.
fn together(entries: &[Entry]) -> usize {
    let start = entries.first().map_or(0, |first| first.start);
    let near = |one: &Entry, next: &Entry| next.start - one.end <= GAP && next.end - start <= READ;
    1 + entries.iter().zip(entries.iter().skip(1)).take_while(|(one, next)| near(one, next)).count()
}

fn copy(entry: &Entry, start: u64, read: &[u8], to: &mut [u8]) {
    let place = |at: u64| usize::try_from(at - start).unwrap_or(usize::MAX);
    if let Some(from) = read.get(place(entry.start)..place(entry.end)) {
        to.get_mut(entry.to..entry.to + from.len()).into_iter().for_each(|to| to.copy_from_slice(from));
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt;

    use super::*;
    use crate::git::make;

    /// A repository with trees and blobs in two packs, and one commit that is in none.
    fn repository() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| make(dir.path(), "2026-01-05T09:00:00+00:00", arguments).unwrap();
        git(&["init", "--quiet"]);
        for round in 0..3 {
            for file in 0..40 {
                let name = dir.path().join(format!("{}-{file}", "a file with a long name ".repeat(4)));
                #[allow(clippy::disallowed_methods, reason = "a test makes a repository")]
                std::fs::write(name, format!("{round} {}", file % (round + 1)).repeat(500)).unwrap();
            }
            git(&["add", "--all"]);
            git(&["commit", "--quiet", "--message", "more"]);
            if round < 2 {
                git(&["repack", "--quiet", "-d"]);
            }
        }
        dir
    }

    #[test]
    fn the_entries_of_trees_and_no_others() {
        let dir = repository();
        let mut problems = Vec::new();
        let odb = Odb::load(&[dir.path().join(".git/objects")], 20, &mut problems);
        let forest = Forest::grow(&odb, 1);
        let kept = KeptTrees::read(&odb, &forest, 2).unwrap();
        let mut packs: Vec<_> = std::fs::read_dir(dir.path().join(".git/objects/pack")).unwrap().flatten().collect();
        packs.retain(|entry| entry.path().extension().is_some_and(|end| end == "pack"));
        packs.sort_by_key(std::fs::DirEntry::path);
        let packs: Vec<_> = packs.iter().map(|entry| std::fs::File::open(entry.path()).unwrap()).collect();
        assert_eq!((problems, packs.len(), odb.packs.len()), (Vec::new(), 2, 2));
        let mut trees = 0;
        for node in 0..to_node(odb.node_count()) {
            let is_tree = forest.kind(node) == Some(Kind::Tree);
            let expected = match odb.place(node).unwrap() {
                crate::git::odb::Place::Packed(ByteRange { pack, start, end }) if is_tree => {
                    let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
                    packs[pack].read_exact_at(&mut bytes, start).unwrap();
                    trees += 1;
                    Some(bytes)
                }
                _ => None,
            };
            assert_eq!(kept.entry(node), expected.as_deref(), "{node}");
        }
        assert_eq!(trees, 2);
    }

    #[test]
    fn what_is_read_at_once() {
        let entry = |start: u64, len: u64| Entry { start, end: start + len, to: 0 };
        let near = [entry(12, 100), entry(112 + GAP, 10), entry(122 + GAP, 10)];
        let far = [entry(12, 100), entry(113 + GAP, 10)];
        let large = [entry(12, READ), entry(12 + READ, 10)];
        assert_eq!([together(&near), together(&far), together(&large)], [3, 1, 1]);
    }
}
