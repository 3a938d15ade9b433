//! The commits of a repository, in an order that depends on nothing else.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use crate::git::object::read::Fault;
use crate::git::odb::Number;
use crate::git::odb::links::Links;
use crate::git::sweep::Sweep;
use crate::git::sweep::first_pass::Swept;
use crate::git::{Oid, Order};
use crate::problem::Problem;

/// A commit's place in the graph: they stand in the order of their ids.
pub(in crate::git) type Place = usize;

/// A commit of the graph.
pub(in crate::git) struct Node {
    pub(in crate::git) number: Number,
    /// Its tree; the id of one that is not there.
    pub(in crate::git) tree: Result<Number, Box<Oid>>,
    time: i64,
    /// Its place in the order.
    pub(in crate::git) order: Order,
    /// Whether a parent is not there: what the commit added is not known.
    pub(in crate::git) is_cut: bool,
    /// Whether a ref, a stash, a reflog or the like reaches it.
    pub(in crate::git) is_held: bool,
}

/// Commits and their parents.
#[derive(Default)]
pub(in crate::git) struct Graph {
    pub(in crate::git) nodes: Vec<Node>,
    /// By place: the parents that are there.
    parents: Links,
    /// By the object's number; `NONE` where it is no commit.
    places: Vec<u32>,
    /// Parents before children; of those that could come next the oldest by committer time, then by id.
    pub(in crate::git) order: Vec<Place>,
}

const NONE: u32 = u32::MAX;

impl Graph {
    pub(in crate::git) fn get(&self, place: Place) -> Option<&Node> {
        self.nodes.get(place)
    }

    /// The parents that are there, sorted.
    pub(in crate::git) fn parents(&self, place: Place) -> impl Iterator<Item = Place> + '_ {
        self.parents.of(place).iter().map(|parent| *parent as Place)
    }

    pub(in crate::git) fn place(&self, number: Number) -> Option<Place> {
        self.places.get(number as usize).filter(|place| **place != NONE).map(|place| *place as Place)
    }

    /// All commits, sorted by id. The parents of a `shallow` commit are missing on purpose, and those of a commit that
    /// nothing holds may have been pruned.
    pub(in crate::git) fn new(
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
        let (mut absent, mut known): (Vec<(Place, Oid)>, Vec<u32>) = (Vec::new(), Vec::new());
        graph.nodes.reserve_exact(commits.len());
        for (place, swept) in commits.into_iter().enumerate() {
            let Swept { number, tree, parents, time } = swept;
            // What is there and could not be read, or is no commit, is as good as gone.
            let unread = parents.known().iter().filter(|parent| graph.place(**parent).is_none());
            let gone = parents.absent().iter().copied().chain(unread.filter_map(|it| sweep.id(*it)));
            let before = absent.len();
            absent.extend(gone.map(|parent| (place, parent)));
            let (is_cut, is_held) = (absent.len() > before, false);
            known.clear();
            known.extend(parents.known().iter().filter_map(|parent| graph.place(*parent)).map(to_link));
            known.sort_unstable();
            known.dedup();
            graph.parents.push(&known);
            let order = Order { latest: time, rank: 0 };
            graph.nodes.push(Node { number, tree, time, order, is_cut, is_held });
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
        let tips: Vec<Place> = tips.filter_map(|number| self.place(number)).collect();
        let held = self.reached(&tips);
        self.nodes.iter_mut().zip(held).for_each(|(node, is_held)| node.is_held = is_held);
    }

    /// Which commits these reach, themselves among them.
    pub(in crate::git) fn reached(&self, tips: &[Place]) -> Vec<bool> {
        let (mut reached, mut waiting) = (vec![false; self.nodes.len()], tips.to_vec());
        while let Some(place) = waiting.pop() {
            if let Some(known) = reached.get_mut(place).filter(|known| !**known) {
                *known = true;
                waiting.extend(self.parents(place));
            }
        }
        reached
    }

    fn sort(&mut self) {
        let children = self.parents.turned();
        let mut missing: Vec<usize> =
            self.nodes.iter().enumerate().map(|(place, _)| self.parents.of(place).len()).collect();
        let roots = self.nodes.iter().enumerate().filter(|(place, _)| self.parents.of(*place).is_empty());
        let mut ready: BinaryHeap<_> = roots.map(|(place, node)| Reverse((node.time, place))).collect();
        self.order.reserve_exact(self.nodes.len());
        while let Some(Reverse((_, place))) = ready.pop() {
            self.order.push(place);
            for child in children.of(place).iter().map(|child| *child as Place) {
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
            let latest = |parent: Place| self.nodes.get(parent).map(|parent| parent.order.latest);
            let before = self.parents(*place).filter_map(latest).max();
            if let Some(node) = self.nodes.get_mut(*place) {
                node.order = Order { latest: before.map_or(node.time, |before| before.max(node.time)), rank };
            }
        }
    }
}

fn to_link(place: Place) -> u32 {
    u32::try_from(place).unwrap_or(NONE)
}
