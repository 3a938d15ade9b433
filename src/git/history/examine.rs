//! From the question to the answer: the sweep, attribution, and what has no path.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use zeroize::Zeroizing;

use super::attribution::{self, HistoryData};
use super::graph::{Graph, Place};
use super::targets::{self, Target};
use crate::git::Oid;
use crate::git::history::{History, PathHistory, Question, Span, Unnamed, occurrences};
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::object::tree;
use crate::git::odb::Number;
use crate::git::refs::reach_kind::Reach;
use crate::git::refs::tips::Tip;
use crate::git::sweep::wanted_entries::Wanted;
use crate::git::sweep::{Searched, Sought, Surveyed, Sweep};
use crate::name::Name;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::threads;
use crate::work;

/// This many objects that cannot be read are named. One is enough for "incomplete"; a broken disk has thousands.
const NAMED_FAULTS: usize = 20;
/// A repack can take objects away in the middle; after this many times something else is wrong.
const TRIES: usize = 8;

/// What is needed beside the objects.
pub(in crate::git) struct Context<'a> {
    /// The `objects` directory.
    pub(in crate::git) objects: &'a Path,
    pub(in crate::git) id_len: usize,
    pub(in crate::git) tips: &'a BTreeSet<Tip>,
    /// The blobs that an index holds: they have a name there.
    pub(in crate::git) staged: &'a HashSet<Oid>,
    /// The commits whose parents a shallow clone left out.
    pub(in crate::git) shallow: &'a HashSet<Oid>,
    /// Whether missing trees are a partial clone's.
    pub(in crate::git) is_partial: bool,
}

/// The answer to a question.
pub(in crate::git) fn history(context: &Context<'_>, question: &Question<'_>) -> History {
    let mut answer = History::default();
    for _ in 0..TRIES {
        let mut problems = Vec::new();
        work::step();
        let sweep = Sweep::load(context.objects, context.id_len, &mut problems);
        let searched = question.sought.map(|needles| sweep.search(needles, question.progress));
        let kinds = [Kind::Commit, Kind::Tree, Kind::Tag];
        let blobs = searched.as_ref().map(|searched| searched.blobs(&sweep)).unwrap_or_default();
        let sought = question.sought.map(|needles| Sought { needles, blobs: &blobs });
        let wanted = Wanted::Named(question.wanted, question.beside);
        let surveyed = sweep.survey(wanted, sought, &kinds, question.progress);
        answer = examine(&sweep, (searched, surveyed), context, question, problems);
        if !sweep.has_vanished() {
            break;
        }
    }
    answer
}

fn examine(
    sweep: &Sweep,
    (searched, mut surveyed): (Option<Searched>, Surveyed),
    context: &Context<'_>,
    question: &Question<'_>,
    mut problems: Vec<Problem>,
) -> History {
    problems.extend(surveyed.faults.iter().map(|(id, fault)| fault.at(*id)));
    let reader = RefCell::new(sweep.reader());
    let targets = targets::peel_all(sweep, &reader, context.tips, &mut problems);
    let commits = std::mem::take(&mut surveyed.commits);
    let tips = targets.iter().filter(|target| target.kind == Kind::Commit).map(|target| target.number);
    let wanted = Wanted::Named(question.wanted, question.beside);
    let tips: Vec<Number> = tips.collect();
    let graph = || Graph::new(commits, sweep, tips.into_iter(), context.shallow, &mut problems);
    let (graph, selected) = threads::both(sweep.threads, graph, || attribution::select(sweep, &surveyed, wanted));
    let span = question.span.map(|span| in_span(span, sweep, &graph));
    let data = HistoryData { sweep, reader, targets, graph, span, unread: RefCell::default() };

    let (found, mut gaps) = attribution::paths(&data, &surveyed, selected);
    let is_wanted = |one: &PathHistory| (question.wanted)(&RelPath::new(one.path.file_name()));
    let (mut paths, mut beside): (Vec<_>, Vec<_>) = found.into_iter().partition(is_wanted);
    let seen = surveyed.seen + searched.as_ref().map_or(0, |searched| searched.seen);
    let values = searched.map(|searched| occurrences::all(&data, &surveyed, searched, context, question));
    let values = values.map(|(values, mut found)| {
        gaps.append(&mut found);
        values
    });
    let (left_out, gaps): (Vec<_>, Vec<_>) = gaps.into_iter().partition(|gap| is_left_out(gap, context));
    problems.extend(gaps);
    paths.extend(elsewhere(&data, &paths, question, &mut problems));
    let in_places = || in_places(&data, &surveyed, &paths, question, &mut problems);
    let (is_whole, shaped) = (question.span.is_none(), question.shaped);
    let unnamed = || is_whole.then(|| sweep.nameless(&surveyed, context.staged, shaped));
    let (mut in_places, unnamed) = threads::both(sweep.threads, in_places, unnamed);
    paths.append(&mut in_places);
    let mut nameless = unnamed.map(|found| nameless(&data, found, question, &mut problems)).unwrap_or_default();
    paths.extend(numbered(&data, &surveyed, &mut nameless, question, &mut problems));
    for paths in [&mut paths, &mut beside] {
        paths.sort_by(|one, other| one.path.cmp(&other.path));
    }
    problems.append(&mut data.unread.borrow_mut());
    let counts = |place: Place| data.span.as_ref().is_none_or(|span| span.get(place) == Some(&true));
    let counted = || data.graph.nodes.iter().enumerate().filter(|(place, _)| counts(*place));
    History {
        paths,
        beside,
        nameless,
        left_out: !left_out.is_empty(),
        is_cut: counted().any(|(_, node)| node.is_held && node.is_cut),
        problems: tidy(problems),
        commits: count(counted().count()),
        objects: seen,
        values: values.unwrap_or_default(),
    }
}

