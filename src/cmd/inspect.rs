//! `envward preflight --inspect`: the containers that run, by what Docker says of them.

use std::io::Write;
use std::path::Path;

use zeroize::Zeroizing;

use super::{input, output};
use crate::check::Kind;
use crate::checks::Artifact;
use crate::cli::Output;
use crate::docker::inspect::{self, Container, Inspected};
use crate::engine::locate::{self, parent};
use crate::engine::rotation::Replaced;
use crate::engine::run::Run;
use crate::error::Error;
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::{Problem, ProblemKind};
use crate::project::Project;
use crate::rotation::days;
use crate::secret::mask::Mask;
use crate::system::System;

/// Runs it. The configuration is the project's that one is in.
pub(super) fn run(file: &Path, args: &Output, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let located = locate::project(None, system)?;
    let config = locate::configuration(&located.root, args.judging.config.as_deref(), system)?;
    let shown = match file.as_os_str() == "-" {
        true => RelPath::from("standard input"),
        false => RelPath::new(std::os::unix::ffi::OsStrExt::as_bytes(file.as_os_str())),
    };
    let read = read(file, &shown, system);
    let is_ours = |one: &Container| Project::is_of(&located.root, one);
    let project = match &read {
        // Containers of other projects say nothing about these files.
        Ok(found) if found.containers.iter().any(is_ours) => {
            Project::load(&located.root, &RelPath::default(), false, &config, located.repository.as_ref())?
        }
        _ => Project { root: located.root.clone(), ..Project::default() },
    };
    let mut run = Run::new(output::terms("preflight", &args.judging), &config, &project, system);
    match read {
        Ok(mut found) => {
            run.outcome.problems.extend(project.problems.iter().cloned());
            found.containers.iter_mut().for_each(|container| project.mark_outdated(container, &config));
            match Replaced::of(&located, &config, system) {
                Ok(Some(replaced)) => compare(&mut found, &replaced),
                Ok(None) => {}
                Err(problem) => run.outcome.problems.push(problem),
            }
            judge(&mut run, &found);
        }
        Err(Failure::Problem(problem)) => run.outcome.problems.push(problem),
        Err(Failure::Error(error)) => return Err(error),
    }
    let (report, values) = run.report(&[]);
    output::report(report, &Mask::new(values), &located.root, args, system, out)
}

enum Failure {
    Problem(Problem),
    Error(Error),
}

fn read(file: &Path, shown: &RelPath, system: &System) -> Result<Inspected, Failure> {
    let bytes = match file.as_os_str() == "-" {
        true => input::evidence().map_err(|error| match error {
            Error::Problem(problem) => Failure::Problem(problem),
            other => Failure::Error(other),
        })?,
        false => {
            let (root, name) = parent(file, system).map_err(Failure::Error)?;
            let bytes = root.read(&RelPath::new(name)).map_err(Failure::Problem)?;
            Zeroizing::new(bytes.ok_or_else(|| Failure::Error(Error::NoSuchPath(file.to_path_buf())))?)
        }
    };
    let problem = |kind| Failure::Problem(Problem::at(kind, shown.clone()));
    let found = inspect::read(&bytes).map_err(|_| problem(ProblemKind::NoInspection))?;
    // An empty answer is none: there may be no container, or no Docker.
    match found.containers.is_empty() && found.images.is_empty() {
        true => Err(problem(ProblemKind::EmptyInspection)),
        false => Ok(found),
    }
}

/// Finds the values that were replaced in the project that one is in.
fn compare(found: &mut Inspected, replaced: &Replaced) {
    for variable in found.containers.iter_mut().flat_map(|container| &mut container.environment) {
        variable.is_replaced = replaced.has(&variable.name, &variable.value);
    }
}

fn judge(run: &mut Run<'_>, found: &Inspected) {
    let mut findings = Vec::new();
    for container in &found.containers {
        for variable in &container.environment {
            run.seen.value(&variable.value, run.config.is_secret(&variable.name, &variable.value));
        }
        run.judge(&Artifact::Container(container), false, &mut findings);
    }
    for (image, made) in found.images.iter().filter_map(|image| Some((image, image.made?))) {
        run.judge(&Artifact::Image(image, days(made, run.today())), false, &mut findings);
    }
    run.outcome.findings = findings;
    run.outcome.examined.containers = found.containers.len() as u64;
    run.outcome.kinds.extend([Kind::Container, Kind::Image]);
}
