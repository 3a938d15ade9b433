//! Which trees may hold a wanted file, however far down.

use super::flags::Flags;
use super::forest::{Forest, NONE};
use crate::git::odb::{Number, Odb};

/// Spreads [`Flags::HOLDS`] upward, to every tree that has such a tree right below it. An edge is known only where a
/// tree differs from its delta base, so that it spreads to the deltas on a tree as well: more than hold one, never less.
pub(super) fn spread(odb: &Odb, forest: &Forest, edges: &[Vec<(Number, Number)>], flags: &mut Flags) {
    let above = Above::new(odb.ids.count(), edges);
    let mut waiting: Vec<Number> = odb.numbers().filter(|number| flags.has(*number, Flags::HOLDS)).collect();
    let mut next = Vec::new();
    while let Some(number) = waiting.pop() {
        let deltas = odb.node(number).into_iter().flat_map(|node| forest.deltas(node));
        next.extend(deltas.filter_map(|node| odb.number(node)));
        next.extend_from_slice(above.of(number));
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

/// For each object the trees right above it, one after the other.
struct Above {
    starts: Vec<u32>,
    trees: Vec<Number>,
}

impl Above {
    fn new(count: usize, edges: &[Vec<(Number, Number)>]) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for (_, below) in edges.iter().flatten() {
            if let Some(count) = starts.get_mut(*below as usize) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        // Each start stands at its end now, and goes down as its trees come in.
        let mut trees = vec![0; sum as usize];
        for (tree, below) in edges.iter().flatten() {
            let Some(start) = starts.get_mut(*below as usize) else { continue };
            *start -= 1;
            if let Some(slot) = trees.get_mut(*start as usize) {
                *slot = *tree;
            }
        }
        Self { starts, trees }
    }

    fn of(&self, number: Number) -> &[Number] {
        let range = self.starts.get(number as usize..).and_then(|starts| starts.first_chunk());
        range.and_then(|[start, end]| self.trees.get(*start as usize..*end as usize)).unwrap_or_default()
    }
}
