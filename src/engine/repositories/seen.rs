//! What of several repositories was scanned already.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::engine::locate;
use crate::engine::scan::Depth;
use crate::git::Repository;
use crate::system::System;

/// What was scanned already: another work tree of a repository shares its history, and a submodule was scanned with the
/// repository it belongs to.
#[derive(Default)]
pub(super) struct Seen {
    git_dirs: HashSet<PathBuf>,
    common_dirs: HashSet<PathBuf>,
}

impl Seen {
    /// How much is left to examine, and the repository; `None` for nothing. What cannot be opened is examined again, to say
    /// why.
    pub(super) fn depth(&mut self, path: &Path, system: &System) -> Option<(Depth, Option<Repository>)> {
        let place = locate::place(Some(path), system).map(|(place, _)| place).unwrap_or_default();
        let Ok(Some(repository)) = Repository::discover(&place) else { return Some((Depth::Whole, None)) };
        if self.git_dirs.contains(repository.git_dir()) {
            return None;
        }
        let is_new = !self.common_dirs.contains(repository.common_dir());
        if is_new {
            // A problem with one of them is told by the scan itself.
            repository.modules(&mut Vec::new()).iter().for_each(|module| self.add(&module.repository));
        }
        self.add(&repository);
        Some((if is_new { Depth::Whole } else { Depth::Index }, Some(repository)))
    }

    fn add(&mut self, repository: &Repository) {
        self.git_dirs.insert(repository.git_dir().to_path_buf());
        self.common_dirs.insert(repository.common_dir().to_path_buf());
    }
}
