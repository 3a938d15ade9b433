//! All objects of a repository: which there are, and where each lies.
//!
//! Two numberings. An object's *number* is its place among the sorted ids. A *node* is one stored copy: first the packs'
//! entries, pack by pack in the order of their places, then the loose files. An object that is stored twice has two nodes.

mod bases;
mod directories;
mod ids;
mod listing;
mod loose;
mod merge;
pub(super) mod reader;

use self::bases::Bases;
use self::ids::Ids;
use self::listing::{Found, Vanished};
use self::merge::Merged;
use super::Oid;
use super::pack::file::PackFile;
use crate::git::odb::entry_offsets::Places;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::threads;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) use self::directories::all as directories;
pub(super) use self::ids::Number;
pub(super) use self::loose::find as loose;

/// One stored copy of an object.
pub(super) type Node = u32;

/// Fewer objects are put in order before another thread has started.
const MANY: usize = 1 << 16;

/// A repack can run again and again; after this many times something else is wrong.
const TRIES: usize = 5;

/// One pack.
pub(super) struct Pack {
    pub(super) file: PackFile,
    /// Where its entries begin, sorted.
    pub(super) places: Places,
    /// The node of the first entry.
    pub(super) first: Node,
}

impl Pack {
    /// The node of the entry at a place; `None` where no index names it.
    pub(super) fn node(&self, place: u64) -> Option<Node> {
        self.places.find(place).map(|at| self.first + at)
    }
}

/// Where an entry stands.
#[derive(Clone, Copy)]
pub(super) struct ByteRange {
    /// The number of the pack.
    pub(super) pack: usize,
    pub(super) start: u64,
    /// Where the next one starts that an index names; that may lie within this one where the index is odd.
    pub(super) end: u64,
}

/// Where a node lies.
pub(super) enum Place {
    /// In a pack.
    Packed(ByteRange),
    /// In a file.
    Loose(PathBuf),
}

/// A repository's object store.
pub(super) struct Odb {
    pub(super) id_len: usize,
    pub(super) packs: Vec<Pack>,
    pub(super) ids: Ids,
    /// By number: the first stored copy.
    nodes: Vec<Node>,
    /// By node: the object.
    numbers: Vec<Number>,
    /// The directory of each loose object.
    loose: Vec<u32>,
    packed: usize,
    directories: Vec<PathBuf>,
    bases: Bases,
    /// Whether something that was listed was gone when it was read.
    vanished: AtomicBool,
}

impl Odb {
    /// Lists everything below `objects` directories and their alternates.
    pub(super) fn load(objects: &[PathBuf], id_len: usize, problems: &mut Vec<Problem>) -> Self {
        for _ in 0..TRIES {
            let mut found = Vec::new();
            if let Ok(odb) = Self::try_load(objects, id_len, &mut found) {
                problems.append(&mut found);
                return odb;
            }
        }
        problems.push(Problem::at(ProblemKind::VanishedFile, RelPath::from("objects/pack")));
        Self::build(Vec::new(), Vec::new(), Vec::new(), id_len)
    }

    fn try_load(objects: &[PathBuf], id_len: usize, problems: &mut Vec<Problem>) -> Result<Self, Vanished> {
        let directories = directories::all(objects, problems);
        let (mut packs, mut loose, mut listed) = (Vec::new(), Vec::new(), Vec::new());
        for dir in &directories {
            let names = listing::pack_names(dir, problems);
            packs.extend(listing::packs(dir, &names, id_len, problems)?);
            listed.push(names);
        }
        for (number, dir) in directories.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            loose.extend(listing::loose(dir, id_len, problems).into_iter().map(|id| (id, number)));
        }
        // What moved from a file into a new pack in between was seen in neither.
        let again = directories.iter().map(|dir| listing::pack_names(dir, &mut Vec::new()));
        if again.zip(&listed).any(|(now, then)| now != *then) {
            return Err(Vanished);
        }
        Ok(Self::build(packs, loose, directories, id_len))
    }

    fn build(found: Vec<Found>, loose: Vec<(Oid, u32)>, directories: Vec<PathBuf>, id_len: usize) -> Self {
        let (mut files, mut offsets, mut lists) = (Vec::new(), Vec::new(), Vec::new());
        for Found { file, listing } in found {
            files.push(file);
            offsets.push(listing.offsets);
            lists.push(listing.ids);
        }
        lists.push(loose.iter().flat_map(|(id, _)| id.as_bytes().iter().copied()).collect());
        let Merged { ids, numbers: lists } = merge::merge(lists, id_len);
        let threads = if ids.len() / id_len < MANY { 1 } else { threads::count() };
        let table = || Ids::new(ids, id_len);
        let (ids, (places, mut numbers)) = threads::both(threads, table, || places(&offsets, &lists));
        let mut first = 0;
        let pack = |(file, places): (PackFile, Places)| {
            let pack = Pack { file, places, first };
            first += to_node(pack.places.len());
            pack
        };
        let packs: Vec<Pack> = files.into_iter().zip(places).map(pack).collect();
        let packed = numbers.len();
        numbers.extend(lists.last().into_iter().flatten());
        let mut nodes = vec![Node::MAX; ids.count()];
        for (node, number) in (0..).zip(&numbers) {
            if let Some(known) = nodes.get_mut(*number as usize).filter(|known| **known == Node::MAX) {
                *known = node;
            }
        }
        let loose = loose.into_iter().map(|(_, dir)| dir).collect();
        let vanished = AtomicBool::new(false);
        let bases = Bases::default();
        Self { id_len, packs, ids, nodes, numbers, loose, packed, directories, bases, vanished }
    }
}

