//! Who holds on to what: from the commits that brought a content in, up to the tips.
//!
//! Every commit that has a content at a path got it from a parent or brought it in itself. So "who reaches a commit
//! that has it" is "who reaches a commit that brought it in", and those are few.

use std::collections::HashSet;

use super::graph::{Graph, Place};
use super::targets::Target;
use crate::git::history::filtered_tree::{FilteredTrees, TreeId};
use crate::git::history::path_log::PathLog;
use crate::git::history::path_table::{PathId, Paths};
use crate::git::history::tree_diff::Comparer;
use crate::git::object::kind::Kind;
use crate::git::object::tree::File;
use crate::git::odb::Number;
use crate::git::refs::reach_kind::Reach;
use crate::git::refs::tips::Tip;

/// A tip, and what of the history it holds.
pub(in crate::git) enum Held<'a> {
    Commit {
        tip: &'a Tip,
        place: Place,
    },
    Tree {
        tip: &'a Tip,
        top: TreeId,
    },
    /// A blob, or what could not be read.
    Nothing,
}

/// One for each target, in their order. `top` gives a tree's filtered tree.
pub(in crate::git) fn all<'a>(targets: &[Target<'a>], graph: &Graph, top: impl Fn(Number) -> TreeId) -> Vec<Held<'a>> {
    let held = |target: &Target<'a>| match target.kind {
        Kind::Commit => {
            graph.place(target.number).map_or(Held::Nothing, |place| Held::Commit { tip: target.tip, place })
        }
        Kind::Tree => Held::Tree { tip: target.tip, top: top(target.number) },
        Kind::Blob | Kind::Tag => Held::Nothing,
    };
    targets.iter().map(held).collect()
}

/// Tells every item which tips reach it.
pub(in crate::git) fn spread(graph: &Graph, held: &[Held<'_>], ledger: &mut PathLog) {
    let sources = ledger.sources.clone();
    let commits = held.iter().enumerate().filter_map(|(number, held)| match held {
        Held::Commit { tip, place } => Some((number, *tip, *place)),
        _ => None,
    });
    let commits: Vec<_> = commits.collect();
    each_reached(graph, &commits, sources, &mut |item, (number, tip, _)| hold(ledger, item, number, tip));
}

/// A tip, its number in some list, and its commit.
pub(in crate::git) type TipCommit<'a> = (usize, &'a Tip, Place);

/// Calls `each` with every item and every tip that reaches a commit that brought it in. Sixty-four items at a time, one
/// bit each, along the graph.
pub(in crate::git) fn each_reached<'a>(
    graph: &Graph,
    tips: &[TipCommit<'a>],
    mut sources: Vec<(Place, usize)>,
    each: &mut dyn FnMut(usize, TipCommit<'a>),
) {
    sources.sort_unstable_by_key(|(_, item)| *item);
    for block in sources.chunk_by(|(_, one), (_, other)| one / 64 == other / 64) {
        let first = block.first().map_or(0, |(_, item)| item / 64 * 64);
        let bits = reached(graph, block, first);
        for tip in tips {
            let bits = bits.get(tip.2).copied().unwrap_or(0);
            ones(bits).for_each(|bit| each(first + bit, *tip));
        }
    }
}

/// The places of the bits that are set. Most tips reach few items, or none.
fn ones(bits: u64) -> impl Iterator<Item = usize> {
    let next = |bits: &u64| Some(bits & bits.checked_sub(1)?);
    std::iter::successors(Some(bits), next).take_while(|bits| *bits != 0).map(|bits| bits.trailing_zeros() as usize)
}

/// For each commit a bit for each item of the block that it or an ancestor brought in.
fn reached(graph: &Graph, block: &[(Place, usize)], first: usize) -> Vec<u64> {
    let mut bits = vec![0u64; graph.nodes.len()];
    for (place, item) in block {
        if let Some(bits) = bits.get_mut(*place) {
            *bits |= 1 << (item - first);
        }
    }
    for place in &graph.order {
        let inherited = graph.parents(*place).filter_map(|parent| bits.get(parent)).fold(0, |all, bits| all | bits);
        if let Some(bits) = bits.get_mut(*place) {
            *bits |= inherited;
        }
    }
    bits
}

/// The tip of this number reaches an item.
pub(in crate::git) fn hold(ledger: &mut PathLog, item: usize, number: usize, tip: &Tip) {
    let reach = tip.hold.reach();
    let Some(item) = ledger.items.get_mut(item) else { return };
    item.reach = item.reach.min(reach);
    let record = ledger.records.get_mut(item.record).filter(|_| tip.name.is_some());
    if let Some(holders) = record.map(|record| &mut record.holders) {
        if holders.last() != Some(&number) {
            holders.push(number);
        }
    }
}

/// Marks what the trees of HEAD, of all work trees, have now.
pub(in crate::git) fn heads(held: &[Held<'_>], tops: &[TreeId], comparer: &Comparer<'_>, ledger: &mut PathLog) {
    let now = present(&tops_of(held, tops, |tip| tip.head), comparer.filtered, &comparer.paths);
    let (records, items) = (&ledger.records, &mut ledger.items);
    for item in items.iter_mut() {
        let path = records.get(item.record).map(|record| record.path);
        if path.is_some_and(|path| now.contains(&(path, item.file))) {
            item.reach = Reach::Head;
        }
    }
}

/// The paths that the tips of refs have now.
pub(in crate::git) fn current(held: &[Held<'_>], tops: &[TreeId], comparer: &Comparer<'_>) -> HashSet<PathId> {
    let tops = tops_of(held, tops, Tip::is_promised);
    present(&tops, comparer.filtered, &comparer.paths).into_iter().map(|(path, _)| path).collect()
}

/// What is in these trees, of the paths that are known.
fn present(tops: &HashSet<TreeId>, filtered: &FilteredTrees, paths: &Paths) -> HashSet<(PathId, File)> {
    let mut waiting: Vec<(PathId, TreeId)> = tops.iter().map(|top| (PathId::TOP, *top)).collect();
    let (mut seen, mut found) = (HashSet::new(), HashSet::new());
    while let Some((dir, id)) = waiting.pop() {
        if !seen.insert((dir, id)) {
            continue;
        }
        let tree = filtered.get(id);
        let known = |name| paths.known(dir, name);
        found.extend(tree.files.iter().filter_map(|(name, file)| Some((known(*name)?, *file))));
        waiting.extend(tree.dirs.iter().filter_map(|(name, below)| Some((known(*name)?, *below))));
    }
    found
}

fn tops_of(held: &[Held<'_>], tops: &[TreeId], wanted: impl Fn(&Tip) -> bool) -> HashSet<TreeId> {
    held.iter()
        .filter_map(|held| match held {
            Held::Commit { tip, place } if wanted(tip) => tops.get(*place).copied(),
            Held::Tree { tip, top } if wanted(tip) => Some(*top),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_that_is_set_once() {
        for bits in [0, 1, 1 << 63, 0b1010_0110, u64::MAX, 0x8000_0000_0000_0001] {
            let all: Vec<usize> = (0..64).filter(|bit| bits >> bit & 1 == 1).collect();
            assert_eq!(ones(bits).collect::<Vec<_>>(), all);
        }
    }
}
