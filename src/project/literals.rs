//! What compose files hold themselves, where it is written and not interpolated.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use crate::docker::compose::{Node, Place};
use crate::env::Key;
use crate::path::RelPath;
use crate::project::load::Project;

/// A text that is in a compose file itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Literal {
    /// The compose file.
    pub path: RelPath,
    /// The line.
    pub line: NonZeroU32,
    /// The key, where it may be printed.
    pub key: Option<Key>,
}

impl Project {
    /// The texts of the services of all compose files that are asked for, by their key and by what is written there.
    #[must_use]
    pub fn literals(&self, is_asked: &dyn Fn(&str, &[u8]) -> bool) -> BTreeSet<Literal> {
        let mut found = BTreeSet::new();
        for stack in &self.stacks {
            let mut add = |name: &str, place: Place, text: &str| {
                if is_asked(name, text.as_bytes()) {
                    let (path, line) = (stack.path(place), place.line);
                    found.insert(Literal { path, line, key: Key::printable(name.as_bytes()) });
                }
            };
            stack.services().for_each(|service| walk("", service.node, &mut add));
        }
        found
    }
}

fn walk(name: &str, node: &Node, add: &mut dyn FnMut(&str, Place, &str)) {
    if let Some(scalar) = node.scalar() {
        let written = scalar.written.as_ref().unwrap_or(&scalar.value);
        add(name, node.place, written.as_str());
    }
    node.items().iter().for_each(|item| walk(name, item, add));
    node.entries().iter().for_each(|entry| walk(entry.key.as_str(), &entry.node, add));
}
