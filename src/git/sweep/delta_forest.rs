//! Which objects are stored as deltas on which, and the type of each.

use crate::git::object::kind::Kind;
use crate::git::object::read::Fault;
use crate::git::odb::reader::Reader;
use crate::git::odb::{Node, Number, Odb};
use crate::git::pack::entry::Form;
use crate::threads;

/// No node.
pub(super) const NONE: Node = Node::MAX;
/// A thread looks at so many headers at a time.
const PIECE: usize = 1 << 14;
/// Headers are read in the order of their places: a few blocks are enough.
const BLOCKS: usize = 32;

/// Every stored copy, with the one that it is a delta on.
pub(super) struct Forest {
    kinds: Vec<Option<Kind>>,
    /// The same by the object's number, of its first stored copy.
    types: Vec<Option<Kind>>,
    bases: Vec<Node>,
    links: Vec<Link>,
    /// The deltas on entries that no index names, sorted.
    alone: Vec<Node>,
    /// What has no type: its header, or that of something below it, is broken.
    pub(super) faults: Vec<(Node, Fault)>,
}

/// The first delta on a node, and the next one on the same base. They stand together since both are asked for at a time.
#[derive(Clone, Copy)]
struct Link {
    first: Node,
    next: Node,
}

/// What a header says.
#[derive(Clone, Copy)]
enum Said {
    Whole(Kind),
    Delta(Node),
    /// A delta on an entry that no index names: it is read by itself.
    Alone(Kind),
    Fault(Fault),
}

impl Forest {
    /// Reads every header.
    pub(super) fn grow(odb: &Odb, threads: usize) -> Self {
        let said = read(odb, threads);
        let count = said.len();
        let mut forest = Self {
            kinds: vec![None; count],
            types: Vec::new(),
            bases: vec![NONE; count],
            links: vec![Link { first: NONE, next: NONE }; count],
            alone: Vec::new(),
            faults: Vec::new(),
        };
        for (node, said) in (0..).zip(&said) {
            match *said {
                Said::Whole(kind) => set(&mut forest.kinds, node, Some(kind)),
                Said::Alone(kind) => {
                    set(&mut forest.kinds, node, Some(kind));
                    forest.alone.push(node);
                }
                Said::Delta(base) => set(&mut forest.bases, node, base),
                Said::Fault(fault) => forest.faults.push((node, fault)),
            }
        }
        forest.resolve();
        forest.link();
        let kind = |number| odb.node(number).and_then(|node| forest.kind(node));
        forest.types = odb.numbers().map(kind).collect();
        if !forest.faults.is_empty() {
            forest.ask_other_copies(odb);
        }
        forest
    }

    /// Gives each object whose first copy is broken the type of another one.
    fn ask_other_copies(&mut self, odb: &Odb) {
        for node in 0..to_node(self.kinds.len()) {
            let kind = self.kind(node);
            let of_object = odb.number(node).and_then(|number| self.types.get_mut(number as usize));
            of_object.into_iter().for_each(|known| *known = known.or(kind));
        }
    }

    /// Gives each delta the type of what it stands on.
    fn resolve(&mut self) {
        let mut path = Vec::new();
        for node in 0..to_node(self.kinds.len()) {
            let mut at = node;
            // A base stands before its delta nearly always, and is known then.
            while self.kind(at).is_none() && self.base(at) != NONE && path.len() <= self.kinds.len() {
                path.push(at);
                at = self.base(at);
            }
            let kind = self.kind(at);
            for node in path.drain(..) {
                if kind.is_none() && self.base(node) != NONE {
                    // What it stands on is broken, or is itself in the end.
                    set(&mut self.bases, node, NONE);
                    self.faults.push((node, Fault::Corrupt));
                }
                set(&mut self.kinds, node, kind);
            }
        }
    }

    fn link(&mut self) {
        for node in (0..to_node(self.kinds.len())).rev() {
            let base = self.base(node);
            if base != NONE {
                let first = self.first(base);
                self.links.get_mut(node as usize).into_iter().for_each(|link| link.next = first);
                self.links.get_mut(base as usize).into_iter().for_each(|link| link.first = node);
            }
        }
    }

