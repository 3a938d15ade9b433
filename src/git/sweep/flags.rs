//! What is known of each object.

use crate::git::object::kind::Kind;
use crate::git::odb::Number;
use crate::git::sweep::delta_forest::Forest;

/// What is known of each object, as bits. Each thread has its own: bytes that two write travel between processors.
#[derive(Clone)]
pub(super) struct Flags(Vec<u8>);

impl Flags {
    /// A tree has an entry with its id.
    pub(super) const NAMED: u8 = 1;
    /// And the entry's name is a wanted one.
    pub(super) const WANTED: u8 = 2;
    /// And the entry's name is not a wanted one.
    pub(super) const UNWANTED: u8 = 4;
    /// A tree that has a wanted entry, or one that cannot be looked into; perhaps further down.
    pub(super) const HOLDS: u8 = 8;
    /// It is known to be no tree.
    pub(super) const NO_TREE: u8 = 16;
    /// A tree has an entry with its id, whose name is an id: as good as none.
    pub(super) const NUMBERED: u8 = 32;

    /// Of all objects.
    pub(super) fn new(forest: &Forest) -> Self {
        let is_tree = |kind: &Option<Kind>| matches!(kind, None | Some(Kind::Tree));
        Self(forest.types().iter().map(|kind| if is_tree(kind) { 0 } else { Self::NO_TREE }).collect())
    }

    /// What is named, and no more.
    pub(super) fn named(&self) -> Self {
        Self(self.0.iter().map(|flags| flags & Self::NAMED).collect())
    }

    pub(super) fn has(&self, number: Number, bit: u8) -> bool {
        self.0.get(number as usize).is_some_and(|flags| flags & bit != 0)
    }

    pub(super) fn add(&mut self, number: Number, bits: u8) {
        self.0.get_mut(number as usize).into_iter().for_each(|flags| *flags |= bits);
    }

    /// Adds what another thread knows.
    pub(super) fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(flags, more)| *flags |= more);
    }
}
