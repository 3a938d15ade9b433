//! The commits that some tips reach, in an order that depends on nothing else.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::Oid;
use super::objects::{Fault, Objects};
use crate::problem::Problem;

/// A commit's number.
pub(super) type Number = usize;

/// A commit of the graph.
pub(super) struct Node {
    pub(super) id: Oid,
    pub(super) tree: Oid,
    pub(super) time: i64,
    /// The parents that are there.
    pub(super) parents: Vec<Number>,
    /// Whether a parent is not there: what the commit added is not known.
    pub(super) is_cut: bool,
}

/// Commits and their parents.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    numbers: HashMap<Oid, Number>,
    /// Parents before children; of those that could come next the oldest by committer time, then by id.
    pub(super) order: Vec<Number>,
}

impl Graph {
    pub(super) fn get(&self, number: Number) -> Option<&Node> {
        self.nodes.get(number)
    }

    pub(super) fn number(&self, id: Oid) -> Option<Number> {
        self.numbers.get(&id).copied()
    }

    /// Reads every commit that `tips` reach. The parents of a `shallow` commit are missing on purpose.
    pub(super) fn load(
        objects: &dyn Objects,
        tips: impl Iterator<Item = Oid>,
        shallow: &HashSet<Oid>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut graph = Self::default();
        let mut faults: HashMap<Oid, Fault> = HashMap::new();
        let mut parents: Vec<Vec<Oid>> = Vec::new();
        let tips: HashSet<Oid> = tips.collect();
        let mut waiting: Vec<Oid> = tips.iter().copied().collect();
        while let Some(id) = waiting.pop() {
            if graph.numbers.contains_key(&id) || faults.contains_key(&id) {
                continue;
            }
            match objects.commit(id) {
                Err(fault) => drop(faults.insert(id, fault)),
                Ok(commit) => {
                    graph.numbers.insert(id, graph.nodes.len());
                    let (tree, time) = (commit.tree, commit.time);
                    graph.nodes.push(Node { id, tree, time, parents: Vec::new(), is_cut: false });
                    waiting.extend(&commit.parents);
                    parents.push(commit.parents);
                }
            }
        }
        problems.extend(faults.iter().filter(|(id, _)| tips.contains(id)).map(|(id, fault)| fault.at(*id)));
        graph.link(&parents, &faults, shallow, problems);
        graph.sort();
        graph
    }

    fn link(
        &mut self,
        parents: &[Vec<Oid>],
        faults: &HashMap<Oid, Fault>,
        shallow: &HashSet<Oid>,
        problems: &mut Vec<Problem>,
    ) {
        for (node, parents) in self.nodes.iter_mut().zip(parents) {
            for id in parents {
                match (self.numbers.get(id), faults.get(id)) {
                    (Some(number), _) => node.parents.push(*number),
                    (None, fault) => {
                        node.is_cut = true;
                        let expected = shallow.contains(&node.id) && fault == Some(&Fault::Missing);
                        problems.extend(fault.filter(|_| !expected).map(|fault| fault.at(*id)));
                    }
                }
            }
            node.parents.sort_unstable();
            node.parents.dedup();
        }
    }

    fn sort(&mut self) {
        let mut children: Vec<Vec<Number>> = vec![Vec::new(); self.nodes.len()];
        let mut missing: Vec<usize> = self.nodes.iter().map(|node| node.parents.len()).collect();
        let mut ready = BinaryHeap::new();
        for (number, node) in self.nodes.iter().enumerate() {
            for parent in &node.parents {
                if let Some(children) = children.get_mut(*parent) {
                    children.push(number);
                }
            }
            if node.parents.is_empty() {
                ready.push(Reverse((node.time, node.id, number)));
            }
        }
        while let Some(Reverse((_, _, number))) = ready.pop() {
            self.order.push(number);
            for child in children.get(number).into_iter().flatten() {
                let (Some(missing), Some(node)) = (missing.get_mut(*child), self.nodes.get(*child)) else { continue };
                *missing -= 1;
                if *missing == 0 {
                    ready.push(Reverse((node.time, node.id, *child)));
                }
            }
        }
    }
}
