//! The first pass: every commit, tree and tag once. What names what, and which trees have a wanted entry.

use std::collections::HashSet;

use super::Sought;
use super::entries::{self, Beside, Part, Partly, Text};
use super::flags::Flags;
use super::walk::{Base, Leaf, Seen, Visitor};
use crate::git::Oid;
use crate::git::object::commit::Commit;
use crate::git::object::kind::Kind;
use crate::git::object::read::Fault;
use crate::git::object::tag::tag_target;
use crate::git::object::tree::TreeEntry;
use crate::git::odb::{Node, Number, Odb};
use crate::git::sweep::delta_forest::Forest;
use crate::git::sweep::wanted_entries::{Judge, Verdict, Wanted, is_number};
use crate::secret::search::Spot;

/// Of more blobs that are not there it need not be known which: one is enough for "incomplete".
const MOST_ABSENT: usize = 1 << 20;

/// A commit, as it was read.
pub(in crate::git) struct Swept {
    pub(in crate::git) number: Number,
    /// Its tree; the id of one that is not there.
    pub(in crate::git) tree: Result<Number, Box<Oid>>,
    pub(in crate::git) parents: Parents,
    /// The committer's time, in seconds.
    pub(in crate::git) time: i64,
}

/// A commit's parents. There may be a million commits, and most have one parent, so that one needs no memory of its own.
pub(in crate::git) enum Parents {
    /// One that is there.
    One(Number),
    Others(Box<Others>),
}

#[derive(Default)]
pub(in crate::git) struct Others {
    /// The parents that are there.
    known: Vec<Number>,
    /// And those that are not.
    absent: Vec<Oid>,
}

impl Parents {
    fn of(ids: impl Iterator<Item = Result<Number, Oid>>) -> Self {
        let mut others = Others::default();
        for parent in ids {
            match parent {
                Ok(parent) => others.known.push(parent),
                Err(id) => others.absent.push(id),
            }
        }
        match (others.known.as_slice(), others.absent.as_slice()) {
            ([one], []) => Self::One(*one),
            _ => Self::Others(Box::new(others)),
        }
    }

    /// Those that are there.
    pub(in crate::git) fn known(&self) -> &[Number] {
        match self {
            Self::One(number) => std::slice::from_ref(number),
            Self::Others(others) => &others.known,
        }
    }

    /// Those that are not.
    pub(in crate::git) fn absent(&self) -> &[Oid] {
        match self {
            Self::One(_) => &[],
            Self::Others(others) => &others.absent,
        }
    }
}

/// An entry whose object is not looked up yet.
struct Unsettled {
    tree: Number,
    id: Oid,
    is_directory: bool,
    /// What its name makes of a file.
    bits: u8,
}

/// Commits whose trees and parents are not looked up yet.
#[derive(Default)]
struct Waiting {
    /// The number of each, how many parents it has, and its time.
    commits: Vec<(Number, usize, i64)>,
    /// The tree of each and its parents, one commit behind the other.
    ids: Vec<Oid>,
}

/// So many are looked up together.
const TOGETHER: usize = 1 << 10;

