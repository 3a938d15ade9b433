//! Which trees may hold a wanted file, however far down.

use super::flags::Flags;
use crate::git::odb::links::Links;
use crate::git::odb::{Number, Odb};
use crate::git::sweep::delta_forest::{Forest, NONE};

/// Spreads [`Flags::HOLDS`] upward, to every tree that has such a tree right below it. An edge is known only where a
/// tree differs from its delta base, so that it spreads to the deltas on a tree as well: more than hold one, never less.
pub(super) fn spread(odb: &Odb, forest: &Forest, edges: &[Vec<(Number, Number)>], flags: &mut Flags) {
    let above = Links::of_pairs(odb.ids.count(), edges.iter().flatten().map(|(tree, below)| (*below, *tree)));
    let mut waiting: Vec<Number> = odb.numbers().filter(|number| flags.has(*number, Flags::HOLDS)).collect();
    let mut next = Vec::new();
    while let Some(number) = waiting.pop() {
        let deltas = odb.node(number).into_iter().flat_map(|node| forest.deltas(node));
        next.extend(deltas.filter_map(|node| odb.number(node)));
        next.extend_from_slice(above.of(number as usize));
        for number in next.drain(..) {
            if !flags.has(number, Flags::HOLDS) {
                flags.add(number, Flags::HOLDS);
                waiting.push(number);
            }
        }
    }
}

/// The nodes of the objects that are to be read, and of everything that those are deltas on.
pub(super) fn needed(odb: &Odb, forest: &Forest, wanted: impl Fn(Number) -> bool) -> Vec<bool> {
    let mut needed = vec![false; odb.node_count()];
    for number in odb.numbers().filter(|number| wanted(*number)) {
        let mut at = odb.node(number);
        while let Some(node) = at {
            match needed.get_mut(node as usize) {
                Some(known) if !*known => *known = true,
                _ => break,
            }
            at = Some(forest.base(node)).filter(|base| *base != NONE);
        }
    }
    needed
}
