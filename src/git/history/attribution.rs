//! Which commits held the wanted paths, and who holds on to those commits.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::graph::{Graph, Place};
use super::targets::Target;
use crate::git::history::filtered_tree::{FilteredTrees, TreeId};
use crate::git::history::path_log::{Commit, PathLog, Record};
use crate::git::history::path_table::PathId;
use crate::git::history::reachability::{self, Held};
use crate::git::history::tree_diff::{Act, Comparer};
use crate::git::history::{Blob, PathHistory};
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::odb::Number;
use crate::git::odb::reader::Reader;
use crate::git::refs::reach_kind::Reach;
use crate::git::sweep::wanted_entries::Wanted;
use crate::git::sweep::{Surveyed, Sweep};
use crate::git::{CommitRef, Oid};
use crate::name::Name;
use crate::problem::{Problem, ProblemKind};

/// What stays the same whichever paths are asked for.
pub(in crate::git) struct HistoryData<'a> {
    pub(in crate::git) sweep: &'a Sweep,
    pub(in crate::git) reader: RefCell<Reader<'a>>,
    pub(in crate::git) targets: Vec<Target<'a>>,
    pub(in crate::git) graph: Graph,
    /// The commits whose acts count, by their place; `None` for all of them.
    pub(in crate::git) span: Option<Vec<bool>>,
    /// The objects that were read once, and could not be read again.
    pub(in crate::git) unread: RefCell<Vec<Problem>>,
}

impl HistoryData<'_> {
    /// Authors are not kept for a whole history: the few commits that are named are read again.
    pub(in crate::git) fn named(&self, place: Place) -> Option<CommitRef> {
        let node = self.graph.get(place)?;
        let id = self.sweep.id(node.number)?;
        let named = self.or_unread(id, self.reader.named(id))?;
        Some(CommitRef { order: node.order, ..named })
    }

    /// What was read of the object of this id; a fault is noted.
    pub(in crate::git) fn or_unread<T>(&self, id: Oid, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.unread.borrow_mut().push(fault.at(id))).ok()
    }
}

/// What of the trees is wanted, and the trees that can no longer be read.
pub(in crate::git) struct Selected {
    filtered: FilteredTrees,
    faults: Vec<(Oid, Fault)>,
}

/// Reads the trees again that may hold a wanted file.
pub(in crate::git) fn select(sweep: &Sweep, surveyed: &Surveyed, wanted: Wanted<'_>) -> Selected {
    let (selections, faults) = sweep.select(surveyed, wanted);
    Selected { filtered: FilteredTrees::new(&selections), faults }
}

/// The wanted paths, sorted, and what could not be looked into.
pub(in crate::git) fn paths(
    data: &HistoryData<'_>,
    surveyed: &Surveyed,
    selected: Selected,
) -> (Vec<PathHistory>, Vec<Problem>) {
    let (graph, Selected { filtered, faults }) = (&data.graph, selected);
    let top = |tree: &Result<Number, _>| tree.as_ref().map_or(TreeId::EMPTY, |tree| filtered.of(*tree));
    let tops: Vec<TreeId> = graph.nodes.iter().map(|node| top(&node.tree)).collect();
    let held = reachability::all(&data.targets, graph, |tree| filtered.of(tree));
    let mut problems = gaps(data, &held, &tops, &filtered);
    problems.extend(faults.iter().map(|(id, fault)| fault.at(*id)));

    let mut comparer = Comparer::new(&filtered);
    let mut ledger = PathLog::default();
    read_commits(data, &tops, &mut comparer, &mut ledger);
    reachability::spread(graph, &held, &mut ledger);
    if data.span.is_none() {
        read_bare_trees(&held, &mut comparer, &mut ledger);
        read_dangling_trees(data, surveyed, &mut comparer, &mut ledger);
    }
    reachability::heads(&held, &tops, &comparer, &mut ledger);
    if comparer.budget.is_spent() {
        problems.push(Problem::whole(ProblemKind::TooLarge));
    }
    let current = reachability::current(&held, &tops, &comparer);
    let named = RefCell::default();
    let tops = &tops;
    let shown = Shown { data, surveyed, ledger: &ledger, comparer: &comparer, current: &current, tops, named };
    let in_span = |record: &&Record| !record.items.is_empty();
    let mut paths: Vec<PathHistory> = ledger.records.iter().filter(in_span).map(|record| shown.path(record)).collect();
    paths.sort_by(|one, other| one.path.cmp(&other.path));
    (paths, problems)
}

