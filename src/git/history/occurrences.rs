//! Where values that were looked for stand in what git stores, and who holds on to it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::attribution::{self, HistoryData};
use super::examine::Context;
use super::graph::Place;
use crate::git::history::reachability::{self, TipCommit};
use crate::git::history::{PathHistory, Question, Unnamed};
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::object::tag::tag_target;
use crate::git::odb::Number;
use crate::git::refs::reach_kind::Reach;
use crate::git::refs::tips::Tip;
use crate::git::sweep::wanted_entries::Wanted;
use crate::git::sweep::{Searched, Surveyed};
use crate::git::{Blob, CommitRef, Oid};
use crate::name::Name;
use crate::problem::{Problem, ProblemKind};
use crate::secret::search::{Needles, Spot};

/// Tags of tags of tags: more than this is no honest repository.
const HOPS: usize = 64;

/// The values in git's contents, messages and names.
#[derive(Clone, Debug, Default)]
pub struct Occurrences {
    /// The paths at which contents stood that have values; of their contents those alone.
    pub paths: Vec<PathHistory>,
    /// Such contents without a path: an index may have them.
    pub nameless: Vec<Unnamed>,
    /// Commits and annotated tags that have some: in the message, or a person's name.
    pub messages: Vec<Message>,
    /// Paths whose last part has some; it may be a directory's name.
    pub names: Vec<(PathHistory, Vec<Spot>)>,
    /// Branches, tags and other refs whose names have some.
    pub refs: Vec<(Name, Reach, Vec<Spot>)>,
    contents: BTreeMap<Oid, Vec<Spot>>,
}

/// A commit or an annotated tag that has values.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: Oid,
    /// The commit; `None` for a tag.
    pub commit: Option<CommitRef>,
    /// The values.
    pub spots: Vec<Spot>,
    /// The full names of the refs that reach it, sorted.
    pub refs: Vec<Name>,
    /// The strongest hold.
    pub reach: Reach,
}

impl Occurrences {
    /// The values that stand anywhere.
    #[must_use]
    pub fn values(&self) -> BTreeSet<usize> {
        let messages = self.messages.iter().map(|message| &message.spots);
        let names = self.names.iter().map(|(_, spots)| spots).chain(self.refs.iter().map(|(.., spots)| spots));
        self.contents.values().chain(messages).chain(names).flatten().map(|spot| spot.value).collect()
    }

    /// The values in a content.
    #[must_use]
    pub fn of(&self, blob: Oid) -> &[Spot] {
        self.contents.get(&blob).map(Vec::as_slice).unwrap_or_default()
    }
}

/// All of them, and what could not be looked into.
pub(in crate::git) fn all(
    data: &HistoryData<'_>,
    surveyed: &Surveyed,
    searched: Searched,
    context: &Context<'_>,
    question: &Question<'_>,
) -> (Occurrences, Vec<Problem>) {
    let (mut problems, mut faults) = (Vec::new(), HashMap::new());
    match context.is_partial {
        // It says once that contents were left out: no need to know which commits have them.
        true => problems.extend(surveyed.absent.iter().min().map(|id| Fault::Missing.at(*id))),
        false => faults.extend(surveyed.absent.iter().map(|id| (*id, Fault::Missing))),
    }
    match data.span {
        // What other commits have is not asked for.
        Some(_) => faults.extend(searched.faults),
        None => problems.extend(searched.faults.iter().map(|(id, fault)| fault.at(*id))),
    }
    let mut found = Occurrences { contents: searched.found.into_iter().collect(), ..Occurrences::default() };
    let blobs: HashSet<Oid> = found.contents.keys().chain(faults.keys()).copied().collect();
    if !blobs.is_empty() {
        let paths = attributed(data, &surveyed.of_values(), Wanted::Blobs(&blobs), &mut problems);
        problems.extend(unread(&paths, &faults));
        found.paths = with_values(paths, &found.contents);
    }
    if !surveyed.names.is_empty() {
        let spots: HashMap<&[u8], &[Spot]> =
            surveyed.names.iter().map(|(name, spots)| (name.as_slice(), spots.as_slice())).collect();
        let names = spots.keys().map(|name| name.to_vec()).collect();
        let wanted = Wanted::Names(&names);
        let surveyed = data.sweep.survey(wanted, None, &[Kind::Tree], question.progress);
        let paths = attributed(data, &surveyed, wanted, &mut problems);
        let of = |path: &PathHistory| spots.get(path.path.file_name()).map(|spots| spots.to_vec());
        found.names = paths.into_iter().filter_map(|path| Some((of(&path)?, path))).map(|(of, it)| (it, of)).collect();
    }
    found.messages = commits(data, surveyed);
    if data.span.is_none() {
        found.nameless = nameless(data, &found);
        found.messages.extend(tags(data, surveyed, context));
        found.refs = question.sought.map(|needles| refs(needles, context)).unwrap_or_default();
    }
    (found, problems)
}

