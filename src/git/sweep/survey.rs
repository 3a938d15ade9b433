//! The first pass: every commit, tree and tag once. What names what, and which trees have a wanted entry.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU8, Ordering};

use super::Sought;
use super::entries;
use super::forest::Forest;
use super::walk::{Seen, Visitor};
use crate::git::Oid;
use crate::git::objects::{Commit, Fault, Kind, TreeEntry, tag_target};
use crate::git::odb::{Node, Number, Odb};
use crate::path::RelPath;
use crate::search::{Needles, Spot};

/// Of more blobs that are not there it need not be known which: one is enough for "incomplete".
const MOST_ABSENT: usize = 1 << 20;

/// What is known of each object, as bits.
pub(super) struct Flags(Vec<AtomicU8>);

impl Flags {
    /// A tree has an entry with its id.
    pub(super) const NAMED: u8 = 1;
    /// And the entry's name is a wanted one.
    pub(super) const WANTED: u8 = 2;
    /// And the entry's name is not a wanted one.
    pub(super) const UNWANTED: u8 = 4;
    /// A tree that has a wanted entry, or one that cannot be looked into; perhaps further down.
    pub(super) const HOLDS: u8 = 8;

    pub(super) fn new(count: usize) -> Self {
        Self((0..count).map(|_| AtomicU8::new(0)).collect())
    }

    /// What is named, and no more.
    pub(super) fn named(&self) -> Self {
        let named = |flags: &AtomicU8| AtomicU8::new(flags.load(Ordering::Relaxed) & Self::NAMED);
        Self(self.0.iter().map(named).collect())
    }

    pub(super) fn has(&self, number: Number, bit: u8) -> bool {
        self.0.get(number as usize).is_some_and(|flags| flags.load(Ordering::Relaxed) & bit != 0)
    }

    pub(super) fn add(&self, number: Number, bits: u8) {
        let Some(flags) = self.0.get(number as usize) else { return };
        // Most are there already, and a line that is only read need not travel between processors.
        if flags.load(Ordering::Relaxed) & bits != bits {
            flags.fetch_or(bits, Ordering::Relaxed);
        }
    }
}

/// Which entries of trees are asked for.
#[derive(Clone, Copy)]
pub(in crate::git) enum Wanted<'a> {
    /// By a file's name, shown without its directories.
    Named(&'a (dyn Fn(&RelPath) -> bool + Sync)),
    /// By their blob.
    Blobs(&'a HashSet<Oid>),
    /// By the name, of a file or of a directory: then what is below it is not asked for.
    Names(&'a HashSet<Vec<u8>>),
}

/// Judges entries. The same names stand in tree after tree: each is judged once.
pub(super) struct Judge<'a> {
    wanted: Wanted<'a>,
    sought: Option<&'a Needles>,
    names: HashMap<Vec<u8>, bool>,
    /// The names that have values.
    pub(super) found: Vec<(Vec<u8>, Vec<Spot>)>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(wanted: Wanted<'a>, sought: Option<&'a Needles>) -> Self {
        Self { wanted, sought, names: HashMap::new(), found: Vec::new() }
    }

    /// Whether a file is asked for.
    pub(super) fn wants(&mut self, entry: &TreeEntry<'_>) -> bool {
        match self.wanted {
            Wanted::Blobs(blobs) => blobs.contains(&entry.id),
            Wanted::Names(names) => names.contains(entry.name),
            Wanted::Named(wanted) => self.wants_name(entry.name, wanted),
        }
    }

    /// Whether a directory is asked for as such.
    pub(super) fn wants_directory(&self, entry: &TreeEntry<'_>) -> bool {
        matches!(self.wanted, Wanted::Names(names) if names.contains(entry.name))
    }

    /// Looks at the name of what is no file.
    pub(super) fn look(&mut self, name: &[u8]) {
        if let (Wanted::Named(wanted), Some(_)) = (self.wanted, self.sought) {
            self.wants_name(name, wanted);
        }
    }

    fn wants_name(&mut self, name: &[u8], wanted: &(dyn Fn(&RelPath) -> bool + Sync)) -> bool {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let spots = self.sought.map(|needles| needles.spots(name).all).unwrap_or_default();
        if !spots.is_empty() {
            self.found.push((name.to_vec(), spots));
        }
        *self.names.entry(name.to_vec()).or_insert(wanted(&RelPath::new(name)))
    }
}

/// A commit, as it was read.
pub(in crate::git) struct Swept {
    pub(in crate::git) number: Number,
    /// Its tree; the id of one that is not there.
    pub(in crate::git) tree: Result<Number, Oid>,
    /// The parents that are there.
    pub(in crate::git) parents: Vec<Number>,
    /// And those that are not.
    pub(in crate::git) absent: Vec<Oid>,
    /// The committer's time, in seconds.
    pub(in crate::git) time: i64,
}

/// What one thread found.
pub(super) struct Survey<'a> {
    odb: &'a Odb,
    forest: &'a Forest,
    flags: &'a Flags,
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
}

