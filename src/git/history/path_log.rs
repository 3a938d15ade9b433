//! What the commits did, path by path.

use std::collections::HashMap;

use super::graph::Place;
use crate::git::history::path_table::PathId;
use crate::git::history::tree_diff::{Act, Budget};
use crate::git::object::tree::File;
use crate::git::refs::reach_kind::Reach;

/// One content at one path.
pub(in crate::git) struct Item {
    pub(in crate::git) record: usize,
    pub(in crate::git) file: File,
    pub(in crate::git) first: Option<Commit>,
    pub(in crate::git) reach: Reach,
}

/// A commit, and whether anything holds it.
#[derive(Clone, Copy)]
pub(in crate::git) struct Commit {
    pub(in crate::git) place: Place,
    pub(in crate::git) is_held: bool,
}

/// One path.
pub(in crate::git) struct Record {
    pub(in crate::git) path: PathId,
    pub(in crate::git) items: Vec<usize>,
    held: Dates,
    unheld: Dates,
    /// The tips that hold it, by their place in the list.
    pub(in crate::git) holders: Vec<usize>,
}

/// Which commits did what to a path.
#[derive(Clone, Copy, Default)]
pub(in crate::git) struct Dates {
    pub(in crate::git) added: Option<Place>,
    pub(in crate::git) last_changed: Option<Place>,
    pub(in crate::git) removed: Option<Place>,
}

impl Record {
    /// By the commits that something holds; by the others only where no such commit has the path.
    pub(in crate::git) fn dates(&self) -> Dates {
        if self.held.last_changed.is_some() { self.held } else { self.unheld }
    }
}

/// All paths seen so far.
#[derive(Default)]
pub(in crate::git) struct PathLog {
    pub(in crate::git) records: Vec<Record>,
    pub(in crate::git) items: Vec<Item>,
    /// Which commit brought which item in.
    pub(in crate::git) sources: Vec<(Place, usize)>,
    places: HashMap<PathId, usize>,
    known: HashMap<(usize, File), usize>,
}

impl PathLog {
    /// The record of a path; `None` where there is no room for more.
    fn record(&mut self, path: PathId, budget: &mut Budget) -> Option<usize> {
        if let Some(known) = self.places.get(&path) {
            return Some(*known);
        }
        if !budget.keep(size_of::<Record>() + 64) {
            return None;
        }
        let number = self.records.len();
        self.places.insert(path, number);
        let (held, unheld) = (Dates::default(), Dates::default());
        self.records.push(Record { path, items: Vec::new(), held, unheld, holders: Vec::new() });
        Some(number)
    }

    /// The item of `file` in a record.
    fn item(&mut self, number: usize, file: File, first: Option<Commit>, budget: &mut Budget) -> Option<usize> {
        if let Some(known) = self.known.get(&(number, file)) {
            let item = self.items.get_mut(*known)?;
            // What something holds goes before what nothing does.
            let is_better = first.is_some_and(|first| first.is_held) && item.first.is_none_or(|known| !known.is_held);
            item.first = if is_better { first } else { item.first.or(first) };
            return Some(*known);
        }
        if !budget.keep(2 * size_of::<Item>()) {
            return None;
        }
        let item = self.items.len();
        self.items.push(Item { record: number, file, first, reach: Reach::Unreachable });
        self.known.insert((number, file), item);
        self.records.get_mut(number)?.items.push(item);
        Some(item)
    }

    /// A commit's act. They come in the graph's order, so that the first stays and the last wins.
    pub(in crate::git) fn note(&mut self, commit: Commit, path: PathId, act: Act, budget: &mut Budget) {
        let Some(number) = self.record(path, budget) else { return };
        if let Act::Add(file) | Act::Change(file) | Act::Mode(file) = act {
            let item = self.item(number, file, Some(commit), budget);
            if budget.keep(size_of::<(Place, usize)>()) {
                self.sources.extend(item.map(|item| (commit.place, item)));
            }
        }
        let Some(record) = self.records.get_mut(number) else { return };
        let dates = if commit.is_held { &mut record.held } else { &mut record.unheld };
        match act {
            Act::Add(_) => {
                dates.added.get_or_insert(commit.place);
                dates.last_changed = Some(commit.place);
            }
            Act::Change(_) => dates.last_changed = Some(commit.place),
            Act::Mode(_) => {}
            Act::Remove => dates.removed = Some(commit.place),
        }
    }

    /// A file of a tree that no commit holds.
    pub(in crate::git) fn note_bare(&mut self, path: PathId, file: File, budget: &mut Budget) -> Option<usize> {
        let number = self.record(path, budget)?;
        self.item(number, file, None, budget)
    }
}
