//! Paths as numbers: a directory's number and a name.

use std::collections::HashMap;

use crate::git::history::filtered_tree::{FilteredTrees, NameId};
use crate::git::history::tree_diff::Budget;
use crate::path::RelPath;

/// The number of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::git) struct PathId(u32);

impl PathId {
    /// The top of a tree.
    pub(in crate::git) const TOP: Self = Self(0);
}

/// All paths seen so far.
#[derive(Default)]
pub(in crate::git) struct Paths {
    numbers: HashMap<(PathId, NameId), PathId>,
    /// By number, from 1 on.
    parts: Vec<(PathId, NameId)>,
}

impl Paths {
    /// The path of this name in a directory; `None` where there is no room for more.
    pub(in crate::git) fn below(&mut self, dir: PathId, name: NameId, budget: &mut Budget) -> Option<PathId> {
        if let Some(known) = self.numbers.get(&(dir, name)) {
            return Some(*known);
        }
        if !budget.keep(4 * size_of::<(PathId, NameId)>()) {
            return None;
        }
        self.parts.push((dir, name));
        let number = PathId(u32::try_from(self.parts.len()).ok()?);
        self.numbers.insert((dir, name), number);
        Some(number)
    }

    /// The path of this name in a directory, where it was seen.
    pub(in crate::git) fn known(&self, dir: PathId, name: NameId) -> Option<PathId> {
        self.numbers.get(&(dir, name)).copied()
    }

    /// The path's text.
    pub(in crate::git) fn text(&self, path: PathId, filtered: &FilteredTrees) -> RelPath {
        let (mut at, mut names) = (path, Vec::new());
        while let Some((dir, name)) = (at.0 as usize).checked_sub(1).and_then(|place| self.parts.get(place)) {
            names.push(filtered.name(*name));
            at = *dir;
        }
        names.reverse();
        RelPath::new(names.join(&b'/'))
    }
}
