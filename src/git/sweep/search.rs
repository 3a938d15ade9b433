//! Known values in every blob. What is a delta on a blob that has none is searched only where it is new.

use std::ops::Range;

use zeroize::Zeroizing;

use super::walk::{Base, Leaf, Seen, Visitor};
use crate::git::object::kind::Kind;
use crate::git::odb::{Node, Number};
use crate::secret::search::archive::{BEGINNING, Packing};
use crate::secret::search::{Needles, Spot};

/// A thread's visitor.
pub(super) struct Searcher<'a> {
    needles: &'a Needles,
    pub(super) found: Vec<(Number, Vec<Spot>)>,
    pub(super) seen: u64,
    changed: Vec<Range<usize>>,
    /// A blob of which only some is put together.
    partly: Zeroizing<Vec<u8>>,
}

impl<'a> Searcher<'a> {
    pub(super) fn new(needles: &'a Needles) -> Self {
        Self { needles, found: Vec::new(), seen: 0, changed: Vec::new(), partly: Zeroizing::default() }
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
        let spots = match &seen.base {
            Some(Base { mark: true, made }) => {
                made.changed(&mut self.changed);
                self.needles.spots_changed(seen.content, &self.changed)
            }
            _ => self.needles.spots(seen.content),
        };
        if !spots.all.is_empty() {
            self.found.push((seen.number, spots.all));
        }
        Some(spots.is_free)
    }

    /// Puts together what is near a change. Where anything is found there all of it is needed.
    fn visit_leaf(&mut self, leaf: &Leaf<'_, bool>) -> bool {
        if leaf.kind != Kind::Blob || !leaf.mark {
            return false;
        }
        let made = leaf.made;
        if self.partly.len() < made.len() {
            self.partly = Zeroizing::new(vec![0; made.len()]);
        }
        let Some(text) = self.partly.get_mut(..made.len()) else { return false };
        made.fill(0..BEGINNING.min(text.len()), text);
        made.changed(&mut self.changed);
        for byte_range in self.needles.around(&self.changed, text.len()) {
            made.fill(byte_range, text);
        }
        let is_free = Packing::of(text).is_none() && self.needles.find_changed(text, &self.changed, |_| {});
        self.seen += u64::from(is_free);
        is_free
    }
}
