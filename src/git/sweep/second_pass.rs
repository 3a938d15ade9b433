//! The second pass: the trees that may hold a wanted file, with what is needed of them.

use std::collections::HashMap;
use std::ops::Range;

use super::entries::{self, Beside, Part};
use super::flags::Flags;
use super::walk::{Base, Seen, Visitor};
use crate::git::Oid;
use crate::git::object::kind::Kind;
use crate::git::object::read::Fault;
use crate::git::object::tree::{File, TreeEntry};
use crate::git::odb::{Node, Number, Odb};
use crate::git::sweep::delta_forest::Forest;
use crate::git::sweep::first_pass::below;
use crate::git::sweep::wanted_entries::{Judge, Wanted};

/// What is in a tree.
#[derive(Clone, Copy)]
pub(in crate::git) enum What {
    /// A wanted file, by its number in the list of files.
    File(u32),
    /// A directory that may hold one.
    Dir(Number),
    /// A directory that is not there, or is no tree, by its number in the list of holes.
    Hole(u32),
}

/// One entry of a tree.
#[derive(Clone, Copy)]
pub(in crate::git) struct Item {
    at: u32,
    /// The name's number in the list of names.
    pub(in crate::git) name: u32,
    pub(in crate::git) what: What,
}

/// What one thread found. The items of all its trees stand in one list.
pub(in crate::git) struct Selection {
    pub(in crate::git) items: Vec<Item>,
    /// A tree, and its byte_range of the items.
    pub(in crate::git) trees: Vec<(Number, Span)>,
    pub(in crate::git) names: List<Vec<u8>>,
    pub(in crate::git) files: List<File>,
    pub(in crate::git) holes: List<Hole>,
}

/// A directory that cannot be looked into.
pub(in crate::git) type Hole = (Oid, Fault);

/// A byte_range of the items.
#[derive(Clone, Copy)]
pub(in crate::git) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn new(start: usize, end: usize) -> Self {
        let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: number(start), end: number(end) }
    }

    /// The same as indexes.
    pub(in crate::git) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Things, each once, and the number of each.
pub(in crate::git) struct List<T> {
    pub(in crate::git) all: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T: Clone + Eq + std::hash::Hash> List<T> {
    pub(in crate::git) fn new() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new() }
    }

    pub(in crate::git) fn number<Q>(&mut self, thing: &Q) -> u32
    where
        T: std::borrow::Borrow<Q>,
        Q: ToOwned<Owned = T> + Eq + std::hash::Hash + ?Sized,
    {
        if let Some(known) = self.numbers.get(thing) {
            return *known;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(thing.to_owned());
        self.numbers.insert(thing.to_owned(), number);
        number
    }
}

/// A thread's visitor.
pub(super) struct Selector<'a> {
    odb: &'a Odb,
    forest: &'a Forest,
    flags: &'a Flags,
    needed: &'a [bool],
    judge: Judge<'a>,
    pub(super) found: Selection,
    spare: Vec<Vec<u32>>,
}

impl<'a> Selector<'a> {
    pub(super) fn new(
        odb: &'a Odb,
        forest: &'a Forest,
        flags: &'a Flags,
        needed: &'a [bool],
        wanted: Wanted<'a>,
    ) -> Self {
        let (names, files, holes) = (List::new(), List::new(), List::new());
        let found = Selection { items: Vec::new(), trees: Vec::new(), names, files, holes };
        Self { odb, forest, flags, needed, judge: Judge::new(wanted, None), found, spare: Vec::new() }
    }

    /// What a tree's entry means, if anything.
    fn what(&mut self, entry: &TreeEntry<'_>) -> Option<What> {
        if entry.is_directory() && !self.judge.wants_directory(entry) {
            return match below(self.odb, self.forest, entry.id) {
                Err(fault) => Some(What::Hole(self.found.holes.number(&(entry.id, fault)))),
                Ok(tree) => self.flags.has(tree, Flags::HOLDS).then_some(What::Dir(tree)),
            };
        }
        let is_found = (entry.is_file() || entry.is_directory()) && self.judge.judge(entry).is_found;
        is_found.then(|| What::File(self.found.files.number(&File { id: entry.id, mode: entry.mode })))
    }

    /// Takes over the items that the base has of these entries.
    fn inherit(&mut self, theirs: &mut Span, from: &Range<usize>, at: usize) {
        while let Some(item) = self.found.items.get(theirs.start as usize).filter(|_| theirs.start < theirs.end) {
            let place = item.at as usize;
            if place >= from.end {
                return;
            }
            theirs.start += 1;
            if let Some(offset) = place.checked_sub(from.start) {
                let item = Item { at: to_place(at + offset), ..*item };
                self.found.items.push(item);
            }
        }
    }

    /// Reads a tree, and gives where its entries begin.
    fn tree(&mut self, content: &[u8], base: Option<&Base<'_, Mark>>) -> Option<Vec<u32>> {
        let mut starts = self.spare.pop().unwrap_or_default();
        starts.clear();
        let whole = self.found.items.len();
        let beside = base.map(|Base { mark, made }| Beside { starts: &mark.starts, pieces: made.pieces });
        let all = base.map_or(Span::new(whole, whole), |base| base.mark.span);
        let mut theirs = all;
        let mut behind = 0;
        let is_sound = entries::read(content, beside, self.odb.id_len, &mut starts, &mut |part| match part {
            Part::Same { from, at } => {
                // A delta may take an earlier piece of its base after a later one.
                if from.start < behind {
                    theirs = all;
                }
                behind = from.end;
                self.inherit(&mut theirs, &from, at);
            }
            Part::New { at, entry } => {
                if let Some(what) = self.what(&entry) {
                    let name = self.found.names.number(entry.name);
                    self.found.items.push(Item { at: to_place(at), name, what });
                }
            }
        });
        if is_sound {
            return Some(starts);
        }
        self.spare.push(starts);
        None
    }
}

fn to_place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What is known of a tree that others are deltas on.
pub(super) struct Mark {
    /// Its byte_range of the items.
    span: Span,
    /// Where its entries begin.
    starts: Vec<u32>,
}

impl Visitor for Selector<'_> {
    type Mark = Mark;

    fn enters(&self, node: Node) -> bool {
        self.needed.get(node as usize).copied().unwrap_or(false)
    }

    fn visit(&mut self, seen: &Seen<'_, Mark>) -> Option<Mark> {
        if seen.kind != Kind::Tree || !self.flags.has(seen.number, Flags::HOLDS) {
            return None;
        }
        let start = self.found.items.len();
        let starts = self.tree(seen.content, seen.base.as_ref());
        let span = Span::new(start, self.found.items.len());
        self.found.trees.push((seen.number, span));
        starts.map(|starts| Mark { span, starts })
    }

    fn forget(&mut self, mark: Mark) {
        self.spare.push(mark.starts);
    }
}
