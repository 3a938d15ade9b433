//! Who holds on to what: from the commits that brought a content in, up to the tips.
//!
//! Every commit that has a content at a path got it from a parent or brought it in itself. So "who reaches a commit
//! that has it" is "who reaches a commit that brought it in", and those are few.

use std::collections::BTreeSet;

use super::graph::{Graph, Number};
use super::history::Reach;
use super::ledger::Ledger;
use super::objects::Kind;
use super::shadow::{ShadowId, Shadows};
use super::targets::Target;
use super::tips::{Hold, Tip};

/// A tip, and what of the history it holds.
pub(super) enum Held<'a> {
    Commit {
        tip: &'a Tip,
        number: Number,
    },
    Tree {
        tip: &'a Tip,
        top: ShadowId,
    },
    /// A blob, or what could not be read.
    Nothing,
}

/// One for each target, in their order.
pub(super) fn all<'a>(targets: &[Target<'a>], graph: &Graph, shadows: &mut Shadows<'_>) -> Vec<Held<'a>> {
    let held = |target: &Target<'a>| match target.kind {
        Kind::Commit => {
            graph.number(target.id).map_or(Held::Nothing, |number| Held::Commit { tip: target.tip, number })
        }
        Kind::Tree => Held::Tree { tip: target.tip, top: shadows.of(target.id) },
        Kind::Blob | Kind::Tag => Held::Nothing,
    };
    targets.iter().map(held).collect()
}

/// Tells every item which tips reach it. Sixty-four items at a time, one bit each, along the graph.
pub(super) fn spread(graph: &Graph, held: &[Held<'_>], ledger: &mut Ledger) {
    let mut sources = ledger.sources.clone();
    sources.sort_unstable_by_key(|(_, item)| *item);
    for block in sources.chunk_by(|(_, one), (_, other)| one / 64 == other / 64) {
        let first = block.first().map_or(0, |(_, item)| item / 64 * 64);
        let bits = reached(graph, block, first);
        for (place, held) in held.iter().enumerate() {
            let Held::Commit { tip, number } = held else { continue };
            let bits = bits.get(*number).copied().unwrap_or(0);
            (0..64).filter(|bit| bits >> bit & 1 == 1).for_each(|bit| hold(ledger, first + bit, place, tip));
        }
    }
}

/// For each commit a bit for each item of the block that it or an ancestor brought in.
fn reached(graph: &Graph, block: &[(Number, usize)], first: usize) -> Vec<u64> {
    let mut bits = vec![0u64; graph.nodes.len()];
    for (number, item) in block {
        if let Some(bits) = bits.get_mut(*number) {
            *bits |= 1 << (item - first);
        }
    }
    for number in &graph.order {
        let parents = graph.get(*number).map(|node| node.parents.as_slice()).unwrap_or_default();
        let inherited = parents.iter().filter_map(|parent| bits.get(*parent)).fold(0, |all, bits| all | bits);
        if let Some(bits) = bits.get_mut(*number) {
            *bits |= inherited;
        }
    }
    bits
}

/// The tip at `place` reaches this item.
pub(super) fn hold(ledger: &mut Ledger, item: usize, place: usize, tip: &Tip) {
    let reach = match tip.hold {
        Hold::Ref => Reach::Ref,
        Hold::Stash | Hold::OldStash => Reach::Stash,
        Hold::Log => Reach::Reflog,
    };
    let Some(item) = ledger.items.get_mut(item) else { return };
    item.reach = item.reach.min(reach);
    let record = ledger.records.get_mut(item.record).filter(|_| tip.name.is_some());
    if let Some(holders) = record.map(|record| &mut record.holders) {
        if holders.last() != Some(&place) {
            holders.push(place);
        }
    }
}

/// Marks what the trees of HEAD, of all work trees, have now.
pub(super) fn heads(held: &[Held<'_>], tops: &[ShadowId], shadows: &Shadows<'_>, ledger: &mut Ledger) {
    let (records, items) = (&ledger.records, &mut ledger.items);
    for top in tops_of(held, tops, |tip| tip.head) {
        for item in items.iter_mut() {
            let Some(record) = records.get(item.record) else { continue };
            if shadows.files_at(top, &record.path).contains(&item.file) {
                item.reach = Reach::Head;
            }
        }
    }
}

/// What the tips of refs have now.
pub(super) fn current(held: &[Held<'_>], tops: &[ShadowId]) -> BTreeSet<ShadowId> {
    tops_of(held, tops, Tip::is_promised)
}

fn tops_of(held: &[Held<'_>], tops: &[ShadowId], wanted: impl Fn(&Tip) -> bool) -> BTreeSet<ShadowId> {
    held.iter()
        .filter_map(|held| match held {
            Held::Commit { tip, number } if wanted(tip) => tops.get(*number).copied(),
            Held::Tree { tip, top } if wanted(tip) => Some(*top),
            _ => None,
        })
        .collect()
}
