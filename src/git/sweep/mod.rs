//! Every object of a repository, reachable or not.
//!
//! ```text
//! odb (what lies where) -> forest (deltas on deltas) -> survey (every commit, tree, tag once) -> closure -> select
//! ```
//!
//! The first pass decodes all trees and keeps little: which trees have a wanted entry, and which lie below which. Where
//! there is no wanted entry that is the proof that there is none. Else the second pass decodes again the trees that may
//! hold one.

mod closure;
mod delta_forest;
mod entries;
pub(super) mod first_pass;
mod flags;
mod kept_trees;
mod search;
pub(super) mod second_pass;
mod unnamed;
mod walk;
pub(super) mod wanted_entries;

use self::flags::Flags;
use self::kept_trees::KeptTrees;
use self::search::Searcher;
use self::walk::{Seen, Visitor, Walker};
use super::Oid;
use super::odb::reader::Reader;
use super::odb::{Node, Number, Odb};
use crate::files::READ_LIMIT;
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::sweep::delta_forest::Forest;
use crate::git::sweep::first_pass::{Survey, Swept};
use crate::git::sweep::second_pass::{Selection, Selector};
use crate::git::sweep::unnamed::Unnamed;
use crate::git::sweep::wanted_entries::Wanted;
use crate::problem::Problem;
use crate::secret::search::{Needles, Spot};
use crate::terminal::progress::Progress;
use crate::threads;
use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// No tree, commit or tag of an honest repository is larger.
const LIMIT: u64 = 128 << 20;
/// The largest blob that is searched: GitHub takes files of 100 MiB, GitLab's default for a push is 100 MiB, too.
const BLOB_LIMIT: u64 = 256 << 20;
/// The blocks (8 KiB) of packs that all threads keep together.
const BLOCKS: usize = 8192;
/// The same for reading one object after the other.
const FEW_BLOCKS: usize = 512;
/// This many roots of the forest are one piece of work.
const PIECE: usize = 64;

/// A repository's objects, listed.
pub(super) struct Sweep {
    pub(super) odb: Odb,
    forest: Forest,
    pub(super) threads: usize,
    /// The entries of the trees, once they are asked for.
    trees: OnceLock<Option<KeptTrees>>,
}

/// What the first pass found.
pub(super) struct Surveyed {
    flags: Flags,
    edges: Arc<Vec<Vec<(Number, Number)>>>,
    /// The trees that name a blob whose places are asked for, or one that is not there.
    holders: Vec<Number>,
    /// Sorted by number, which is by id.
    pub(super) commits: Vec<Swept>,
    pub(super) faults: Vec<(Oid, Fault)>,
    /// How many objects were examined.
    pub(super) seen: u64,
    /// The values in commits and tags, by number.
    pub(super) messages: Vec<(Number, Vec<Spot>)>,
    /// And in the names of files and directories, sorted.
    pub(super) names: Vec<(Vec<u8>, Vec<Spot>)>,
    /// The blobs that trees name and that are not there, where values are looked for in all of them.
    pub(super) absent: HashSet<Oid>,
    /// The directories whose names are asked for of files, by name and tree.
    pub(super) places: BTreeSet<(Vec<u8>, Oid)>,
}

/// What was found in the blobs.
pub(super) struct Searched {
    /// The blobs that have values, and which.
    pub(super) found: Vec<(Oid, Vec<Spot>)>,
    pub(super) faults: Vec<(Oid, Fault)>,
    /// How many there are.
    pub(super) seen: u64,
}

/// Values that are looked for in the texts and names of a survey.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    pub(super) needles: &'a Needles,
    /// The blobs whose places are asked for.
    pub(super) blobs: &'a HashSet<Number>,
}

impl Sweep {
    /// Lists what is in an `objects` directory.
    pub(super) fn load(objects: &Path, id_len: usize, problems: &mut Vec<Problem>) -> Self {
        Self::with_threads(objects, id_len, threads::count(), problems)
    }

    fn with_threads(objects: &Path, id_len: usize, threads: usize, problems: &mut Vec<Problem>) -> Self {
        let odb = Odb::load(&[objects.to_path_buf()], id_len, problems);
        let forest = Forest::grow(&odb, threads);
        Self { odb, forest, threads, trees: OnceLock::new() }
    }