/// A partial clone leaves trees and blobs out, and says so once; it has every commit.
fn is_left_out(problem: &Problem, context: &Context<'_>) -> bool {
    context.is_partial && problem.kind == ProblemKind::MissingObject
}

fn in_span(span: Span, sweep: &Sweep, graph: &Graph) -> Vec<bool> {
    let reached = |id: Oid| {
        let place = sweep.number(id).and_then(|number| graph.place(number));
        graph.reached(&Vec::from_iter(place))
    };
    let both = |one: Oid, other: Oid| reached(one).into_iter().zip(reached(other));
    match span {
        Span::Since(since) => reached(since).into_iter().map(|old| !old).collect(),
        Span::Between(from, to) => both(from, to).map(|(old, new)| new && !old).collect(),
        Span::Apart(one, other) => both(one, other).map(|(one, other)| one != other).collect(),
    }
}

/// The paths whose names say nothing, with a content that also stands under a name that was asked for.
fn elsewhere(
    data: &HistoryData<'_>,
    paths: &[PathHistory],
    question: &Question<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<PathHistory> {
    let mut known: BTreeMap<Oid, &PathHistory> = BTreeMap::new();
    for path in paths.iter().filter(|path| (question.follows)(&path.path)) {
        for blob in path.blobs.iter().filter(|blob| blob.is_elsewhere) {
            let is_shaped =
                || data.reader.read_as(blob.id, Kind::Blob).is_ok_and(|text| (question.shaped)(&Zeroizing::new(text)));
            if known.contains_key(&blob.id) || is_shaped() {
                known.entry(blob.id).or_insert(path);
            }
        }
    }
    if known.is_empty() {
        return Vec::new();
    }
    let blobs: HashSet<Oid> = known.keys().copied().collect();
    let wanted = Wanted::Blobs(&blobs);
    let again = data.sweep.survey(wanted, None, &[Kind::Tree], question.progress);
    let (mut others, mut gaps) = attribution::paths(data, &again, attribution::select(data.sweep, &again, wanted));
    gaps.retain(|gap| gap.kind == ProblemKind::TooLarge);
    problems.append(&mut gaps);
    others.retain(|other| !(question.wanted)(&RelPath::new(other.path.file_name())));
    for other in &mut others {
        let same = other.blobs.last().and_then(|blob| known.get(&blob.id));
        other.same_as = same.map(|path| path.path.clone());
    }
    others
}

/// The paths below directories whose names are asked for of files, where path and content are asked for.
fn in_places(
    data: &HistoryData<'_>,
    surveyed: &Surveyed,
    known: &[PathHistory],
    question: &Question<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<PathHistory> {
    let known: HashSet<&RelPath> = known.iter().map(|known| &known.path).collect();
    let is_asked = |path: &RelPath| {
        (question.wanted)(path) && !path.is_root() && !(question.wanted)(&RelPath::new(path.file_name()))
    };
    let (mut blobs, mut judged) = (HashSet::new(), HashSet::new());
    for (name, tree) in &surveyed.places {
        for (path, blob) in files_below(&data.reader, name, *tree) {
            let is_new = is_asked(&path) && judged.insert(blob);
            let text = is_new.then(|| data.reader.read_as(blob, Kind::Blob).map(Zeroizing::new));
            if text.is_some_and(|text| text.is_ok_and(|text| (question.shaped)(&text))) {
                blobs.insert(blob);
            }
        }
    }
    if blobs.is_empty() {
        return Vec::new();
    }
    let wanted = Wanted::Blobs(&blobs);
    let again = data.sweep.survey(wanted, None, &[Kind::Tree], question.progress);
    let (mut paths, mut gaps) = attribution::paths(data, &again, attribution::select(data.sweep, &again, wanted));
    gaps.retain(|gap| gap.kind == ProblemKind::TooLarge);
    problems.append(&mut gaps);
    paths.retain(|path| is_asked(&path.path) && !known.contains(&path.path));
    paths
}

/// A directory for env files has no more levels than these.
const LEVELS: usize = 3;

/// The files below a tree, by their paths from its name on. What cannot be read is a problem of the survey.
fn files_below(objects: &dyn Objects, name: &[u8], tree: Oid) -> Vec<(RelPath, Oid)> {
    let (mut files, mut waiting) = (Vec::new(), vec![(RelPath::new(name), tree, 0)]);
    while let Some((dir, tree, level)) = waiting.pop() {
        for (name, (id, mode)) in tree::tree(objects, tree).unwrap_or_default() {
            let path = dir.join(&name);
            if tree::is_directory_mode(mode) && level < LEVELS {
                waiting.push((path, id, level + 1));
            } else if tree::is_file_mode(mode) {
                files.push((path, id));
            }
        }
    }
    files
}

/// The blobs that refs point at, and those that nothing names (and what of them could not be read), where their content is
/// asked for.
fn nameless(
    data: &HistoryData<'_>,
    (ids, faults): (Vec<Oid>, Vec<(Oid, Fault)>),
    question: &Question<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Unnamed> {
    problems.extend(faults.into_iter().map(|(id, fault)| fault.at(id)));
    let mut found: BTreeMap<Oid, Unnamed> = BTreeMap::new();
    for id in ids {
        found.insert(id, Unnamed { id, refs: Vec::new(), reach: Reach::Unreachable });
    }
    for Target { tip, number, .. } in data.targets.iter().filter(|target| target.kind == Kind::Blob) {
        let Some(id) = data.sweep.id(*number) else { continue };
        match data.reader.read_as(id, Kind::Blob).map(Zeroizing::new) {
            Err(Fault::TooLarge) => continue,
            Err(fault) => problems.push(fault.at(id)),
            Ok(text) if !(question.shaped)(&text) => continue,
            Ok(_) => {}
        }
        let blob = found.entry(id).or_insert(Unnamed { id, refs: Vec::new(), reach: Reach::Unreachable });
        blob.refs.extend(tip.name.clone().map(Name));
        blob.refs.sort();
        blob.reach = blob.reach.min(tip.hold.reach());
    }
    found.into_values().collect()
}

/// The paths of what was taken for nameless because its name is an id, as a note's is.
fn numbered(
    data: &HistoryData<'_>,
    surveyed: &Surveyed,
    nameless: &mut Vec<Unnamed>,
    question: &Question<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<PathHistory> {
    let is_numbered = |id: &Oid| data.sweep.number(*id).is_some_and(|number| surveyed.is_numbered(number));
    let blobs: HashSet<Oid> = nameless.iter().map(|blob| blob.id).filter(is_numbered).collect();
    if blobs.is_empty() {
        return Vec::new();
    }
    let wanted = Wanted::Blobs(&blobs);
    let again = data.sweep.survey(wanted, None, &[Kind::Tree], question.progress);
    let (mut paths, mut gaps) = attribution::paths(data, &again, attribution::select(data.sweep, &again, wanted));
    problems.append(&mut gaps);
    paths.iter_mut().for_each(|path| path.is_numbered = true);
    let found: HashSet<Oid> = paths.iter().flat_map(|path| &path.blobs).map(|blob| blob.id).collect();
    // What a ref points at as well is told for itself.
    nameless.retain(|blob| !found.contains(&blob.id) || !blob.refs.is_empty());
    paths
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