    pub(super) fn kind(&self, node: Node) -> Option<Kind> {
        self.kinds.get(node as usize).copied().flatten()
    }

    /// The type of an object; `None` where it is not known.
    pub(super) fn type_of(&self, number: Number) -> Option<Kind> {
        self.types.get(number as usize).copied().flatten()
    }

    /// The type of each object, by number.
    pub(super) fn types(&self) -> &[Option<Kind>] {
        &self.types
    }

    /// What the node is a delta on; `NONE` where it stands by itself.
    pub(super) fn base(&self, node: Node) -> Node {
        self.bases.get(node as usize).copied().unwrap_or(NONE)
    }

    /// Whether it is a delta on an entry that no index names: it is read by itself.
    pub(super) fn is_alone(&self, node: Node) -> bool {
        self.alone.binary_search(&node).is_ok()
    }

    /// The first delta on it.
    pub(super) fn first(&self, node: Node) -> Node {
        self.links.get(node as usize).map_or(NONE, |link| link.first)
    }

    /// The next delta on the same base.
    pub(super) fn next(&self, node: Node) -> Node {
        self.links.get(node as usize).map_or(NONE, |link| link.next)
    }

    /// The deltas on a node.
    pub(super) fn deltas(&self, node: Node) -> impl Iterator<Item = Node> {
        let start = Some(self.first(node)).filter(|first| *first != NONE);
        std::iter::successors(start, |node| Some(self.next(*node)).filter(|next| *next != NONE))
    }

    /// The nodes that stand by themselves.
    pub(super) fn roots(&self) -> impl Iterator<Item = Node> {
        (0..to_node(self.kinds.len())).filter(|node| self.kind(*node).is_some() && self.base(*node) == NONE)
    }
}

fn read(odb: &Odb, threads: usize) -> Vec<Said> {
    let mut pieces: Vec<(Option<usize>, std::ops::Range<usize>)> = Vec::new();
    let mut add = |pack, count: usize| {
        let starts = (0..count).step_by(PIECE);
        pieces.extend(starts.map(|start| (pack, start..count.min(start + PIECE))));
    };
    for (number, pack) in odb.packs.iter().enumerate() {
        add(Some(number), pack.places.len());
    }
    add(None, odb.node_count() - odb.packed_count());
    let worker = || (Reader::new(odb, BLOCKS), Vec::new());
    let workers = threads::share(threads, pieces.len(), worker, |(reader, done), piece| {
        let Some((pack, range)) = pieces.get(piece).cloned() else { return };
        let said: Vec<Said> = range
            .map(|at| match pack {
                Some(pack) => packed(reader, pack, at),
                None => reader.kind(to_node(odb.packed_count() + at)).map_or_else(Said::Fault, Said::Whole),
            })
            .collect();
        done.push((piece, said));
    });
    let mut done: Vec<(usize, Vec<Said>)> = workers.into_iter().flat_map(|(_, done)| done).collect();
    done.sort_by_key(|(piece, _)| *piece);
    let mut all = Vec::with_capacity(odb.node_count());
    done.into_iter().for_each(|(_, said)| all.extend(said));
    all
}

fn packed(reader: &mut Reader<'_>, number: usize, at: usize) -> Said {
    let odb = reader.odb;
    let Some((pack, place)) = odb.packs.get(number).and_then(|pack| Some((pack, pack.places.get(at)?))) else {
        return Said::Fault(Fault::Missing);
    };
    let base = match reader.header(number, place).map(|header| header.form) {
        Err(fault) => return Said::Fault(fault),
        Ok(Form::Whole(kind)) => return Said::Whole(kind),
        Ok(Form::At(base)) => pack.node(base),
        Ok(Form::On(id)) => odb.ids.find(id.as_bytes()).and_then(|number| odb.node(number)),
    };
    match base {
        Some(base) => Said::Delta(base),
        None => reader.kind(pack.first + to_node(at)).map_or_else(Said::Fault, Said::Alone),
    }
}

fn set<T>(list: &mut [T], node: Node, value: T) {
    if let Some(slot) = list.get_mut(node as usize) {
        *slot = value;
    }
}

pub(super) fn to_node(count: usize) -> Node {
    Node::try_from(count).unwrap_or(NONE)
}
