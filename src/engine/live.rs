//! The env files of `--live`, and those whose values are not looked for.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::engine::locate;
use crate::error::Error;
use crate::leak::Values;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::Project;
use crate::system::System;

/// The env files whose secrets are not looked for; but not the links to what `--live` names.
pub(crate) fn unsought(project: &Project, live: &[PathBuf], config: &Config, system: &System) -> Vec<Problem> {
    let mut unsought = project.unsought(config);
    drop_named(&mut unsought, project, live, system);
    unsought
}

/// Drops the problem of each link whose target `--live` names.
pub(crate) fn drop_named(problems: &mut Vec<Problem>, project: &Project, live: &[PathBuf], system: &System) {
    let target = |path: &Path| path.canonicalize().ok();
    let named: Vec<PathBuf> = live.iter().filter_map(|file| target(&system.directory.join(file))).collect();
    let is_named = |problem: &Problem| {
        let path = problem.path.as_ref().filter(|_| problem.kind == ProblemKind::OutwardLink);
        path.and_then(|path| target(&path.under(&project.root))).is_some_and(|target| named.contains(&target))
    };
    problems.retain(|problem| !is_named(problem));
}

/// The env files of `--live`, links followed. One that adds nothing to look for is a problem.
pub(crate) fn add_live(
    project: &mut Project,
    files: &[PathBuf],
    config: &Config,
    system: &System,
) -> Result<Vec<Problem>, Error> {
    let mut problems = Vec::new();
    for file in files {
        let missing = |_| Error::NoSuchPath(file.clone());
        let full = system.directory.join(file).canonicalize().map_err(missing)?;
        let (root, name) = locate::parent(&full, system)?;
        let shown = RelPath::new(file.as_os_str().as_bytes());
        if let Some(problem) = project.add_env_file(&root, &RelPath::new(name), shown.clone(), config) {
            return Err(problem.into());
        }
        let added = project.files.last().map(std::slice::from_ref).unwrap_or_default();
        if Values::of(added, &system.group).is_empty() {
            problems.push(Problem::at(ProblemKind::NothingSought, shown));
        }
    }
    Ok(problems)
}