    /// A reader of single objects.
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader::new(&self.odb, FEW_BLOCKS)
    }

    /// The type of an object.
    pub(super) fn kind(&self, number: Number) -> Result<Kind, Fault> {
        self.forest.type_of(number).ok_or(Fault::Corrupt)
    }

    /// How many objects there are.
    pub(super) fn count(&self) -> usize {
        self.odb.ids.count()
    }

    /// Whether something was gone when it was read: git repacked, and everything must be listed again.
    pub(super) fn has_vanished(&self) -> bool {
        self.odb.has_vanished()
    }

    /// The number of an object.
    pub(super) fn number(&self, id: Oid) -> Option<Number> {
        self.odb.ids.find(id.as_bytes())
    }

    /// The id of an object.
    pub(super) fn id(&self, number: Number) -> Option<Oid> {
        self.odb.ids.get(number)
    }

    /// Looks for values in every blob.
    pub(super) fn search(&self, needles: &Needles, progress: &Progress) -> Searched {
        let roots = self.roots(|node| self.forest.kind(node) == Some(Kind::Blob));
        let visitor = || Searcher::new(needles);
        let (searchers, faults) = self.pass_within(BLOB_LIMIT, &roots, visitor, Some(progress));
        let seen = searchers.iter().map(|searcher| searcher.seen).sum();
        let found = searchers.into_iter().flat_map(|searcher| searcher.found);
        let mut found: Vec<_> = found.filter_map(|(number, spots)| Some((self.id(number)?, spots))).collect();
        found.sort_unstable();
        Searched { found, faults: self.named(faults), seen }
    }

    /// Reads every commit, tree and tag, or every tree; in their texts and names it looks for `sought`.
    pub(super) fn survey(
        &self,
        wanted: Wanted<'_>,
        sought: Option<Sought<'_>>,
        kinds: &[Kind],
        progress: &Progress,
    ) -> Surveyed {
        let mut flags = Flags::new(&self.forest);
        let roots = self.roots(|node| self.forest.kind(node).is_some_and(|kind| kinds.contains(&kind)));
        self.keep_trees();
        let visitor = || Survey::new(&self.odb, &self.forest, wanted, sought);
        let (mut surveys, mut faults) = self.pass(&roots, visitor, Some(progress));
        for survey in &mut surveys {
            survey.finish();
        }
        faults.extend(surveys.iter().flat_map(|survey| survey.broken.iter().copied()));
        let seen = surveys.iter().map(|survey| survey.seen).sum();
        let mut commits = Vec::with_capacity(surveys.iter().map(|survey| survey.commits.len()).sum());
        let (mut edges, mut absent) = (Vec::new(), HashSet::new());
        let (mut messages, mut names, mut holders) = (Vec::new(), Vec::new(), Vec::new());
        let mut places = BTreeSet::new();
        for survey in surveys {
            flags.merge(&survey.flags);
            edges.push(survey.edges);
            commits.extend(survey.commits);
            messages.extend(survey.messages);
            names.extend(survey.judge.found);
            absent.extend(survey.absent);
            holders.extend(survey.holders);
            places.extend(survey.places);
        }
        messages.sort_unstable();
        names.sort_unstable();
        names.dedup();
        // They are large, and there may be a million: none is copied to be sorted.
        commits.sort_by_cached_key(|swept| swept.number);
        let edges = Arc::new(edges);
        Surveyed { flags, edges, holders, commits, faults: self.named(faults), seen, messages, names, absent, places }
    }

    /// Reads the trees again that may hold a wanted file; with those that can no longer be read.
    pub(super) fn select(&self, surveyed: &Surveyed, wanted: Wanted<'_>) -> (Vec<Selection>, Vec<(Oid, Fault)>) {
        let mut flags = surveyed.flags.clone();
        closure::spread(&self.odb, &self.forest, &surveyed.edges, &mut flags);
        let needed = closure::needed(&self.odb, &self.forest, |number| flags.has(number, Flags::HOLDS));
        let roots = self.roots(|node| needed.get(node as usize) == Some(&true));
        let visitor = || Selector::new(&self.odb, &self.forest, &flags, &needed, wanted);
        let (selectors, mut faults) = self.pass(&roots, visitor, None);
        // A base is read for what stands on it.
        faults.retain(|(number, _)| flags.has(*number, Flags::HOLDS));
        (selectors.into_iter().map(|selector| selector.found).collect(), self.named(faults))
    }

    /// The blobs that no tree and no index names, but by an id, and whose content is asked for; and those that could not be
    /// read.
    pub(super) fn nameless(
        &self,
        surveyed: &Surveyed,
        staged: &HashSet<Oid>,
        shaped: &(dyn Fn(&[u8]) -> bool + Sync),
    ) -> (Vec<Oid>, Vec<(Oid, Fault)>) {
        let is_blob = |number| self.forest.type_of(number) == Some(Kind::Blob);
        let is_staged = |number| self.odb.ids.get(number).is_some_and(|id| staged.contains(&id));
        let is_nameless = |number| is_blob(number) && !surveyed.is_named(number) && !is_staged(number);
        let nameless: Vec<bool> = self.odb.numbers().map(is_nameless).collect();
        let asked = |number: Number| nameless.get(number as usize) == Some(&true);
        let needed = closure::needed(&self.odb, &self.forest, asked);
        let roots = self.roots(|node| needed.get(node as usize) == Some(&true));
        let limit = usize::try_from(READ_LIMIT).unwrap_or(usize::MAX);
        let visitor = || Unnamed { needed: &needed, nameless: &nameless, shaped, limit, found: Vec::new() };
        let (visitors, mut faults) = self.pass(&roots, visitor, None);
        // What is that large is no env file, and a base that is broken is a problem only where something needs it.
        faults.retain(|(number, fault)| *fault != Fault::TooLarge && asked(*number));
        let ids = visitors.iter().flat_map(|visitor| &visitor.found).filter_map(|number| self.id(*number)).collect();
        (ids, self.named(faults))
    }

    /// Trees are mostly deltas on trees that lie far away, and are read twice.
    fn keep_trees(&self) {
        self.trees.get_or_init(|| KeptTrees::read(&self.odb, &self.forest, self.threads));
    }

    fn named(&self, faults: Vec<(Number, Fault)>) -> Vec<(Oid, Fault)> {
        let named = faults.into_iter().filter_map(|(number, fault)| Some((self.id(number)?, fault)));
        let mut faults: Vec<(Oid, Fault)> = named.collect();
        faults.sort_unstable_by_key(|(id, _)| *id);
        faults
    }

    fn roots(&self, wanted: impl Fn(Node) -> bool) -> Vec<Node> {
        self.forest.roots().filter(|node| wanted(*node)).collect()
    }

    /// One pass through the forest from these roots on: the visitors, and what could not be read. What has no place in the
    /// forest is visited, too, whatever the roots are: its type is not known, and another copy of it may be sound.
    fn pass<V: Visitor + Send>(
        &self,
        roots: &[Node],
        visitor: impl Fn() -> V + Sync,
        progress: Option<&Progress>,
    ) -> (Vec<V>, Vec<(Number, Fault)>)
    where
        V::Mark: Send,
    {
        self.pass_within(LIMIT, roots, visitor, progress)
    }

    /// The same for objects of at most `limit` bytes.
    fn pass_within<V: Visitor + Send>(
        &self,
        limit: u64,
        roots: &[Node],
        visitor: impl Fn() -> V + Sync,
        progress: Option<&Progress>,
    ) -> (Vec<V>, Vec<(Number, Fault)>)
    where
        V::Mark: Send,
    {
        let pieces: Vec<&[Node]> = roots.chunks(PIECE).collect();
        let kept = self.trees.get().and_then(Option::as_ref);
        let blocks = if kept.is_some() { FEW_BLOCKS } else { BLOCKS };
        progress.inspect(|progress| progress.begin(pieces.len()));
        let worker = || {
            let reader = Reader::new(&self.odb, blocks / self.threads);
            Walker::new(&self.forest, reader, kept, limit, visitor())
        };
        let walkers = threads::share(self.threads, pieces.len(), worker, |walker, piece| {
            pieces.get(piece).into_iter().flat_map(|roots| roots.iter()).for_each(|root| walker.walk(*root));
            progress.inspect(|progress| progress.step(1));
        });
        let (mut visitors, mut failed) = (Vec::new(), self.forest.faults.clone());
        for walker in walkers {
            failed.extend(walker.failed);
            visitors.push(walker.visitor);
        }
        let faults = visitors.first_mut().map(|visitor| self.again(visitor, &failed, limit)).unwrap_or_default();
        (visitors, faults)
    }

    /// Visits what failed on its way through the forest by itself: another copy may be sound. What is left is broken.
    fn again<V: Visitor>(&self, visitor: &mut V, failed: &[(Node, Fault)], limit: u64) -> Vec<(Number, Fault)> {
        let (mut reader, mut faults) = (self.reader(), Vec::new());
        for (node, _) in failed {
            let Some(number) = self.odb.number(*node).filter(|number| self.odb.is_first(*node, *number)) else {
                continue;
            };
            match reader.object(number, limit) {
                Ok((kind, content)) => {
                    let mark = visitor.visit(&Seen { number, kind, content: &content, base: None });
                    mark.into_iter().for_each(|mark| visitor.forget(mark));
                }
                Err(fault) => faults.push((number, fault)),
            }
        }
        faults
    }
}