/// What one thread found.
pub(super) struct Survey<'a> {
    odb: &'a Odb,
    pub(super) flags: Flags,
    pub(super) judge: Judge<'a>,
    /// A tree, and one right below it that its delta base has not.
    pub(super) edges: Vec<(Number, Number)>,
    pub(super) commits: Vec<Swept>,
    pub(super) broken: Vec<(Number, Fault)>,
    pub(super) seen: u64,
    pub(super) messages: Vec<(Number, Vec<Spot>)>,
    /// The blobs that trees name and that are not there, where values are looked for.
    pub(super) absent: HashSet<Oid>,
    /// The blobs whose places are asked for, and the trees that name one, or one that is not there.
    hits: Option<&'a HashSet<Number>>,
    pub(super) holders: Vec<Number>,
    /// The directories whose names are asked for of files: what is in them may be asked for, too.
    pub(super) places: HashSet<(Vec<u8>, Oid)>,
    unsettled: Vec<Unsettled>,
    waiting: Waiting,
    found: Vec<Option<Number>>,
    spare: Vec<Vec<u32>>,
    /// A tree of which only some is put together.
    partly: Vec<u8>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(odb: &'a Odb, forest: &'a Forest, wanted: Wanted<'a>, sought: Option<Sought<'a>>) -> Self {
        let (edges, commits, broken) = (Vec::new(), Vec::new(), Vec::new());
        let judge = Judge::new(wanted, sought.map(|sought| sought.needles));
        let (messages, absent, holders) = (Vec::new(), HashSet::new(), Vec::new());
        let hits = sought.map(|sought| sought.blobs).filter(|blobs| !blobs.is_empty());
        let (unsettled, spare) = (Vec::with_capacity(TOGETHER), Vec::new());
        Self {
            odb,
            flags: Flags::new(forest),
            judge,
            edges,
            commits,
            broken,
            seen: 0,
            messages,
            absent,
            hits,
            holders,
            places: HashSet::new(),
            unsettled,
            waiting: Waiting::default(),
            found: Vec::new(),
            spare,
            partly: Vec::new(),
        }
    }

    /// Looks for values in a commit or a tag.
    fn message(&mut self, number: Number, content: &[u8]) {
        let spots = self.judge.sought.map(|needles| needles.spots(content).all).unwrap_or_default();
        if !spots.is_empty() {
            self.messages.push((number, spots));
        }
    }

    fn commit(&mut self, number: Number, commit: &Commit<'_>) {
        let waiting = &mut self.waiting;
        waiting.ids.push(commit.tree);
        waiting.ids.extend_from_slice(&commit.parents);
        waiting.commits.push((number, commit.parents.len(), commit.time));
        if waiting.commits.len() >= TOGETHER {
            self.settle_commits();
        }
    }

    fn settle_commits(&mut self) {
        let Waiting { commits, ids } = &mut self.waiting;
        self.odb.ids.find_all(ids.iter(), &mut self.found);
        let mut found = ids.drain(..).zip(self.found.drain(..)).map(|(id, number)| number.ok_or(id));
        for (number, count, time) in commits.drain(..) {
            let Some(tree) = found.next() else { break };
            let parents = Parents::of(found.by_ref().take(count));
            self.commits.push(Swept { number, tree: tree.map_err(Box::new), parents, time });
        }
    }

    /// Looks at what a tree has and its base has not.
    fn tree(
        &mut self,
        number: Number,
        tree: impl Text,
        beside: Option<Beside<'_>>,
        starts: &mut impl Extend<u32>,
    ) -> bool {
        let is_sound = entries::read(tree, beside, self.odb.id_len, starts, &mut |part| {
            if let Part::New { entry, .. } = part {
                self.entry(number, &entry);
            }
        });
        if self.unsettled.len() >= TOGETHER {
            self.settle();
        }
        is_sound
    }

    fn entry(&mut self, tree: Number, entry: &TreeEntry<'_>) {
        let is_directory = entry.is_directory();
        let verdict = if is_directory {
            if self.judge.look(entry.name) {
                self.places.insert((entry.name.to_vec(), entry.id));
            }
            self.judge.wants_directory(entry).into()
        } else if entry.is_file() {
            self.judge.judge(entry)
        } else {
            Verdict::default()
        };
        if verdict.is_found {
            self.flags.add(tree, Flags::HOLDS);
        }
        if is_directory || entry.is_file() {
            let bits = match verdict.is_wanted {
                true => Flags::NAMED | Flags::WANTED,
                false if is_number(entry.name, self.odb.id_len) => Flags::NUMBERED | Flags::UNWANTED,
                false => Flags::NAMED | Flags::UNWANTED,
            };
            self.unsettled.push(Unsettled { tree, id: entry.id, is_directory, bits });
        }
    }

    /// Looks up all that is not looked up yet.
    pub(super) fn finish(&mut self) {
        self.settle();
        self.settle_commits();
    }

    /// Looks up the objects of the entries that were seen.
    fn settle(&mut self) {
        let (waiting, mut found) = (std::mem::take(&mut self.unsettled), std::mem::take(&mut self.found));
        self.odb.ids.find_all(waiting.iter().map(|entry| &entry.id), &mut found);
        for (entry, number) in waiting.iter().zip(&found) {
            if entry.is_directory { self.directory(entry, *number) } else { self.file(entry, *number) }
        }
        self.found = found;
        self.unsettled = waiting;
        self.unsettled.clear();
    }

    fn directory(&mut self, entry: &Unsettled, number: Option<Number>) {
        match number.filter(|number| !self.flags.has(*number, Flags::NO_TREE)) {
            Some(below) => {
                self.flags.add(below, Flags::NAMED);
                self.edges.push((entry.tree, below));
            }
            // Whether that is wrong depends on who reaches the tree.
            None => self.flags.add(entry.tree, Flags::HOLDS),
        }
    }

    fn file(&mut self, entry: &Unsettled, number: Option<Number>) {
        if let Some(blob) = number {
            self.flags.add(blob, entry.bits);
            if self.hits.is_some_and(|hits| hits.contains(&blob)) {
                self.holders.push(entry.tree);
            }
        } else if self.judge.sought.is_some() && self.absent.len() < MOST_ABSENT {
            self.absent.insert(entry.id);
            self.holders.push(entry.tree);
        }
    }
}

