//! The blobs that nothing names, judged by what is in them.

use super::walk::{Seen, Visitor};
use crate::git::object::kind::Kind;
use crate::git::odb::{Node, Number};

/// A thread's visitor.
pub(super) struct Unnamed<'a> {
    /// By node: whether it is to be read, for itself or for what is a delta on it.
    pub(super) needed: &'a [bool],
    /// By number: whether it has no name.
    pub(super) nameless: &'a [bool],
    /// Whether a content is asked for, and the size of the largest that may be.
    pub(super) shaped: &'a (dyn Fn(&[u8]) -> bool + Sync),
    pub(super) limit: usize,
    pub(super) found: Vec<Number>,
}

impl Visitor for Unnamed<'_> {
    type Mark = ();

    fn enters(&self, node: Node) -> bool {
        self.needed.get(node as usize) == Some(&true)
    }

    fn visit(&mut self, seen: &Seen<'_, ()>) -> Option<()> {
        let is_asked = seen.kind == Kind::Blob && self.nameless.get(seen.number as usize) == Some(&true);
        if is_asked && seen.content.len() <= self.limit && (self.shaped)(seen.content) {
            self.found.push(seen.number);
        }
        Some(())
    }
}
