//! What a commit does to paths, seen from its parents.

use super::shadow::{File, Shadow, ShadowId, Shadows};
use crate::path::RelPath;

/// What a commit does to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
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
pub(super) struct Budget {
    pub(super) steps: u64,
    pub(super) bytes: u64,
}

impl Budget {
    pub(super) const fn new() -> Self {
        Self { steps: 100_000_000, bytes: 64 << 20 }
    }

    /// Whether anything had to be left out.
    pub(super) fn is_spent(&self) -> bool {
        self.steps == 0 || self.bytes == 0
    }

    fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        !self.is_spent()
    }

    /// Pays for keeping this many bytes.
    pub(super) fn keep(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        !self.is_spent()
    }
}

/// Where acts go.
pub(super) type Sink<'a> = &'a mut dyn FnMut(&mut Budget, &RelPath, Act);

/// One directory that differs: in the commit, and in each parent.
struct Place {
    path: RelPath,
    ours: ShadowId,
    parents: Vec<ShadowId>,
}

/// Calls `sink` with everything that a commit of shadow `ours` does.
pub(super) fn acts(shadows: &Shadows<'_>, ours: ShadowId, parents: &[ShadowId], budget: &mut Budget, sink: Sink<'_>) {
    let mut waiting = vec![Place { path: RelPath::default(), ours, parents: parents.to_vec() }];
    while let Some(place) = waiting.pop() {
        // Where one parent has just the same, the commit adds, changes and removes nothing.
        if place.parents.contains(&place.ours) || !budget.step() {
            continue;
        }
        let ours = shadows.get(place.ours);
        let parents: Vec<_> = place.parents.iter().map(|id| shadows.get(*id)).collect();
        let parents: Vec<&Shadow> = parents.iter().map(std::convert::AsRef::as_ref).collect();
        files(&place.path, &ours, &parents, budget, sink);
        for name in dirs(&ours, &parents) {
            waiting.push(Place {
                path: place.path.join(name),
                ours: ours.dir(name),
                parents: parents.iter().map(|parent| parent.dir(name)).collect(),
            });
        }
    }
}

fn files(dir: &RelPath, ours: &Shadow, parents: &[&Shadow], budget: &mut Budget, sink: Sink<'_>) {
    for (name, file) in &ours.files {
        if let Some(act) = entered(*file, name, parents) {
            sink(budget, &dir.join(name), act);
        }
    }
    let Some((first, others)) = parents.split_first() else { return };
    for (name, _) in &first.files {
        let others_have = others.iter().all(|parent| !parent.files(name).is_empty());
        if others_have && ours.files(name).is_empty() {
            sink(budget, &dir.join(name), Act::Remove);
        }
    }
}

/// What it means that the commit has `file` there; `None` where a parent has just the same.
fn entered(file: File, name: &[u8], parents: &[&Shadow]) -> Option<Act> {
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
fn dirs<'a>(ours: &'a Shadow, parents: &[&'a Shadow]) -> Vec<&'a [u8]> {
    let mut names: Vec<&[u8]> = ours.dirs.iter().map(|(name, _)| name.as_slice()).collect();
    if let Some((first, others)) = parents.split_first() {
        let gone = first.dirs.iter().map(|(name, _)| name.as_slice()).filter(|name| {
            ours.dir(name) == ShadowId::EMPTY && others.iter().all(|other| other.dir(name) != ShadowId::EMPTY)
        });
        names.extend(gone);
    }
    names
}
