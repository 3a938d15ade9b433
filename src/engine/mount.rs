//! The repositories of a project, and where they lie in it.

use std::collections::BTreeSet;

use super::locate::Located;
use crate::config::Config;
use crate::env::names;
use crate::git::{Module, Repository};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::{Nested, Project, Reading, role_of};

/// A repository, and where it lies in the project.
pub(crate) struct Mount<'a> {
    pub(crate) repository: &'a Repository,
    /// Where the project root is, seen from the top of the repository; the root itself for a nested one.
    pub(crate) prefix: RelPath,
    /// Where the repository is, seen from the project root; the root itself for the project's own.
    pub(crate) dir: RelPath,
}

impl Mount<'_> {
    /// A path of the repository as the project sees it; `None` where it is outside.
    pub(crate) fn path(&self, path: &RelPath) -> Option<RelPath> {
        path.strip_dir(&self.prefix).map(|below| self.dir.join(below.as_bytes()))
    }

    /// A problem of the repository as the project sees it.
    pub(crate) fn problem(&self, problem: Problem) -> Problem {
        // The paths of env files are the project's already.
        let is_ours = problem.path.as_ref().is_some_and(|path| path.strip_dir(&self.dir).is_some());
        if self.dir.is_root() || is_ours { problem } else { problem.within(&self.dir) }
    }

    /// What a path of the repository is: by its name, or because a compose file names it.
    pub(crate) fn reading<'p>(&self, path: &RelPath, config: &Config, project: &'p Project) -> Option<Reading<'p>> {
        Reading::of(&self.path(path)?, config, project.named())
    }
}

/// Whether a history is asked for a file: by its name alone, for each tree is decoded once, wherever it stands. What is
/// below a directory of such a name comes with its directories.
pub(crate) fn wanted<'a>(config: &'a Config, project: &'a Project) -> impl Fn(&RelPath) -> bool + Sync + 'a {
    let named: BTreeSet<&[u8]> = project.named().keys().map(RelPath::file_name).collect();
    move |path| {
        role_of(path, config).is_some()
            || names::doubt(path.as_bytes()).is_some()
            || named.contains(path.file_name())
            || config.files.extra_names.is_match(RelPath::new(path.file_name()).under("".as_ref()))
    }
}

/// The submodules' repositories.
pub(crate) fn modules(located: &Located, problems: &mut Vec<Problem>) -> Vec<Module> {
    located.repository.as_ref().map(|repository| repository.modules(problems)).unwrap_or_default()
}

/// The project's own repository, those inside its work tree, and those of submodules that have no work tree there.
pub(crate) fn mounts<'a>(located: &'a Located, project: &'a Project, modules: &'a [Module]) -> Vec<Mount<'a>> {
    let prefix_of = |repository: &Repository| {
        repository.workdir().and_then(|top| RelPath::below(top, &located.root)).unwrap_or_default()
    };
    let own = located.repository.iter().map(|repository| Mount {
        repository,
        prefix: prefix_of(repository),
        dir: RelPath::default(),
    });
    let is_new = |module: &&Module| {
        let known = |nested: &Nested| nested.repository.git_dir() == module.repository.git_dir();
        !project.nested.iter().any(known)
    };
    let prefix = located.repository.as_ref().map(prefix_of).unwrap_or_default();
    let hidden = modules.iter().filter(is_new).filter_map(move |module| {
        let dir = module.path.strip_dir(&prefix)?;
        Some(Mount { repository: &module.repository, prefix: RelPath::default(), dir })
    });
    let nested = project.nested.iter().map(|nested| Mount {
        repository: &nested.repository,
        prefix: RelPath::default(),
        dir: nested.dir.clone(),
    });
    own.chain(nested).chain(hidden).collect()
}