impl Searched {
    /// The blobs whose places are asked for: those that have values, and those that could not be read.
    pub(super) fn blobs(&self, sweep: &Sweep) -> HashSet<Number> {
        let unread = self.faults.iter().map(|(id, _)| id);
        self.found.iter().map(|(id, _)| id).chain(unread).filter_map(|id| sweep.number(*id)).collect()
    }
}

impl Surveyed {
    /// The same, with those trees in place of the wanted ones that name a blob whose places are asked for.
    pub(super) fn of_values(&self) -> Self {
        let mut flags = self.flags.named();
        self.holders.iter().for_each(|tree| flags.add(*tree, Flags::HOLDS));
        let (edges, holders, commits, faults) = (Arc::clone(&self.edges), Vec::new(), Vec::new(), Vec::new());
        let (messages, names, absent, places) = (Vec::new(), Vec::new(), HashSet::new(), BTreeSet::new());
        Self { flags, edges, holders, commits, faults, seen: 0, messages, names, absent, places }
    }

    /// Whether a tree has an entry with this id.
    pub(super) fn is_named(&self, number: Number) -> bool {
        self.flags.has(number, Flags::NAMED)
    }

    /// Whether a tree has it under a name that is an id.
    pub(super) fn is_numbered(&self, number: Number) -> bool {
        self.flags.has(number, Flags::NUMBERED)
    }