impl Odb {
    /// The numbers of all objects.
    pub(super) fn numbers(&self) -> std::ops::Range<Number> {
        0..Number::try_from(self.ids.count()).unwrap_or(Number::MAX)
    }

    /// How many nodes there are.
    pub(super) fn node_count(&self) -> usize {
        self.numbers.len()
    }

    /// How many of them are in packs: they come first.
    pub(super) fn packed_count(&self) -> usize {
        self.packed
    }

    /// The first stored copy of an object.
    pub(super) fn node(&self, number: Number) -> Option<Node> {
        self.nodes.get(number as usize).copied()
    }

    /// Whether a node is the first stored copy of its object.
    pub(super) fn is_first(&self, node: Node, number: Number) -> bool {
        // Nearly always there is one copy of each.
        self.numbers.len() == self.nodes.len() || self.node(number) == Some(node)
    }

    /// All stored copies of an object, the first one first.
    pub(super) fn copies(&self, number: Number) -> Vec<Node> {
        (0..).zip(&self.numbers).filter(|(_, known)| **known == number).map(|(node, _)| node).collect()
    }

    /// The number of the object of which a node is a copy.
    pub(super) fn number(&self, node: Node) -> Option<Number> {
        self.numbers.get(node as usize).copied()
    }

    /// Whether something that was listed was gone when it was read: git moved it meanwhile, or lost it.
    pub(super) fn has_vanished(&self) -> bool {
        self.vanished.load(Ordering::Relaxed)
    }

    /// Where a node lies.
    pub(super) fn place(&self, node: Node) -> Option<Place> {
        if let Some(at) = (node as usize).checked_sub(self.packed) {
            let directory = self.directories.get(*self.loose.get(at)? as usize)?;
            return Some(Place::Loose(loose::path(directory, self.ids.get(self.number(node)?)?)));
        }
        let after = self.packs.partition_point(|pack| pack.first <= node);
        let number = after.checked_sub(1)?;
        let pack = self.packs.get(number)?;
        self.byte_range(number, (node - pack.first) as usize).map(Place::Packed)
    }

    /// Where the entry of this number among the entries of a pack stands.
    pub(super) fn byte_range(&self, pack: usize, at: usize) -> Option<ByteRange> {
        let Pack { file, places, .. } = self.packs.get(pack)?;
        let end = places.get(at + 1).unwrap_or_else(|| file.end(self.id_len));
        Some(ByteRange { pack, start: places.get(at)?, end })
    }
}

/// Where the entries of each pack are, and the numbers of the objects in their order.
fn places(offsets: &[Vec<u64>], lists: &[Vec<Number>]) -> (Vec<Places>, Vec<Number>) {
    let mut numbers = Vec::with_capacity(offsets.iter().map(Vec::len).sum());
    let places = offsets.iter().zip(lists).map(|(offsets, list)| Places::new(offsets, list, &mut numbers)).collect();
    (places, numbers)
}

fn to_node(count: usize) -> Node {
    Node::try_from(count).unwrap_or(Node::MAX)
}

mod entry_offsets;
pub(in crate::git) mod links;
pub(super) mod single_lookup;
pub(in crate::git) mod store;
#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes and damages repositories")]
mod tests;