/// The tree that a directory's entry names. One that cannot be read is a problem of its own.
pub(super) fn below(odb: &Odb, forest: &Forest, id: Oid) -> Result<Number, Fault> {
    let number = odb.ids.find(id.as_bytes()).ok_or(Fault::Missing)?;
    match forest.type_of(number) {
        Some(Kind::Tree) | None => Ok(number),
        Some(_) => Err(Fault::Corrupt),
    }
}

/// Where the starts of entries go that nobody asks for.
struct Nowhere;

impl Extend<u32> for Nowhere {
    fn extend<T: IntoIterator<Item = u32>>(&mut self, _: T) {}
}

impl Visitor for Survey<'_> {
    /// Where the entries of a tree begin.
    type Mark = Vec<u32>;

    fn enters(&self, _: Node) -> bool {
        true
    }

    fn visit(&mut self, seen: &Seen<'_, Vec<u32>>) -> Option<Vec<u32>> {
        self.seen += 1;
        let (number, content) = (seen.number, seen.content);
        let is_sound = match seen.kind {
            Kind::Tree => {
                let beside = seen.base.as_ref().map(|Base { mark, made }| Beside { starts: mark, pieces: made.pieces });
                let mut starts = self.spare.pop().unwrap_or_default();
                starts.clear();
                if self.tree(number, content, beside, &mut starts) {
                    return Some(starts);
                }
                self.spare.push(starts);
                false
            }
            Kind::Tag => {
                self.message(number, content);
                tag_target(content).is_some()
            }
            Kind::Blob => true,
            Kind::Commit => {
                self.message(number, content);
                let commit = Commit::parse(content);
                let is_commit = commit.is_some();
                commit.into_iter().for_each(|commit| self.commit(number, &commit));
                is_commit
            }
        };
        if !is_sound {
            self.broken.push((number, Fault::Corrupt));
        }
        None
    }

    fn visit_leaf(&mut self, leaf: &Leaf<'_, Vec<u32>>) -> bool {
        if leaf.kind != Kind::Tree {
            return false;
        }
        let (made, mut out) = (leaf.made, std::mem::take(&mut self.partly));
        if out.len() < made.len() {
            out.resize(made.len(), 0);
        }
        let beside = Beside { starts: leaf.mark, pieces: made.pieces };
        let tree = Partly { made, out: out.get_mut(..made.len()).unwrap_or_default() };
        let is_sound = self.tree(leaf.number, tree, Some(beside), &mut Nowhere);
        self.partly = out;
        self.seen += u64::from(is_sound);
        is_sound
    }

    fn forget(&mut self, starts: Vec<u32>) {
        self.spare.push(starts);
    }
}
