//! Known values in every blob. What is a delta on a blob that has none is searched only where it is new.

use std::ops::Range;

use super::walk::{Base, Seen, Visitor};
use crate::git::objects::Kind;
use crate::git::odb::{Node, Number};
use crate::git::pack::delta;
use crate::search::{Needles, Spot};

/// A thread's visitor.
pub(super) struct Searcher<'a> {
    needles: &'a Needles,
    pub(super) found: Vec<(Number, Vec<Spot>)>,
    pub(super) seen: u64,
    changed: Vec<Range<usize>>,
}

impl<'a> Searcher<'a> {
    pub(super) fn new(needles: &'a Needles) -> Self {
        Self { needles, found: Vec::new(), seen: 0, changed: Vec::new() }
    }
}

impl Visitor for Searcher<'_> {
    /// Whether nothing was found, so that what it gives to others need not be searched again.
    type Mark = bool;

    fn enters(&self, _: Node) -> bool {
        true
    }

    fn visit(&mut self, seen: &Seen<'_, bool>) -> Option<bool> {
        if seen.kind != Kind::Blob {
            return None;
        }
        self.seen += 1;
        let spots = match seen.base {
            Some(Base { mark: true, pieces }) => {
                delta::changed(pieces, &mut self.changed);
                self.needles.spots_changed(seen.content, &self.changed)
            }
            _ => self.needles.spots(seen.content),
        };
        if !spots.all.is_empty() {
            self.found.push((seen.number, spots.all));
        }
        Some(spots.is_free)
    }
}