impl<'a> Survey<'a> {
    pub(super) fn new(
        odb: &'a Odb,
        forest: &'a Forest,
        flags: &'a Flags,
        wanted: Wanted<'a>,
        sought: Option<Sought<'a>>,
    ) -> Self {
        let (edges, commits, broken) = (Vec::new(), Vec::new(), Vec::new());
        let judge = Judge::new(wanted, sought.map(|sought| sought.needles));
        let (messages, absent, holders) = (Vec::new(), HashSet::new(), Vec::new());
        let hits = sought.map(|sought| sought.blobs).filter(|blobs| !blobs.is_empty());
        Self { odb, forest, flags, judge, edges, commits, broken, seen: 0, messages, absent, hits, holders }
    }

    /// Looks for values in a commit or a tag.
    fn message(&mut self, number: Number, content: &[u8]) {
        let spots = self.judge.sought.map(|needles| needles.spots(content).all).unwrap_or_default();
        if !spots.is_empty() {
            self.messages.push((number, spots));
        }
    }

    fn swept(&self, number: Number, commit: Commit<'_>) -> Swept {
        let find = |id: &Oid| self.odb.ids.find(id.as_bytes());
        let (mut parents, mut absent) = (Vec::with_capacity(commit.parents.len()), Vec::new());
        for id in commit.parents {
            match find(&id) {
                Some(parent) => parents.push(parent),
                None => absent.push(id),
            }
        }
        Swept { number, tree: find(&commit.tree).ok_or(commit.tree), parents, absent, time: commit.time }
    }

    fn tree(&mut self, number: Number, content: &[u8], base: &[u8]) -> bool {
        entries::compare(content, base, self.odb.id_len, &mut |entry| {
            // What the base has was seen there.
            if entry.same.is_some() {
                return true;
            }
            let Some(entry) = entry.read() else { return false };
            if entry.is_directory() {
                self.directory(number, &entry);
            } else if entry.is_file() {
                self.file(number, &entry);
            }
            true
        })
    }

    fn directory(&mut self, tree: Number, entry: &TreeEntry<'_>) {
        self.judge.look(entry.name);
        if self.judge.wants_directory(entry) {
            self.flags.add(tree, Flags::HOLDS);
        }
        match below(self.odb, self.forest, entry.id) {
            Ok(below) => {
                self.flags.add(below, Flags::NAMED);
                self.edges.push((tree, below));
            }
            // Whether that is wrong depends on who reaches the tree.
            Err(_) => self.flags.add(tree, Flags::HOLDS),
        }
    }

    fn file(&mut self, tree: Number, entry: &TreeEntry<'_>) {
        let is_wanted = self.judge.wants(entry);
        if is_wanted {
            self.flags.add(tree, Flags::HOLDS);
        }
        if let Some(blob) = self.odb.ids.find(entry.id.as_bytes()) {
            self.flags.add(blob, Flags::NAMED | if is_wanted { Flags::WANTED } else { Flags::UNWANTED });
            if self.hits.is_some_and(|hits| hits.contains(&blob)) {
                self.holders.push(tree);
            }
        } else if self.judge.sought.is_some() && self.absent.len() < MOST_ABSENT {
            self.absent.insert(entry.id);
            self.holders.push(tree);
        }
    }
}

/// The tree that a directory's entry names. One that cannot be read is a problem of its own.
pub(super) fn below(odb: &Odb, forest: &Forest, id: Oid) -> Result<Number, Fault> {
    let number = odb.ids.find(id.as_bytes()).ok_or(Fault::Missing)?;
    match odb.node(number).and_then(|node| forest.kind(node)) {
        Some(Kind::Tree) | None => Ok(number),
        Some(_) => Err(Fault::Corrupt),
    }
}

impl Visitor for Survey<'_> {
    type Mark = ();

    fn enters(&self, _: Node) -> bool {
        true
    }

    fn visit(&mut self, seen: &Seen<'_, ()>) -> Option<()> {
        self.seen += 1;
        let is_sound = match seen.kind {
            Kind::Tree => self.tree(seen.number, seen.content, seen.base.map_or(&[], |base| base.content)),
            Kind::Tag => {
                self.message(seen.number, seen.content);
                tag_target(seen.content).is_some()
            }
            Kind::Blob => true,
            Kind::Commit => {
                self.message(seen.number, seen.content);
                let commit = Commit::parse(seen.content);
                let is_commit = commit.is_some();
                self.commits.extend(commit.map(|commit| self.swept(seen.number, commit)));
                is_commit
            }
        };
        if !is_sound {
            self.broken.push((seen.number, Fault::Corrupt));
        }
        is_sound.then_some(())
    }
}