fn attributed(
    data: &HistoryData<'_>,
    surveyed: &Surveyed,
    wanted: Wanted<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<PathHistory> {
    let (paths, gaps) = attribution::paths(data, surveyed, attribution::select(data.sweep, surveyed, wanted));
    // The others were found when files were asked for by name.
    problems.extend(gaps.into_iter().filter(|gap| gap.kind == ProblemKind::TooLarge));
    paths
}

/// What a commit that something holds names and could not be read. `git gc` may take from others what it likes.
fn unread<'a>(paths: &'a [PathHistory], faults: &'a HashMap<Oid, Fault>) -> impl Iterator<Item = Problem> {
    let blobs = paths.iter().flat_map(|path| &path.blobs).filter(|blob| blob.reach < Reach::Unreachable);
    blobs.filter_map(|blob| Some(faults.get(&blob.id)?.at(blob.id)))
}

fn with_values(mut paths: Vec<PathHistory>, contents: &BTreeMap<Oid, Vec<Spot>>) -> Vec<PathHistory> {
    for path in &mut paths {
        path.blobs.retain(|Blob { id, .. }| contents.contains_key(id));
    }
    paths.retain(|path| !path.blobs.is_empty());
    paths
}

/// The contents that stand at no path.
fn nameless(data: &HistoryData<'_>, found: &Occurrences) -> Vec<Unnamed> {
    let named: HashSet<Oid> = found.paths.iter().flat_map(|path| &path.blobs).map(|blob| blob.id).collect();
    let mut list = Vec::new();
    for id in found.contents.keys().filter(|id| !named.contains(id)) {
        let number = data.sweep.number(*id);
        let tips = data.targets.iter().filter(|target| Some(target.number) == number).map(|target| target.tip);
        let (refs, reach) = held(tips);
        list.push(Unnamed { id: *id, refs, reach });
    }
    list
}

fn commits(data: &HistoryData<'_>, surveyed: &Surveyed) -> Vec<Message> {
    let counts = |place: Place| data.span.as_ref().is_none_or(|span| span.get(place) == Some(&true));
    let place = |number: Number| data.graph.place(number).filter(|place| counts(*place));
    let (mut messages, mut sources) = (Vec::new(), Vec::new());
    for (number, spots) in &surveyed.messages {
        let (Some(place), Some(id)) = (place(*number), data.sweep.id(*number)) else { continue };
        let commit = data.named(place);
        sources.push((place, messages.len()));
        messages.push(Message { id, commit, spots: spots.clone(), refs: Vec::new(), reach: Reach::Unreachable });
    }
    if messages.is_empty() {
        return messages;
    }
    let targets = data.targets.iter().enumerate().filter(|(_, target)| target.kind == Kind::Commit);
    let tips: Vec<TipCommit<'_>> =
        targets.filter_map(|(number, target)| Some((number, target.tip, data.graph.place(target.number)?))).collect();
    let mut holders: Vec<Vec<&Tip>> = vec![Vec::new(); messages.len()];
    reachability::each_reached(&data.graph, &tips, sources, &mut |item, (_, tip, _)| {
        holders.get_mut(item).into_iter().for_each(|list| list.push(tip));
    });
    for (message, tips) in messages.iter_mut().zip(holders) {
        (message.refs, message.reach) = held(tips.into_iter());
    }
    messages
}

/// The annotated tags, and the refs that name them, perhaps through other tags.
fn tags(data: &HistoryData<'_>, surveyed: &Surveyed, context: &Context<'_>) -> Vec<Message> {
    let is_tag = |number: Number| data.sweep.kind(number) == Ok(Kind::Tag);
    let found = surveyed.messages.iter().filter(|(number, _)| is_tag(*number));
    let found: Vec<(Oid, &Vec<Spot>)> =
        found.filter_map(|(number, spots)| Some((data.sweep.id(*number)?, spots))).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let mut holders: HashMap<Oid, Vec<&Tip>> = HashMap::new();
    for tip in context.tips {
        let mut at = Some(tip.id);
        for _ in 0..HOPS {
            let Some(id) = at.filter(|id| data.sweep.number(*id).is_some_and(is_tag)) else { break };
            holders.entry(id).or_default().push(tip);
            at = data.or_unread(id, data.reader.read_as(id, Kind::Tag)).and_then(|content| tag_target(&content));
        }
    }
    let message = |(id, spots): (Oid, &Vec<Spot>)| {
        let (refs, reach) = held(holders.remove(&id).unwrap_or_default().into_iter());
        Message { id, commit: None, spots: spots.clone(), refs, reach }
    };
    found.into_iter().map(message).collect()
}

fn refs(needles: &Needles, context: &Context<'_>) -> Vec<(Name, Reach, Vec<Spot>)> {
    let named = context.tips.iter().filter_map(|tip| Some((tip, tip.name.as_ref()?)));
    let found = named.filter_map(|(tip, name)| {
        let spots = needles.spots(name).all;
        (!spots.is_empty()).then(|| (Name(name.clone()), tip.hold.reach(), spots))
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    found.dedup();
    found
}

/// The names of tips, sorted, and the strongest hold that one of them has.
fn held<'a>(tips: impl Iterator<Item = &'a Tip>) -> (Vec<Name>, Reach) {
    let (mut names, mut reach) = (Vec::new(), Reach::Unreachable);
    for tip in tips {
        names.extend(tip.name.clone().map(Name));
        reach = reach.min(tip.hold.reach());
    }
    names.sort();
    names.dedup();
    (names, reach)
}
