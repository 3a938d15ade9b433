//! The env files of the main work tree, as seen from a linked one, which often has none: their values are in use, too.

use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, Path, PathBuf};

use super::run::Run;
use crate::git::Repository;
use crate::path::RelPath;
use crate::project::{Project, ProjectFile};

impl Run<'_> {
    /// In a linked work tree: the values of the main one's env files are searched for as its own are. An env file there
    /// that cannot be read is a problem, because its values are not searched for.
    pub(crate) fn know_main(&mut self, repository: &Repository) {
        let Some(main) = repository.main_workdir() else { return };
        let above = way(&self.project.root, &main);
        let project = match Project::load(&main, &RelPath::default(), false, self.config, None) {
            Ok(project) => project,
            Err(problem) => return self.outcome.problems.push(problem.within(&above)),
        };
        let unsought = project.unsought(self.config);
        self.outcome.problems.extend(unsought.into_iter().map(|problem| problem.within(&above)));
        // A linked work tree may be inside the main one.
        let is_own = |file: &ProjectFile| file.path.under(&main).starts_with(&self.project.root);
        self.main = project.files;
        self.main.retain(|file| file.role.is_in_use() && !is_own(file));
        self.main.iter_mut().for_each(|file| file.path = above.join(file.path.as_bytes()));
        self.outcome.examined.main_env_files += self.main.len() as u64;
        self.main.iter().for_each(|file| self.seen.file(file));
    }
}

/// The way from one directory to another, to be shown.
pub(super) fn way(from: &Path, to: &Path) -> RelPath {
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(shared)).collect();
    RelPath::new(way.into_os_string().into_vec())
}
