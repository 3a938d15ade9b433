//! `envward scan`: a git repository alone. The work tree is read only to know which secrets are in use.

use std::io::Write;
use std::path::Path;

use super::run::{Mount, Run};
use super::staged::{self, Answer, Asked};
use super::{locate, output};
use crate::cli::Scan;
use crate::config::{self, Config};
use crate::error::Error;
use crate::git::Repository;
use crate::path::RelPath;
use crate::policy::Policy;
use crate::problem::{Problem, ProblemKind};
use crate::report::Status;
use crate::report::mask::Mask;
use crate::source::Project;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Scan, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let (place, is_file) = locate::place(args.path.as_deref(), system)?;
    let dir = if is_file { place.parent().unwrap_or(&place) } else { &place };
    let found = Repository::discover(dir).and_then(|found| found.ok_or(Problem::whole(ProblemKind::NotARepository)));
    if args.staged {
        return staged(args, found, dir, system, out);
    }
    let mut problems = Vec::new();
    let (opened, config) = match found {
        Ok(repository) => {
            let config = configuration(&repository, args, system)?;
            let index = repository.index(None);
            (Some((repository, index)), config)
        }
        Err(problem) => {
            problems.push(problem);
            (None, Config::default())
        }
    };
    // A repository is scanned whole, wherever in it one stands.
    let top = opened.as_ref().and_then(|(repository, _)| repository.workdir());
    let project = match top {
        Some(top) => Project::load(top, &RelPath::default(), false, &config, None)?,
        None => Project::default(),
    };
    let mut run = Run::new(&config, &project, system);
    run.outcome.problems = problems;
    run.outcome.whole = true;
    project.files.iter().for_each(|file| run.seen.add(file.document.as_ref(), &file.secrets));
    let (repository, index) = opened.unzip();
    if let (Some(repository), Some(index)) = (&repository, index) {
        let mount = Mount { repository, prefix: RelPath::default(), dir: RelPath::default() };
        if let Err(problem) = run.index(&mount, index) {
            run.outcome.problems.push(problem);
        }
        run.history(&mount);
    }
    let covers = |through: &str, commit| repository.as_ref().is_some_and(|git| git.covers(through, commit));
    let fail_on = args.output.fail_on.into();
    let today = args.output.as_of.unwrap_or(system.today);
    let report = Policy { config: &config, today, command: "scan", fail_on, covers: &covers }.report(run.outcome);
    let mask = Mask::new(&run.seen.into_values());
    let root = repository.as_ref().and_then(Repository::workdir).unwrap_or(dir);
    output::report(report, &mask, root, &args.output, system, out)
}

/// What the next commit would change, and nothing else.
fn staged(
    args: &Scan,
    found: Result<Repository, Problem>,
    dir: &Path,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let asked = Asked { command: "scan", output: &args.output, is_hook: false };
    let root = found.as_ref().map_or_else(|_| dir.to_path_buf(), staged::root);
    let Answer { report, mask, .. } = match found {
        Ok(repository) => staged::index(&asked, &repository, system)?,
        Err(problem) => staged::unseen(&asked, problem, system)?,
    };
    output::report(report, &mask, &root, &args.output, system, out)
}

/// Of `--config`, else that of the work tree's top. A bare repository has the one at HEAD.
fn configuration(repository: &Repository, args: &Scan, system: &System) -> Result<Config, Error> {
    let given = args.output.config.as_deref();
    if let Some(top) = repository.workdir().or(given.map(|_| Path::new("."))) {
        return locate::configuration(top, given, system);
    }
    let blob = match repository.resolve("HEAD") {
        Ok(head) => repository.at_commit(head, &RelPath::from(config::FILE))?,
        Err(_) => None,
    };
    blob.map_or_else(|| Ok(Config::default()), |blob| staged::configuration_of(repository, blob))
}
