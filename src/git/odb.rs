//! All objects of a repository: which there are, and where each lies.
//!
//! Two numberings. An object's *number* is its place among the sorted ids. A *node* is one stored copy: first the packs'
//! entries, pack by pack in the order of their places, then the loose files. An object that is stored twice has two nodes.

mod directories;
mod ids;
mod listing;
mod loose;
mod merge;
mod places;
pub(super) mod reader;

use std::path::{Path, PathBuf};

use self::ids::Ids;
pub(super) use self::ids::Number;
use self::listing::{Found, Vanished};
use self::places::Places;
use super::Oid;
use super::pack::file::PackFile;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// One stored copy of an object.
pub(super) type Node = u32;

/// A repack can run again and again; after this many times something else is wrong.
const TRIES: usize = 5;

/// One pack.
pub(super) struct Pack {
    pub(super) file: PackFile,
    /// Where its entries begin, sorted.
    pub(super) places: Places,
    /// The objects at those places.
    numbers: Vec<Number>,
    /// The node of the first entry.
    pub(super) first: Node,
}

impl Pack {
    /// The node of the entry at a place; `None` where no index names it.
    pub(super) fn node(&self, place: u64) -> Option<Node> {
        self.places.find(place).map(|at| self.first + at)
    }
}

/// Where a node lies.
pub(super) enum Place {
    /// In the pack of this number, at this place.
    Packed(usize, u64),
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
    loose: Vec<(Number, u32)>,
    directories: Vec<PathBuf>,
}

impl Odb {
    /// Lists everything below an `objects` directory and its alternates.
    pub(super) fn load(objects: &Path, id_len: usize, problems: &mut Vec<Problem>) -> Self {
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

    fn try_load(objects: &Path, id_len: usize, problems: &mut Vec<Problem>) -> Result<Self, Vanished> {
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
        let mut sources: Vec<&[u8]> = found.iter().map(|found| found.listing.ids.as_slice()).collect();
        let loose_ids: Vec<u8> = loose.iter().flat_map(|(id, _)| id.as_bytes().iter().copied()).collect();
        sources.push(&loose_ids);
        let merged = merge::merge(&sources, id_len);
        let mut odb = Self {
            id_len,
            packs: Vec::with_capacity(found.len()),
            nodes: vec![Node::MAX; merged.ids.len() / id_len],
            ids: Ids::new(merged.ids, id_len),
            loose: Vec::with_capacity(loose.len()),
            directories,
        };
        let mut numbers = merged.numbers.into_iter();
        let mut first = 0;
        for (found, numbers) in found.into_iter().zip(&mut numbers) {
            let pack = pack(found, &numbers, first);
            first += Node::try_from(pack.places.len()).unwrap_or(0);
            odb.point(&pack.numbers, pack.first);
            odb.packs.push(pack);
        }
        let numbers = numbers.next().unwrap_or_default();
        odb.point(&numbers, first);
        odb.loose = numbers.into_iter().zip(loose).map(|(number, (_, dir))| (number, dir)).collect();
        odb
    }

    fn point(&mut self, numbers: &[Number], first: Node) {
        for (node, number) in (first..).zip(numbers) {
            if let Some(known) = self.nodes.get_mut(*number as usize).filter(|known| **known == Node::MAX) {
                *known = node;
            }
        }
    }
}

impl Odb {
    /// The numbers of all objects.
    pub(super) fn numbers(&self) -> std::ops::Range<Number> {
        0..Number::try_from(self.ids.count()).unwrap_or(Number::MAX)
    }

    /// How many nodes there are.
    pub(super) fn node_count(&self) -> usize {
        self.packed_count() + self.loose.len()
    }

    /// How many of them are in packs: they come first.
    pub(super) fn packed_count(&self) -> usize {
        self.packs.iter().map(|pack| pack.places.len()).sum()
    }

    /// The first stored copy of an object.
    pub(super) fn node(&self, number: Number) -> Option<Node> {
        self.nodes.get(number as usize).copied()
    }

    /// All stored copies of an object, the first one first.
    pub(super) fn copies(&self, number: Number) -> Vec<Node> {
        let mut copies: Vec<Node> = Vec::new();
        for pack in &self.packs {
            let at = (pack.first..).zip(&pack.numbers).find(|(_, known)| **known == number);
            copies.extend(at.map(|(node, _)| node));
        }
        let loose = (0..).zip(&self.loose).filter(|(_, (known, _))| *known == number);
        copies.extend(loose.map(|(at, _): (usize, _)| to_node(self.packed_count() + at)));
        copies
    }

    /// The number of the object of which a node is a copy.
    pub(super) fn number(&self, node: Node) -> Option<Number> {
        match self.pack_of(node) {
            Some((_, pack)) => pack.numbers.get((node - pack.first) as usize).copied(),
            None => self.loose.get(node as usize - self.packed_count()).map(|(number, _)| *number),
        }
    }

    /// Where a node lies.
    pub(super) fn place(&self, node: Node) -> Option<Place> {
        if let Some((number, pack)) = self.pack_of(node) {
            return Some(Place::Packed(number, pack.places.get((node - pack.first) as usize)?));
        }
        let (number, dir) = self.loose.get(node as usize - self.packed_count())?;
        let id = self.ids.get(*number)?.to_string();
        let (beginning, rest) = id.split_at_checked(2)?;
        Some(Place::Loose(self.directories.get(*dir as usize)?.join(beginning).join(rest)))
    }

    fn pack_of(&self, node: Node) -> Option<(usize, &Pack)> {
        let after = self.packs.partition_point(|pack| pack.first <= node);
        let pack = self.packs.get(after.checked_sub(1)?)?;
        ((node - pack.first) as usize <= pack.places.len().checked_sub(1)?).then_some((after - 1, pack))
    }
}

fn to_node(count: usize) -> Node {
    Node::try_from(count).unwrap_or(Node::MAX)
}

/// Brings a pack's entries from the order of their ids into the order of their places.
fn pack(found: Found, numbers: &[Number], first: Node) -> Pack {
    let mut entries: Vec<(u64, Number)> = found.listing.offsets.into_iter().zip(numbers.iter().copied()).collect();
    entries.sort_unstable();
    let (places, numbers): (Vec<u64>, Vec<Number>) = entries.into_iter().unzip();
    Pack { file: found.file, places: Places::new(places), numbers, first }
}

#[cfg(test)]
mod tests;