/// What is reached and cannot be looked into.
fn gaps(data: &HistoryData<'_>, held: &[Held<'_>], tops: &[TreeId], filtered: &FilteredTrees) -> Vec<Problem> {
    let nodes = data.graph.nodes.iter().zip(tops).filter(|(node, _)| node.is_held);
    let missing = nodes.clone().filter_map(|(node, _)| match &node.tree {
        Err(id) => Some(Fault::Missing.at(**id)),
        // What cannot be read is a problem of its own.
        Ok(tree) if matches!(data.sweep.kind(*tree), Ok(Kind::Tree) | Err(_)) => None,
        Ok(tree) => Some(Fault::Corrupt.at(data.sweep.id(*tree)?)),
    });
    let mut problems: BTreeSet<Problem> = missing.collect();
    let bare = held.iter().filter_map(|held| match held {
        Held::Tree { top, .. } => Some(*top),
        _ => None,
    });
    let holes = filtered.holes(nodes.map(|(_, top)| *top).chain(bare));
    problems.extend(holes.into_iter().map(|(id, fault)| fault.at(id)));
    let bent = filtered.problems.iter().filter_map(|(tree, kind)| Some((data.sweep.id(*tree)?, *kind)));
    problems.extend(bent.map(|(id, kind)| Problem::at(kind, id.to_string().as_str().into())));
    problems.into_iter().collect()
}

fn read_commits(data: &HistoryData<'_>, tops: &[TreeId], comparer: &mut Comparer<'_>, ledger: &mut PathLog) {
    let top = |place: Place| tops.get(place).copied().unwrap_or(TreeId::EMPTY);
    let counts = |place: Place| data.span.as_ref().is_none_or(|span| span.get(place) == Some(&true));
    for place in data.graph.order.iter().copied().filter(|place| counts(*place)) {
        let Some(node) = data.graph.get(place) else { continue };
        let commit = Commit { place, is_held: node.is_held };
        // Nearly every commit leaves all wanted files as they were.
        if data.graph.parents(place).any(|parent| top(parent) == top(place)) {
            continue;
        }
        let parents = data.graph.parents(place).map(top).collect();
        comparer.acts(top(place), parents, &mut |comparer, dir, name, act| {
            if let Some(path) = comparer.paths.below(dir, name, &mut comparer.budget) {
                ledger.note(commit, path, act, &mut comparer.budget);
            }
        });
    }
}

