//! `envward scan`: a git repository alone. The work tree is read only to know which secrets are in use.

use std::io::Write;
use std::path::Path;

use super::locate;
use super::output;
use super::run::{Mount, Run};
use crate::cli::Scan;
use crate::config::{self, Config};
use crate::error::Error;
use crate::files::READ_LIMIT;
use crate::git::{IndexEntry, Repository};
use crate::path::RelPath;
use crate::policy::Policy;
use crate::problem::{Problem, ProblemKind};
use crate::report::Status;
use crate::report::mask::Mask;
use crate::source::Project;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Scan, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    run_as("scan", args, system, out)
}

/// Runs it under the name of another command.
pub(super) fn run_as(
    command: &'static str,
    args: &Scan,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let (place, is_file) = locate::place(args.path.as_deref(), system)?;
    let dir = if is_file { place.parent().unwrap_or(&place) } else { &place };
    let found = Repository::discover(dir).and_then(|found| found.ok_or(Problem::whole(ProblemKind::NotARepository)));
    let mut problems = Vec::new();
    let (opened, config) = match found {
        Ok(repository) => {
            let index = repository.index(system.index_file.as_deref().filter(|_| args.staged));
            let config = configuration(&repository, &index, args, system)?;
            (Some((repository, index)), config)
        }
        Err(problem) => {
            problems.push(problem);
            (None, Config::default())
        }
    };
    // A repository is scanned whole, wherever in it one stands.
    let top = opened.as_ref().and_then(|(repository, _)| repository.workdir());
    let project = match top.filter(|_| !args.staged) {
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
        if let Err(problem) = run.index(&mount, index, args.staged) {
            run.outcome.problems.push(problem);
        }
        if !args.staged {
            run.history(&mount);
        }
    }
    let covers = |through: &str, commit| repository.as_ref().is_some_and(|git| git.covers(through, commit));
    let fail_on = args.output.fail_on.into();
    let today = args.output.as_of.unwrap_or(system.today);
    let report = Policy { config: &config, today, command, fail_on, covers: &covers }.report(run.outcome);
    let mask = Mask::new(&run.seen.into_values());
    let root = repository.as_ref().and_then(Repository::workdir).unwrap_or(dir);
    output::report(report, &mask, root, &args.output, system, out)
}

/// Of `--config`; before a commit the staged file, so that an uncommitted one cannot hide anything; else that of the
/// work tree's top. A bare repository has the one at HEAD.
fn configuration(
    repository: &Repository,
    index: &Result<Vec<IndexEntry>, Problem>,
    args: &Scan,
    system: &System,
) -> Result<Config, Error> {
    let name = RelPath::from(config::FILE);
    let blob = match (args.output.config.as_deref(), repository.workdir()) {
        (Some(given), _) => return locate::configuration(Path::new("."), Some(given), system),
        (None, Some(top)) if !args.staged => return locate::configuration(top, None, system),
        (None, Some(_)) => {
            // An index that cannot be read is reported by the scan itself.
            let entries = index.as_deref().unwrap_or_default();
            entries.iter().find(|entry| entry.path == name).map(|entry| entry.blob)
        }
        (None, None) => match repository.resolve("HEAD") {
            Ok(head) => repository.at_commit(head, &name)?,
            Err(_) => None,
        },
    };
    let Some(blob) = blob else { return Ok(Config::default()) };
    let bytes = repository.blob(blob, READ_LIMIT)?;
    Config::read(&name, public(&bytes))
}

#[expect(clippy::disallowed_methods, reason = "a configuration is no secret")]
fn public(bytes: &crate::secret::Secret) -> &[u8] {
    bytes.expose()
}
