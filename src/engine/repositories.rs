//! Several repositories in one report, one after the other: what fails in one hides nothing of the others.

use std::collections::HashSet;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::locate;
use super::scan::{self, Depth, Options, Scanned};
use super::terms::Terms;
use crate::error::Error;
use crate::git::{Repository, is_git_dir};
use crate::path::RelPath;
use crate::policy::Report;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;
use crate::system::System;

/// Scans them; the values are what no name in the report may show.
pub(crate) fn scan(
    paths: &[PathBuf],
    recursive: bool,
    options: &Options<'_>,
    system: &System,
) -> Result<(Report, Vec<Secret>), Error> {
    let Terms { command, fail_on, .. } = options.terms;
    let mut whole = Report::empty(command, options.terms.today(system), fail_on);
    let mut values = Vec::new();
    let mut seen = Seen::default();
    let found = if recursive { repositories(paths, system, &mut whole.problems)? } else { paths.to_vec() };
    for path in found {
        let name = RelPath::new(path.as_os_str().as_bytes());
        let Some(depth) = seen.depth(&path, system) else { continue };
        match scan::one(Some(&path), options, depth, system) {
            Ok(Scanned { report, values: more, .. }) => {
                values.extend(more);
                whole.add(&name, report);
            }
            Err(error) => whole.problems.push(problem(error, name)),
        }
    }
    whole.judge();
    Ok((whole, values))
}

/// The repositories below some directories; below this one where none is given.
fn repositories(paths: &[PathBuf], system: &System, problems: &mut Vec<Problem>) -> Result<Vec<PathBuf>, Error> {
    let here = [PathBuf::from(".")];
    let mut found = Vec::new();
    for top in if paths.is_empty() { &here[..] } else { paths } {
        locate::place(Some(top), system)?;
        let before = found.len();
        below(top, system, &mut found, problems);
        if found.len() == before {
            let name = RelPath::new(top.as_os_str().as_bytes());
            problems.push(Problem::at(ProblemKind::NoRepositories, name));
        }
    }
    Ok(found)
}

/// The repositories in a directory and below it: work trees, also in other work trees, and bare ones.
fn below(top: &Path, system: &System, found: &mut Vec<PathBuf>, problems: &mut Vec<Problem>) {
    let full = system.directory.join(top);
    let shown = |path: &Path| path.strip_prefix(&full).map_or_else(|_| path.to_path_buf(), |rest| joined(top, rest));
    let mut walk = WalkDir::new(&full).sort_by_file_name().follow_links(false).into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map(|path| RelPath::new(shown(path).as_os_str().as_bytes()));
                let cause = error.io_error().map(|cause| Problem::io(RelPath::default(), cause).cause);
                problems.push(Problem { kind: ProblemKind::UnreadablePath, path, cause: cause.flatten(), spot: None });
                continue;
            }
        };
        if !entry.file_type().is_dir() {
            continue;
        }
        if entry.file_name() == ".git" && entry.depth() > 0 {
            walk.skip_current_dir();
        } else if entry.path().join(".git").symlink_metadata().is_ok() {
            found.push(shown(entry.path()));
        } else if is_git_dir(entry.path()) {
            found.push(shown(entry.path()));
            walk.skip_current_dir();
        }
    }
}

fn joined(top: &Path, rest: &Path) -> PathBuf {
    match (top == Path::new("."), rest.as_os_str().is_empty()) {
        (_, true) => top.to_path_buf(),
        (true, false) => rest.to_path_buf(),
        (false, false) => top.join(rest),
    }
}

/// What was scanned already: another work tree of a repository shares its history, and a submodule was scanned with the
/// repository it belongs to.
#[derive(Default)]
struct Seen {
    git_dirs: HashSet<PathBuf>,
    common_dirs: HashSet<PathBuf>,
}

impl Seen {
    /// How much is left to look at; `None` for nothing. What cannot be opened is examined again, to say why.
    fn depth(&mut self, path: &Path, system: &System) -> Option<Depth> {
        let place = locate::place(Some(path), system).map(|(place, _)| place).unwrap_or_default();
        let Ok(Some(repository)) = Repository::discover(&place) else { return Some(Depth::Whole) };
        if self.git_dirs.contains(repository.git_dir()) {
            return None;
        }
        let is_new = !self.common_dirs.contains(repository.common_dir());
        if is_new {
            // A problem with one of them is told by the scan itself.
            repository.modules(&mut Vec::new()).iter().for_each(|module| self.add(&module.repository));
        }
        self.add(&repository);
        Some(if is_new { Depth::Whole } else { Depth::Index })
    }

    fn add(&mut self, repository: &Repository) {
        self.git_dirs.insert(repository.git_dir().to_path_buf());
        self.common_dirs.insert(repository.common_dir().to_path_buf());
    }
}

/// Why one of several was not scanned.
fn problem(error: Error, name: RelPath) -> Problem {
    match error {
        Error::Problem(problem) => problem.within(&name),
        Error::NoSuchPath(_) | Error::Io { .. } => Problem::at(ProblemKind::UnreadablePath, name),
        _ => Problem::at(ProblemKind::BrokenConfiguration, name),
    }
}
