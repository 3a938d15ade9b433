//! What a commit does to paths, seen from its parents.

use crate::git::history::filtered_tree::{FilteredTree, FilteredTrees, NameId, TreeId};
use crate::git::history::path_table::{PathId, Paths};
use crate::git::object::tree::File;

/// What a commit does to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) enum Act {
    /// It has the path, and no parent has.
    Add(File),
    /// Its blob differs from that of every parent that has the path.
    Change(File),
    /// The same blob in another mode.
    Mode(File),
    /// It lacks the path, and every parent has it.
    Remove,
}

/// How much may be walked and kept. A few kilobytes of trees that name each other over and over make more paths than
/// fit into any memory.
pub(in crate::git) struct Budget {
    pub(in crate::git) steps: u64,
    pub(in crate::git) bytes: u64,
}

impl Budget {
    pub(in crate::git) const fn new() -> Self {
        Self { steps: 100_000_000, bytes: 64 << 20 }
    }

    /// Whether anything had to be left out.
    pub(in crate::git) fn is_spent(&self) -> bool {
        self.steps == 0 || self.bytes == 0
    }

    fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        !self.is_spent()
    }

    /// Pays for keeping this many bytes.
    pub(in crate::git) fn keep(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        !self.is_spent()
    }
}

/// Where acts go: the directory, the file's name, the act.
pub(in crate::git) type Sink<'a> = &'a mut dyn FnMut(&mut Comparer<'_>, PathId, NameId, Act);

/// One directory that differs: in the commit, and in each parent.
struct Place {
    path: PathId,
    ours: TreeId,
    parents: Vec<TreeId>,
}

/// What is needed to compare commit after commit.
pub(in crate::git) struct Comparer<'a> {
    pub(in crate::git) filtered: &'a FilteredTrees,
    pub(in crate::git) paths: Paths,
    pub(in crate::git) budget: Budget,
}

impl<'a> Comparer<'a> {
    pub(in crate::git) fn new(filtered: &'a FilteredTrees) -> Self {
        Self { filtered, paths: Paths::default(), budget: Budget::new() }
    }

    /// Calls `sink` with everything that a commit of filtered tree `ours` does.
    pub(in crate::git) fn acts(&mut self, ours: TreeId, parents: Vec<TreeId>, sink: Sink<'_>) {
        let mut waiting = vec![Place { path: PathId::TOP, ours, parents }];
        while let Some(place) = waiting.pop() {
            // Where one parent has just the same, the commit adds, changes and removes nothing.
            if place.parents.contains(&place.ours) || !self.budget.step() {
                continue;
            }
            let ours = self.filtered.get(place.ours);
            let parents: Vec<_> = place.parents.iter().map(|id| self.filtered.get(*id)).collect();
            let parents: Vec<&FilteredTree> = parents.iter().map(std::convert::AsRef::as_ref).collect();
            self.files(place.path, &ours, &parents, sink);
            for name in dirs(&ours, &parents) {
                let (ours, parents) = (ours.dir(name), parents.iter().map(|parent| parent.dir(name)).collect());
                if let Some(path) = self.paths.below(place.path, name, &mut self.budget) {
                    waiting.push(Place { path, ours, parents });
                }
            }
        }
    }

    fn files(&mut self, dir: PathId, ours: &FilteredTree, parents: &[&FilteredTree], sink: Sink<'_>) {
        for (name, file) in &ours.files {
            if let Some(act) = entered(*file, *name, parents) {
                sink(self, dir, *name, act);
            }
        }
        let Some((first, others)) = parents.split_first() else { return };
        for (name, _) in &first.files {
            let others_have = others.iter().all(|parent| !parent.files(*name).is_empty());
            if others_have && ours.files(*name).is_empty() {
                sink(self, dir, *name, Act::Remove);
            }
        }
    }
}

/// What it means that the commit has `file` there; `None` where a parent has just the same.
fn entered(file: File, name: NameId, parents: &[&FilteredTree]) -> Option<Act> {
    let theirs = || parents.iter().flat_map(|parent| parent.files(name)).map(|(_, theirs)| *theirs);
    if theirs().any(|their| their == file) {
        return None;
    }
    if theirs().next().is_none() {
        return Some(Act::Add(file));
    }
    Some(if theirs().any(|their| their.id == file.id) { Act::Mode(file) } else { Act::Change(file) })
}

/// The directories to look into: ours, and those that only the parents have, where each of them has it.
fn dirs(ours: &FilteredTree, parents: &[&FilteredTree]) -> Vec<NameId> {
    let differs = |name: &NameId| parents.iter().all(|parent| parent.dir(*name) != ours.dir(*name));
    let mut names: Vec<NameId> = ours.dirs.iter().map(|(name, _)| *name).filter(differs).collect();
    if let Some((first, others)) = parents.split_first() {
        let gone = first.dirs.iter().map(|(name, _)| *name).filter(|name| {
            ours.dir(*name) == TreeId::EMPTY && others.iter().all(|other| other.dir(*name) != TreeId::EMPTY)
        });
        names.extend(gone);
    }
    names
}
