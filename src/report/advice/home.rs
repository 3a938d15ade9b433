//! The repositories in which something is to be removed: the project's own and its submodules.

use std::collections::BTreeMap;

use super::refs;
use crate::finding::Finding;
use crate::path::RelPath;
use crate::shell::for_shell;

/// What belongs to one repository: the project's own, or a submodule's.
pub(super) struct Home<'a> {
    /// The submodule's place; the root for the project's own.
    pub(super) dir: RelPath,
    pub(super) found: Vec<&'a Finding>,
}

/// The findings of each repository that has some, the project's own first.
pub(super) fn homes<'a>(found: &[&'a Finding], modules: &[RelPath]) -> Vec<Home<'a>> {
    let mut homes: BTreeMap<&RelPath, Vec<&Finding>> = BTreeMap::new();
    let root = RelPath::default();
    for finding in found {
        let path = finding.origin.path();
        let has = |dir: &&RelPath| path == *dir || path.strip_dir(dir).is_some();
        // Of a submodule in a submodule the inner one.
        let dir = modules.iter().filter(has).max_by_key(|dir| dir.as_bytes().len()).unwrap_or(&root);
        homes.entry(dir).or_default().push(finding);
    }
    homes.into_iter().map(|(dir, found)| Home { dir: dir.clone(), found }).collect()
}

impl Home<'_> {
    /// `git`, as it reaches this repository from the project's root.
    pub(super) fn git(&self) -> String {
        if self.dir.is_root() { "git".into() } else { format!("git -C {}", for_shell(&self.dir)) }
    }

    /// What a step does, and in which repository, where it is not the project's own.
    pub(super) fn says(&self, what: &str) -> String {
        if self.dir.is_root() { what.to_owned() } else { format!("in the submodule {}: {what}", self.dir) }
    }

    /// Whether a remote has something of what was found, as far as this repository knows.
    pub(super) fn is_fetched(&self) -> bool {
        self.found.iter().any(|finding| refs(finding).any(|name| name.0.starts_with(b"refs/remotes/")))
    }

    /// A path as this repository has it.
    pub(super) fn inner(&self, path: &RelPath) -> RelPath {
        path.strip_dir(&self.dir).unwrap_or_else(|| path.clone())
    }
}