    /// Whether a tree has it under a name that was not asked for.
    pub(super) fn has_other_names(&self, number: Number) -> bool {
        self.flags.has(number, Flags::UNWANTED)
    }
}

/// An entry's mode, name and id.
#[cfg(any(test, fuzzing))]
pub(super) type PlainEntry = (u32, Vec<u8>, Oid);

/// The entries of a tree, as it is read beside its base, and whether that was all of it. With `partly` no more of it is put
/// together than is read.
#[cfg(any(test, fuzzing))]
pub(super) fn same_entries(made: super::pack::delta::Made<'_>, partly: bool, id_len: usize) -> (Vec<PlainEntry>, bool) {
    use crate::git::object::tree::{TreeEntry, tree_entries};
    use entries::{Beside, Part, Partly};

    let plain = |entry: TreeEntry<'_>| (entry.mode, entry.name.to_vec(), entry.id);
    let (mut theirs, mut starts): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
    let (mut tree, mut seen) = (Vec::new(), Vec::new());
    made.build(&mut tree);
    let is_whole = entries::read(made.base, None, id_len, &mut theirs, &mut |_| {});
    let beside = is_whole.then_some(Beside { starts: &theirs, pieces: made.pieces });
    let mut each = |part: Part<'_>| match part {
        Part::Same { from, at } => {
            assert_eq!(made.base.get(from.clone()), tree.get(at..at + from.len()), "the same bytes in both");
            seen.extend(tree_entries(made.base.get(from).unwrap_or_default(), id_len).flatten().map(plain));
        }
        Part::New { entry, .. } => seen.push(plain(entry)),
    };
    let is_whole = if partly {
        let mut out = vec![b'?'; tree.len()];
        entries::read(Partly { made, out: &mut out }, beside, id_len, &mut starts, &mut each)
    } else {
        entries::read(tree.as_slice(), beside, id_len, &mut starts, &mut each)
    };
    assert!(!is_whole || starts.len() == seen.len() + 1, "each begins somewhere");
    (seen, is_whole)
}

impl Objects for std::cell::RefCell<Reader<'_>> {
    fn read(&self, id: Oid) -> Result<(Kind, Vec<u8>), Fault> {
        let mut reader = self.borrow_mut();
        let number = reader.odb.ids.find(id.as_bytes()).ok_or(Fault::Missing)?;
        reader.object(number, LIMIT)
    }
}
