//! What the repositories at hand keep of a history that is to be rewritten: for the advice of `scan`.

use std::collections::BTreeSet;

use crate::git::{Module, Repository};
use crate::path::RelPath;
use crate::policy::Report;
use crate::report::advice::{Here, Wanted, wanted};

/// What the project's repository and its submodules keep. One that has no work tree, or cannot be read, is left out: then
/// nothing is advised for it.
pub(crate) fn of(repository: &Repository, report: &Report, modules: &[RelPath]) -> Vec<Here> {
    let wanted = wanted(report, modules);
    let inner = match wanted.iter().all(|one| one.dir.is_root()) {
        true => Vec::new(),
        false => repository.modules(&mut Vec::new()),
    };
    let find = |dir: &RelPath| match dir.is_root() {
        true => Some(repository),
        false => inner.iter().find(|module| module.path == *dir).map(|Module { repository, .. }| repository),
    };
    let Some(top) = repository.workdir() else { return Vec::new() };
    let is_there = |one: &&Wanted| one.dir.under(top).is_dir();
    wanted.iter().filter(is_there).filter_map(|one| here(find(&one.dir)?, one)).collect()
}

fn here(repository: &Repository, wanted: &Wanted) -> Option<Here> {
    let remotes = repository.remotes();
    let index = repository.index(None).unwrap_or_default();
    let tracked: BTreeSet<RelPath> =
        index.into_iter().map(|entry| entry.path).filter(|path| wanted.paths.contains(path)).collect();
    Some(Here {
        dir: wanted.dir.clone(),
        branches: remotes.branches(&wanted.heads).ok()?,
        has_stash: repository.has_stash(),
        is_detached: repository.is_detached(),
        tracked,
        published: wanted.commits.iter().copied().filter(|commit| remotes.had(*commit)).collect(),
    })
}
