//! One project, checked: its work tree, the index and the history of its repositories.

use super::locate::Located;
use super::mount::{Mount, modules, mounts};
use super::run::Run;
use super::terms::Terms;
use crate::checks::agent;
use crate::config::Config;
use crate::error::Error;
use crate::finding::Finding;
use crate::policy::Report;
use crate::problem::{Problem, ProblemKind};
use crate::project::Project;
use crate::rotation::Ages;
use crate::secret::mask::Mask;
use crate::system::System;

/// What of a project is asked for.
pub(crate) struct Asked<'a> {
    /// By what it is judged.
    pub(crate) terms: Terms<'a>,
    /// Whether git history is examined.
    pub(crate) has_history: bool,
    /// Whether somebody named the path, and does not merely stand there.
    pub(crate) is_named: bool,
}

/// What was found.
pub(crate) struct Checked {
    pub(crate) report: Report,
    /// What no name in the report may show.
    pub(crate) mask: Mask,
    /// The ages of the secrets; `None` where no ledger knows the project.
    pub(crate) ages: Option<Ages>,
}

/// Reads the project.
pub(crate) fn load(located: &Located, config: &Config) -> Result<Project, Error> {
    Ok(Project::load(&located.root, &located.below, located.is_file, config, located.repository.as_ref())?)
}

/// Checks it.
pub(crate) fn one(
    asked: &Asked<'_>,
    located: &Located,
    config: &Config,
    project: &Project,
    system: &System,
) -> Checked {
    let mut run = Run::new(asked.terms, config, project, system);
    run.outcome.problems.clone_from(&located.problems);
    run.outcome.whole = located.below.is_root();
    if project.listed == 0 && (located.repository.is_none() || asked.is_named) {
        // What is to be there may be on a volume that is not mounted.
        run.outcome.problems.push(Problem::whole(ProblemKind::NothingToCheck));
    }
    run.know_ages(located);
    run.outcome.problems.extend(run.ages.iter().flat_map(|ages| gone(ages, located, project)));
    run.worktree();
    // A path asks about itself; what the history, the index and other files say of the rest is left out.
    let is_asked = |finding: &Finding| finding.origin.path().strip_dir(&located.below).is_some();
    finish(run, located, asked.has_history, |run| run.outcome.findings.retain(is_asked))
}

/// Adds what the repositories of a project say to a run over its files; `last` sees all that was found.
pub(crate) fn finish<'a>(
    mut run: Run<'a>,
    located: &Located,
    has_history: bool,
    last: impl FnOnce(&mut Run<'a>),
) -> Checked {
    if let Some(repository) = &located.repository {
        run.know_main(repository);
    }
    let modules = modules(located, &mut run.outcome.problems);
    let mounts: Vec<Mount<'_>> = mounts(located, run.project, &modules);
    for mount in &mounts {
        if let Err(problem) = run.index(mount, mount.repository.index(None)) {
            run.outcome.problems.push(mount.problem(problem));
        }
        if has_history {
            run.history(mount, None);
        }
        if run.is_check() {
            run.untracked(mount);
        }
    }
    agent::tell_once(&mut run.outcome.findings);
    last(&mut run);
    let ages = run.ages.take();
    let repositories: Vec<_> = mounts.iter().map(|mount| mount.repository).collect();
    let (report, values) = run.report(&repositories);
    Checked { report, mask: Mask::new(values), ages }
}

/// The env files that the ledger knows, where none is left of a whole project.
fn gone(ages: &Ages, located: &Located, project: &Project) -> Vec<Problem> {
    let is_left = project.files.iter().any(|file| file.role.is_in_use());
    if is_left || !located.below.is_root() {
        return Vec::new();
    }
    ages.files.iter().map(|file| Problem::at(ProblemKind::EnvFileGone, file.clone())).collect()
}
