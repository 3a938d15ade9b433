//! Trees with everything left out but the wanted files.
//!
//! Most commits change none of them, so that their trees have the same *shadow*: equal shadows are stored once, and two
//! commits are compared by one number. Only where those differ are the two trees walked.

use std::collections::HashMap;
use std::rc::Rc;

use super::Oid;
use super::objects::{Kind, Objects, TreeEntry, tree_entries};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// Git's own limit for the depth of trees is 2048.
const DEPTH: u32 = 2048;

/// The number of a shadow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ShadowId(u32);

impl ShadowId {
    /// The shadow of a tree without wanted files.
    pub(super) const EMPTY: Self = Self(0);
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct File {
    pub(super) id: Oid,
    pub(super) mode: u32,
}

/// One directory: its wanted files, and the directories that have some below them. Sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Shadow {
    pub(super) files: Vec<(Vec<u8>, File)>,
    pub(super) dirs: Vec<(Vec<u8>, ShadowId)>,
    height: u32,
}

/// A tree that waits for its directories.
#[derive(Clone)]
struct Decoded {
    files: Vec<(Vec<u8>, File)>,
    dirs: Vec<(Vec<u8>, Oid)>,
}

/// The shadows of all trees seen so far.
pub(super) struct Shadows<'a> {
    objects: &'a dyn Objects,
    wanted: &'a dyn Fn(&RelPath) -> bool,
    names: HashMap<Vec<u8>, bool>,
    trees: HashMap<Oid, ShadowId>,
    numbers: HashMap<Rc<Shadow>, ShadowId>,
    shadows: Vec<Rc<Shadow>>,
    /// Trees that could not be read in full.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Shadows<'a> {
    pub(super) fn new(objects: &'a dyn Objects, wanted: &'a dyn Fn(&RelPath) -> bool) -> Self {
        let empty = Rc::new(Shadow::default());
        Self {
            objects,
            wanted,
            names: HashMap::new(),
            trees: HashMap::new(),
            numbers: HashMap::from([(Rc::clone(&empty), ShadowId::EMPTY)]),
            shadows: vec![empty],
            problems: Vec::new(),
        }
    }

    /// How many trees were read.
    pub(super) fn trees_read(&self) -> usize {
        self.trees.len()
    }

    pub(super) fn get(&self, id: ShadowId) -> Rc<Shadow> {
        self.shadows.get(id.0 as usize).map(Rc::clone).unwrap_or_default()
    }

    /// The shadow of a tree. Each tree is decoded once; what cannot be read counts as empty, and is a problem.
    pub(super) fn of(&mut self, tree: Oid) -> ShadowId {
        // Depth first without recursion: a tree stays on the stack until its directories are known.
        let mut stack: Vec<(Oid, Option<Decoded>)> = vec![(tree, None)];
        while let Some((id, decoded)) = stack.pop() {
            if self.trees.contains_key(&id) {
                continue;
            }
            if let Some(decoded) = decoded {
                self.finish(id, decoded);
                continue;
            }
            let decoded = self.decode(id);
            let unknown: Vec<Oid> =
                decoded.dirs.iter().map(|(_, dir)| *dir).filter(|dir| !self.trees.contains_key(dir)).collect();
            stack.push((id, Some(decoded)));
            stack.extend(unknown.into_iter().map(|dir| (dir, None)));
        }
        self.trees.get(&tree).copied().unwrap_or(ShadowId::EMPTY)
    }

    fn decode(&mut self, id: Oid) -> Decoded {
        let mut decoded = Decoded { files: Vec::new(), dirs: Vec::new() };
        let content = match self.objects.read_as(id, Kind::Tree) {
            Ok(content) => content,
            Err(fault) => {
                self.problems.push(fault.at(id));
                return decoded;
            }
        };
        for entry in tree_entries(&content, id.as_bytes().len()) {
            match entry {
                None => self.problems.push(super::objects::Fault::Corrupt.at(id)),
                Some(entry) if entry.is_directory() => decoded.dirs.push((entry.name.to_vec(), entry.id)),
                Some(entry) if entry.is_file() && self.is_wanted(entry) => {
                    decoded.files.push((entry.name.to_vec(), File { id: entry.id, mode: entry.mode }));
                }
                Some(_) => {}
            }
        }
        decoded
    }

    /// The same names stand in tree after tree: each is judged once.
    fn is_wanted(&mut self, entry: TreeEntry<'_>) -> bool {
        if let Some(known) = self.names.get(entry.name) {
            return *known;
        }
        let wanted = (self.wanted)(&RelPath::new(entry.name));
        self.names.insert(entry.name.to_vec(), wanted);
        wanted
    }

    fn finish(&mut self, id: Oid, decoded: Decoded) {
        let mut shadow = Shadow { files: decoded.files, dirs: Vec::new(), height: 0 };
        for (name, dir) in decoded.dirs {
            let number = self.trees.get(&dir).copied().unwrap_or(ShadowId::EMPTY);
            if number != ShadowId::EMPTY {
                shadow.height = shadow.height.max(self.get(number).height + 1);
                shadow.dirs.push((name, number));
            }
        }
        if shadow.height > DEPTH {
            self.problems.push(Problem::at(ProblemKind::TooLarge, id.to_string().as_str().into()));
            shadow = Shadow::default();
        }
        shadow.files.sort();
        shadow.dirs.sort();
        let number = self.number(shadow);
        self.trees.insert(id, number);
    }

    fn number(&mut self, shadow: Shadow) -> ShadowId {
        if let Some(known) = self.numbers.get(&shadow) {
            return *known;
        }
        let number = ShadowId(u32::try_from(self.shadows.len()).unwrap_or(u32::MAX));
        let shadow = Rc::new(shadow);
        self.shadows.push(Rc::clone(&shadow));
        self.numbers.insert(shadow, number);
        number
    }

    /// What stands at `path`.
    pub(super) fn files_at(&self, top: ShadowId, path: &RelPath) -> Vec<File> {
        let parent = path.parent();
        let mut at = self.get(top);
        if !parent.is_root() {
            for part in parent.as_bytes().split(|byte| *byte == b'/') {
                at = self.get(at.dir(part));
            }
        }
        at.files(path.file_name()).iter().map(|(_, file)| *file).collect()
    }
}

impl Shadow {
    /// The files of this name: one, or in a malformed tree several.
    pub(super) fn files(&self, name: &[u8]) -> &[(Vec<u8>, File)] {
        let start = self.files.partition_point(|(known, _)| known.as_slice() < name);
        let rest = self.files.get(start..).unwrap_or_default();
        let count = rest.iter().take_while(|(known, _)| known == name).count();
        rest.get(..count).unwrap_or_default()
    }

    /// The directory of this name; empty where there is none.
    pub(super) fn dir(&self, name: &[u8]) -> ShadowId {
        let found = self.dirs.binary_search_by(|(known, _)| known.as_slice().cmp(name)).ok();
        found.and_then(|at| self.dirs.get(at)).map_or(ShadowId::EMPTY, |(_, id)| *id)
    }
}
