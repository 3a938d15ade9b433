//! `envward check`: one answer for a whole project.

use std::io::Write;

use super::output;
use crate::cli::{Check, Format};
use crate::config::Config;
use crate::engine::fix::plan;
use crate::engine::locate::{self, Located};
use crate::engine::mount::{Mount, modules, mounts};
use crate::engine::run::Run;
use crate::env::names::Role;
use crate::error::Error;
use crate::policy::{Report, Status};
use crate::problem::{Problem, ProblemKind};
use crate::project::Project;
use crate::rotation::Ages;
use crate::secret::mask::Mask;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Check, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let located = locate::project(args.path.as_deref(), system)?;
    let config = locate::configuration(&located.root, args.output.config.as_deref(), system)?;
    if args.print_config {
        let project = load(&located, &config)?;
        let (_, mask) = report(args, &located, &config, &project, system);
        output::text(&config.to_string(), &mask, out)?;
        return Ok(Status::Clean);
    }
    if args.fix {
        let project = load(&located, &config)?;
        let (before, mask) = report(args, &located, &config, &project, system);
        let mended = plan::run(&before, &mask, &project, &located, args.dry_run, system)?;
        output::mended(&mended, &mask, (args.dry_run, args.output.format == Format::Text), out)?;
    }
    let project = load(&located, &config)?;
    let (report, mask) = report(args, &located, &config, &project, system);
    output::report(report, &mask, &located.root, &args.output, system, out)
}

fn load(located: &Located, config: &Config) -> Result<Project, Error> {
    Ok(Project::load(&located.root, &located.below, located.is_file, config, located.repository.as_ref())?)
}

/// What is found in a project, judged.
fn report(args: &Check, located: &Located, config: &Config, project: &Project, system: &System) -> (Report, Mask) {
    let mut run = Run::new(output::terms("check", &args.output), config, project, system);
    run.outcome.problems.clone_from(&located.problems);
    run.outcome.whole = located.below.is_root();
    if project.listed == 0 && (located.repository.is_none() || args.path.is_some()) {
        // What is to be there may be on a volume that is not mounted.
        run.outcome.problems.push(Problem::whole(ProblemKind::NothingToCheck));
    }
    match crate::engine::rotation::ages(located, config, project, run.today(), system) {
        Ok(ages) => {
            run.outcome.problems.extend(ages.iter().flat_map(|ages| gone(ages, located, project)));
            run.ages = ages;
        }
        Err(problem) => run.outcome.problems.push(problem),
    }
    run.worktree();
    let modules = modules(located, &mut run.outcome.problems);
    let mounts: Vec<Mount<'_>> = mounts(located, project, &modules);
    for mount in &mounts {
        if let Err(problem) = run.index(mount, mount.repository.index(None)) {
            run.outcome.problems.push(mount.problem(problem));
        }
        if !args.no_history {
            run.history(mount, None);
        }
    }
    // A path asks about itself; what the history, the index and other files say of the rest is left out.
    run.outcome.findings.retain(|finding| finding.origin.path().strip_dir(&located.below).is_some());
    let repositories: Vec<_> = mounts.iter().map(|mount| mount.repository).collect();
    let (report, values) = run.report(&repositories);
    (report, Mask::new(values))
}

/// The env files that the ledger knows, where none is left of a whole project.
fn gone(ages: &Ages, located: &Located, project: &Project) -> Vec<Problem> {
    let is_left = project.files.iter().any(|file| file.role == Role::Env);
    if is_left || !located.below.is_root() {
        return Vec::new();
    }
    ages.files.iter().map(|file| Problem::at(ProblemKind::EnvFileGone, file.clone())).collect()
}
