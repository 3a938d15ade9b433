//! Which commits held the wanted paths, and who holds on to those commits.
//!
//! Pure over an object reader and the tips, so that another reader can serve it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::Oid;
use super::compare::{self, Act, Budget};
use super::graph::{Graph, Number};
use super::history::{Blob, History, PathHistory, Reach, RefBlob};
use super::holds::{self, Held};
use super::ledger::{Ledger, Record};
use super::objects::{Kind, Objects};
use super::shadow::{ShadowId, Shadows};
use super::targets::{self, Target};
use super::tips::Tip;
use crate::finding::{CommitRef, Name};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// This many objects that cannot be read are named. One is enough for "incomplete"; a broken disk has thousands.
const NAMED_FAULTS: usize = 20;

/// What is needed beside the objects.
pub(super) struct Setting<'a> {
    pub(super) tips: &'a BTreeSet<Tip>,
    /// The commits whose parents a shallow clone left out.
    pub(super) shallow: &'a HashSet<Oid>,
    /// Whether missing trees are a partial clone's.
    pub(super) is_partial: bool,
}

/// The whole history of every wanted path.
pub(super) fn history(objects: &dyn Objects, setting: &Setting<'_>, wanted: &dyn Fn(&RelPath) -> bool) -> History {
    let mut problems = Vec::new();
    let (targets, tags) = targets::peel_all(objects, setting.tips, &mut problems);
    let commits = targets.iter().filter(|target| target.kind == Kind::Commit).map(|target| target.id);
    let graph = Graph::load(objects, commits, setting.shallow, &mut problems);

    let mut shadows = Shadows::new(objects, wanted);
    let tops: Vec<ShadowId> = graph.nodes.iter().map(|node| shadows.of(node.tree)).collect();
    let held = holds::all(&targets, &graph, &mut shadows);
    let (left_out, faults): (Vec<_>, Vec<_>) =
        shadows.problems.drain(..).partition(|problem| is_left_out(problem, setting));
    problems.extend(faults);

    let mut budget = Budget::new();
    let mut ledger = Ledger::default();
    read_commits(&graph, &tops, &shadows, &mut budget, &mut ledger);
    holds::spread(&graph, &held, &mut ledger);
    read_bare_trees(&held, &shadows, &mut budget, &mut ledger);
    holds::heads(&held, &tops, &shadows, &mut ledger);
    if budget.is_spent() {
        problems.push(Problem::whole(ProblemKind::TooLarge));
    }

    let current = holds::current(&held, &tops);
    let shown = Shown { objects, graph: &graph, targets: &targets, ledger: &ledger, named: RefCell::default() };
    let mut paths: Vec<PathHistory> = ledger
        .records
        .iter()
        .map(|record| {
            let is_current = current.iter().any(|top| !shadows.files_at(*top, &record.path).is_empty());
            shown.path(record, is_current)
        })
        .collect();
    paths.sort_by(|one, other| one.path.cmp(&other.path));
    History {
        paths,
        ref_blobs: ref_blobs(&targets),
        left_out: !left_out.is_empty(),
        problems: tidy(problems),
        commits: count(graph.nodes.len()),
        objects: count(graph.nodes.len()) + count(shadows.trees_read()) + tags,
    }
}

/// A partial clone leaves trees and blobs out, and says so once; it has every commit.
fn is_left_out(problem: &Problem, setting: &Setting<'_>) -> bool {
    setting.is_partial && problem.kind == ProblemKind::MissingObject
}

fn read_commits(graph: &Graph, tops: &[ShadowId], shadows: &Shadows<'_>, budget: &mut Budget, ledger: &mut Ledger) {
    let top = |number: Number| tops.get(number).copied().unwrap_or(ShadowId::EMPTY);
    for number in &graph.order {
        let Some(node) = graph.get(*number) else { continue };
        let parents: Vec<ShadowId> = node.parents.iter().map(|parent| top(*parent)).collect();
        compare::acts(shadows, top(*number), &parents, budget, &mut |budget, path, act| {
            ledger.note(*number, path, act, budget);
        });
    }
}

/// The trees that tips hold without a commit: what is in them was never added.
fn read_bare_trees(held: &[Held<'_>], shadows: &Shadows<'_>, budget: &mut Budget, ledger: &mut Ledger) {
    for (place, held) in held.iter().enumerate() {
        let Held::Tree { tip, top } = held else { continue };
        compare::acts(shadows, *top, &[], budget, &mut |budget, path, act| {
            let Act::Add(file) = act else { return };
            if let Some(item) = ledger.note_bare(path, file, budget) {
                holds::hold(ledger, item, place, tip);
            }
        });
    }
}

/// What is needed to tell a path's history.
struct Shown<'a> {
    objects: &'a dyn Objects,
    graph: &'a Graph,
    targets: &'a [Target<'a>],
    ledger: &'a Ledger,
    named: RefCell<HashMap<Number, CommitRef>>,
}

impl Shown<'_> {
    fn path(&self, record: &Record, is_current: bool) -> PathHistory {
        // The first commit that added it is known only where all its parents are.
        let added = record.added.filter(|number| self.graph.get(*number).is_some_and(|node| !node.is_cut));
        let blobs: Vec<Blob> = record.items.iter().filter_map(|item| self.blob(*item)).collect();
        let names: BTreeSet<Name> =
            record.holders.iter().filter_map(|place| self.targets.get(*place)?.tip.name.clone()).map(Name).collect();
        PathHistory {
            path: record.path.clone(),
            reach: blobs.iter().map(|blob| blob.reach).min().unwrap_or(Reach::Unreachable),
            blobs,
            added: self.commit(added),
            last_changed: self.commit(record.last_changed),
            removed: self.commit(record.removed.filter(|_| !is_current)),
            refs: names.into_iter().collect(),
        }
    }

    fn blob(&self, item: usize) -> Option<Blob> {
        let item = self.ledger.items.get(item)?;
        Some(Blob { id: item.file.id, mode: item.file.mode, first: self.commit(item.first), reach: item.reach })
    }

    /// Authors are not kept for a whole history: the few commits that are named are read again.
    fn commit(&self, number: Option<Number>) -> Option<CommitRef> {
        let number = number?;
        if let Some(known) = self.named.borrow().get(&number) {
            return Some(known.clone());
        }
        let id = self.graph.get(number)?.id;
        let named = self.objects.commit(id).ok()?.named(id);
        self.named.borrow_mut().insert(number, named.clone());
        Some(named)
    }
}

fn ref_blobs(targets: &[Target<'_>]) -> Vec<RefBlob> {
    let blobs = targets.iter().filter(|target| target.kind == Kind::Blob);
    let mut blobs: Vec<RefBlob> =
        blobs.filter_map(|target| Some(RefBlob { name: Name(target.tip.name.clone()?), id: target.id })).collect();
    blobs.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    blobs
}

/// Sorted, each once, and of unreadable objects the first few.
fn tidy(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    let mut faults = 0;
    problems.retain(|problem| {
        let is_fault = matches!(problem.kind, ProblemKind::MissingObject | ProblemKind::CorruptObject);
        faults += usize::from(is_fault);
        !is_fault || faults <= NAMED_FAULTS
    });
    problems
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
