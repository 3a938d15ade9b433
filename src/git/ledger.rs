//! What the commits did, path by path.

use std::collections::HashMap;

use super::compare::{Act, Budget};
use super::graph::Number;
use super::history::Reach;
use super::shadow::File;
use crate::path::RelPath;

/// One content at one path.
pub(super) struct Item {
    pub(super) record: usize,
    pub(super) file: File,
    pub(super) first: Option<Number>,
    pub(super) reach: Reach,
}

/// One path.
pub(super) struct Record {
    pub(super) path: RelPath,
    pub(super) items: Vec<usize>,
    pub(super) added: Option<Number>,
    pub(super) last_changed: Option<Number>,
    pub(super) removed: Option<Number>,
    /// The tips that hold it, by their place in the list.
    pub(super) holders: Vec<usize>,
}

/// All paths seen so far.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) records: Vec<Record>,
    pub(super) items: Vec<Item>,
    /// Which commit brought which item in.
    pub(super) sources: Vec<(Number, usize)>,
    places: HashMap<RelPath, usize>,
}

impl Ledger {
    /// The record of a path; `None` where there is no room for more.
    fn record(&mut self, path: &RelPath, budget: &mut Budget) -> Option<usize> {
        if let Some(known) = self.places.get(path) {
            return Some(*known);
        }
        if !budget.keep(size_of::<Record>() + 3 * path.as_bytes().len()) {
            return None;
        }
        let number = self.records.len();
        self.places.insert(path.clone(), number);
        self.records.push(Record {
            path: path.clone(),
            items: Vec::new(),
            added: None,
            last_changed: None,
            removed: None,
            holders: Vec::new(),
        });
        Some(number)
    }

    /// The item of `file` in a record.
    fn item(&mut self, number: usize, file: File, first: Option<Number>, budget: &mut Budget) -> Option<usize> {
        let (items, record) = (&mut self.items, self.records.get_mut(number)?);
        let known = record.items.iter().copied().find(|at| items.get(*at).is_some_and(|item| item.file == file));
        if let Some(known) = known {
            return Some(known);
        }
        if !budget.keep(size_of::<Item>()) {
            return None;
        }
        items.push(Item { record: number, file, first, reach: Reach::Unreachable });
        record.items.push(items.len() - 1);
        Some(items.len() - 1)
    }

    /// A commit's act. They come in the graph's order, so that the first stays and the last wins.
    pub(super) fn note(&mut self, commit: Number, path: &RelPath, act: Act, budget: &mut Budget) {
        let Some(number) = self.record(path, budget) else { return };
        if let Act::Add(file) | Act::Change(file) | Act::Mode(file) = act {
            let item = self.item(number, file, Some(commit), budget);
            if budget.keep(size_of::<(Number, usize)>()) {
                self.sources.extend(item.map(|item| (commit, item)));
            }
        }
        let Some(record) = self.records.get_mut(number) else { return };
        match act {
            Act::Add(_) => {
                record.added.get_or_insert(commit);
                record.last_changed = Some(commit);
            }
            Act::Change(_) => record.last_changed = Some(commit),
            Act::Mode(_) => {}
            Act::Remove => record.removed = Some(commit),
        }
    }

    /// A file of a tree that no commit holds.
    pub(super) fn note_bare(&mut self, path: &RelPath, file: File, budget: &mut Budget) -> Option<usize> {
        let number = self.record(path, budget)?;
        self.item(number, file, None, budget)
    }
}
