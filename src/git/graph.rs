//! The commits of a repository, in an order that depends on nothing else.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::Oid;
use super::objects::{Commit, Fault};
use crate::problem::Problem;

/// A commit's place in the graph.
pub(super) type Place = usize;

/// A commit of the graph.
pub(super) struct Node {
    pub(super) id: Oid,
    pub(super) tree: Oid,
    pub(super) time: i64,
    /// The parents that are there.
    pub(super) parents: Vec<Place>,
    /// Whether a parent is not there: what the commit added is not known.
    pub(super) is_cut: bool,
    /// Whether a ref, a stash, a reflog or the like reaches it.
    pub(super) is_held: bool,
}

/// Commits and their parents.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    places: HashMap<Oid, Place>,
    /// Parents before children; of those that could come next the oldest by committer time, then by id.
    pub(super) order: Vec<Place>,
}

impl Graph {
    pub(super) fn get(&self, place: Place) -> Option<&Node> {
        self.nodes.get(place)
    }

    pub(super) fn place(&self, id: Oid) -> Option<Place> {
        self.places.get(&id).copied()
    }

    /// All commits, sorted by id. The parents of a `shallow` commit are missing on purpose, and those of a commit that
    /// nothing holds may have been pruned.
    pub(super) fn new(
        commits: Vec<(Oid, Commit)>,
        tips: impl Iterator<Item = Oid>,
        shallow: &HashSet<Oid>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut graph = Self::default();
        graph.places = commits.iter().enumerate().map(|(place, (id, _))| (*id, place)).collect();
        let mut absent: Vec<(Place, Oid)> = Vec::new();
        for (place, (id, commit)) in commits.into_iter().enumerate() {
            let (there, gone): (Vec<Oid>, Vec<Oid>) =
                commit.parents.into_iter().partition(|parent| graph.places.contains_key(parent));
            let mut parents: Vec<Place> = there.iter().filter_map(|parent| graph.place(*parent)).collect();
            parents.sort_unstable();
            parents.dedup();
            let (is_cut, is_held) = (!gone.is_empty(), false);
            absent.extend(gone.into_iter().map(|parent| (place, parent)));
            graph.nodes.push(Node { id, tree: commit.tree, time: commit.time, parents, is_cut, is_held });
        }
        graph.hold(tips);
        for (place, parent) in absent {
            let child = graph.get(place).filter(|node| node.is_held && !shallow.contains(&node.id));
            problems.extend(child.map(|_| Fault::Missing.at(parent)));
        }
        graph.sort();
        let is_sorted: HashSet<Place> = graph.order.iter().copied().collect();
        // Ids that are true make no circle.
        let circle = (0..graph.nodes.len()).filter(|place| !is_sorted.contains(place));
        problems.extend(circle.filter_map(|place| Some(Fault::Corrupt.at(graph.get(place)?.id))));
        graph
    }

    fn hold(&mut self, tips: impl Iterator<Item = Oid>) {
        let mut waiting: Vec<Place> = tips.filter_map(|id| self.place(id)).collect();
        while let Some(place) = waiting.pop() {
            if let Some(node) = self.nodes.get_mut(place).filter(|node| !node.is_held) {
                node.is_held = true;
                waiting.extend(&node.parents);
            }
        }
    }

    /// Which commits these reach, themselves among them.
    pub(super) fn reached(&self, tips: &[Place]) -> Vec<bool> {
        let (mut reached, mut waiting) = (vec![false; self.nodes.len()], tips.to_vec());
        while let Some(place) = waiting.pop() {
            if let Some(known) = reached.get_mut(place).filter(|known| !**known) {
                *known = true;
                waiting.extend(self.get(place).into_iter().flat_map(|node| &node.parents));
            }
        }
        reached
    }

    fn sort(&mut self) {
        let mut children: Vec<Vec<Place>> = vec![Vec::new(); self.nodes.len()];
        let mut missing: Vec<usize> = self.nodes.iter().map(|node| node.parents.len()).collect();
        let mut ready = BinaryHeap::new();
        for (place, node) in self.nodes.iter().enumerate() {
            for parent in &node.parents {
                if let Some(children) = children.get_mut(*parent) {
                    children.push(place);
                }
            }
            if node.parents.is_empty() {
                ready.push(Reverse((node.time, node.id, place)));
            }
        }
        while let Some(Reverse((_, _, place))) = ready.pop() {
            self.order.push(place);
            for child in children.get(place).into_iter().flatten() {
                let (Some(missing), Some(node)) = (missing.get_mut(*child), self.nodes.get(*child)) else { continue };
                *missing -= 1;
                if *missing == 0 {
                    ready.push(Reverse((node.time, node.id, *child)));
                }
            }
        }
    }
}