/// The trees that tips hold without a commit: what is in them was never added.
fn read_bare_trees(held: &[Held<'_>], comparer: &mut Comparer<'_>, ledger: &mut PathLog) {
    for (number, held) in held.iter().enumerate() {
        let Held::Tree { tip, top } = held else { continue };
        read_bare_tree(*top, comparer, ledger, &mut |ledger, item| reachability::hold(ledger, item, number, tip));
    }
}

/// The trees that no tree, no commit and no tip names.
fn read_dangling_trees(data: &HistoryData<'_>, surveyed: &Surveyed, comparer: &mut Comparer<'_>, ledger: &mut PathLog) {
    let mut named: HashSet<Number> =
        data.graph.nodes.iter().filter_map(|node| node.tree.as_ref().ok().copied()).collect();
    named.extend(data.targets.iter().map(|target| target.number));
    for tree in comparer.filtered.trees().iter().copied() {
        if !surveyed.is_named(tree) && !named.contains(&tree) {
            read_bare_tree(comparer.filtered.of(tree), comparer, ledger, &mut |_, _| {});
        }
    }
}

fn read_bare_tree(
    top: TreeId,
    comparer: &mut Comparer<'_>,
    ledger: &mut PathLog,
    hold: &mut dyn FnMut(&mut PathLog, usize),
) {
    comparer.acts(top, Vec::new(), &mut |comparer, dir, name, act| {
        let Act::Add(file) = act else { return };
        let path = comparer.paths.below(dir, name, &mut comparer.budget);
        if let Some(item) = path.and_then(|path| ledger.note_bare(path, file, &mut comparer.budget)) {
            hold(ledger, item);
        }
    });
}

/// What is needed to tell a path's history.
struct Shown<'a, 'g> {
    data: &'a HistoryData<'g>,
    surveyed: &'a Surveyed,
    ledger: &'a PathLog,
    comparer: &'a Comparer<'a>,
    current: &'a HashSet<PathId>,
    /// By commit, the filtered tree of its tree.
    tops: &'a [TreeId],
    named: RefCell<HashMap<Place, CommitRef>>,
}

impl Shown<'_, '_> {
    fn path(&self, record: &Record) -> PathHistory {
        let dates = record.dates();
        // What a commit did is known only where all its parents are.
        let added = dates.added.filter(|place| self.data.graph.get(*place).is_some_and(|node| !node.is_cut));
        let (added, changed) =
            (added.filter(|it| self.is_seen(*it)), dates.last_changed.filter(|it| self.is_seen(*it)));
        let blobs: Vec<Blob> = record.items.iter().filter_map(|item| self.blob(*item)).collect();
        let target = |number: &usize| self.data.targets.get(*number);
        // A mirror of a forge has a ref for each pull request, and one path may be in all of them.
        let mut names: Vec<&Vec<u8>> =
            record.holders.iter().filter_map(|number| target(number)?.tip.name.as_ref()).collect();
        names.sort_unstable();
        names.dedup();
        PathHistory {
            path: self.comparer.paths.text(record.path, self.comparer.filtered),
            same_as: None,
            is_numbered: false,
            reach: blobs.iter().map(|blob| blob.reach).min().unwrap_or(Reach::Unreachable),
            blobs,
            added: self.commit(added),
            last_changed: self.commit(changed),
            removed: self.commit(dates.removed.filter(|it| !self.current.contains(&record.path) && self.is_seen(*it))),
            refs: names.into_iter().cloned().map(Name).collect(),
        }
    }

    fn blob(&self, item: usize) -> Option<Blob> {
        let item = self.ledger.items.get(item)?;
        let (id, mode, reach) = (item.file.id, item.file.mode, item.reach);
        let first = self.commit(item.first.map(|commit| commit.place).filter(|place| self.is_seen(*place)));
        let is_elsewhere = self.data.sweep.number(id).is_some_and(|number| self.surveyed.has_other_names(number));
        Some(Blob { id, mode, first, reach, is_elsewhere })
    }

    /// Whether the trees of a commit's parents are all here: a partial clone may have left some out.
    fn is_seen(&self, place: Place) -> bool {
        let graph = &self.data.graph;
        let top = |place: Place| self.tops.get(place).copied().unwrap_or(TreeId::EMPTY);
        let is_whole = |parent: Place| {
            let is_there = graph.get(parent).is_some_and(|node| node.tree.is_ok());
            is_there && self.comparer.filtered.holes(std::iter::once(top(parent))).is_empty()
        };
        graph.parents(place).all(is_whole)
    }

    fn commit(&self, place: Option<Place>) -> Option<CommitRef> {
        let place = place?;
        if let Some(known) = self.named.borrow().get(&place) {
            return Some(known.clone());
        }
        let named = self.data.named(place)?;
        self.named.borrow_mut().insert(place, named.clone());
        Some(named)
    }
}
