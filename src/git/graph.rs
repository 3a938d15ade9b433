//! The commits of a repository, in an order that depends on nothing else.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use super::Oid;
use super::objects::Fault;
use super::odb::Number;
use super::sweep::Sweep;
use super::sweep::survey::Swept;
use crate::finding::Order;
use crate::problem::Problem;

/// A commit's place in the graph: they stand in the order of their ids.
pub(super) type Place = usize;

/// A commit of the graph.
pub(super) struct Node {
    pub(super) number: Number,
    /// Its tree; the id of one that is not there.
    pub(super) tree: Result<Number, Oid>,
    time: i64,
    /// Its place in the order.
    pub(super) order: Order,
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
    /// By the object's number; `NONE` where it is no commit.
    places: Vec<u32>,
    /// Parents before children; of those that could come next the oldest by committer time, then by id.
    pub(super) order: Vec<Place>,
}

const NONE: u32 = u32::MAX;

impl Graph {
    pub(super) fn get(&self, place: Place) -> Option<&Node> {
        self.nodes.get(place)
    }

    pub(super) fn place(&self, number: Number) -> Option<Place> {
        self.places.get(number as usize).filter(|place| **place != NONE).map(|place| *place as Place)
    }

    /// All commits, sorted by id. The parents of a `shallow` commit are missing on purpose, and those of a commit that
    /// nothing holds may have been pruned.
    pub(super) fn new(
        commits: Vec<Swept>,
        sweep: &Sweep,
        tips: impl Iterator<Item = Number>,
        shallow: &HashSet<Oid>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut graph = Self { places: vec![NONE; sweep.count()], ..Self::default() };
        for (place, swept) in (0..).zip(&commits) {
            if let Some(slot) = graph.places.get_mut(swept.number as usize) {
                *slot = place;
            }
        }
        let mut absent: Vec<(Place, Oid)> = Vec::new();
        graph.nodes.reserve_exact(commits.len());
        for (place, swept) in commits.into_iter().enumerate() {
            let Swept { number, tree, parents, absent: mut gone, time } = swept;
            // What is there and could not be read, or is no commit, is as good as gone.
            gone.extend(parents.iter().filter(|parent| graph.place(**parent).is_none()).filter_map(|it| sweep.id(*it)));
            let mut parents: Vec<Place> = parents.iter().filter_map(|parent| graph.place(*parent)).collect();
            parents.sort_unstable();
            parents.dedup();
            let (is_cut, is_held) = (!gone.is_empty(), false);
            let order = Order { latest: time, rank: 0 };
            absent.extend(gone.into_iter().map(|parent| (place, parent)));
            graph.nodes.push(Node { number, tree, time, order, parents, is_cut, is_held });
        }
        graph.hold(tips);
        for (place, parent) in absent {
            let Some(child) = graph.get(place).filter(|node| node.is_held) else { continue };
            match sweep.number(parent).map(|number| sweep.kind(number)) {
                None if sweep.id(child.number).is_some_and(|id| shallow.contains(&id)) => {}
                None => problems.push(Fault::Missing.at(parent)),
                Some(_) => problems.push(Fault::Corrupt.at(parent)),
            }
        }
        graph.sort();
        graph.rank();
        let mut is_sorted = vec![false; graph.nodes.len()];
        graph.order.iter().for_each(|place| is_sorted.get_mut(*place).into_iter().for_each(|known| *known = true));
        // Ids that are true make no circle.
        let circle = graph.nodes.iter().zip(is_sorted).filter(|(_, is_sorted)| !is_sorted);
        problems.extend(circle.filter_map(|(node, _)| Some(Fault::Corrupt.at(sweep.id(node.number)?))));
        graph
    }

    fn hold(&mut self, tips: impl Iterator<Item = Number>) {
        let mut waiting: Vec<Place> = tips.filter_map(|number| self.place(number)).collect();
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
        let children = Children::new(&self.nodes);
        let mut missing: Vec<usize> = self.nodes.iter().map(|node| node.parents.len()).collect();
        let roots = self.nodes.iter().enumerate().filter(|(_, node)| node.parents.is_empty());
        let mut ready: BinaryHeap<_> = roots.map(|(place, node)| Reverse((node.time, place))).collect();
        self.order.reserve_exact(self.nodes.len());
        while let Some(Reverse((_, place))) = ready.pop() {
            self.order.push(place);
            for child in children.of(place) {
                let (Some(missing), Some(node)) = (missing.get_mut(child), self.nodes.get(child)) else { continue };
                *missing -= 1;
                if *missing == 0 {
                    ready.push(Reverse((node.time, child)));
                }
            }
        }
    }

    /// Notes for each commit what it comes behind.
    fn rank(&mut self) {
        for (place, rank) in self.order.iter().zip(0..) {
            let latest = |parent: &Place| self.nodes.get(*parent).map(|parent| parent.order.latest);
            let parents = self.nodes.get(*place).map(|node| node.parents.as_slice()).unwrap_or_default();
            let before = parents.iter().filter_map(latest).max();
            if let Some(node) = self.nodes.get_mut(*place) {
                node.order = Order { latest: before.map_or(node.time, |before| before.max(node.time)), rank };
            }
        }
    }
}

/// For each commit its children: the first link, and from link to link the next.
struct Children {
    first: Vec<u32>,
    links: Vec<(Place, u32)>,
}

impl Children {
    fn new(nodes: &[Node]) -> Self {
        let mut children = Self { first: vec![NONE; nodes.len()], links: Vec::with_capacity(2 * nodes.len()) };
        for (child, node) in nodes.iter().enumerate() {
            for parent in &node.parents {
                let link = u32::try_from(children.links.len()).unwrap_or(NONE);
                if let Some(first) = children.first.get_mut(*parent) {
                    children.links.push((child, std::mem::replace(first, link)));
                }
            }
        }
        children
    }

    fn of(&self, parent: Place) -> impl Iterator<Item = Place> {
        let link = |link: u32| self.links.get(link as usize);
        let first = self.first.get(parent).and_then(|first| link(*first));
        std::iter::successors(first, move |(_, next)| link(*next)).map(|(child, _)| *child)
    }
}
