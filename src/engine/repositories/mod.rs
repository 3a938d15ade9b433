//! Several repositories, one after the other or several at once: what fails in one hides nothing of the others.

mod find;
mod known;
mod marks;
mod seen;

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use self::known::Known;
pub(crate) use self::known::Record;
use self::seen::Seen;
use super::scan::{self, Depth, Options, Scanned};
use super::terms::Terms;
use crate::error::Error;
use crate::git::Repository;
use crate::guard::guarded;
use crate::path::RelPath;
use crate::policy::Report;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;
use crate::secret::mask::Mask;
use crate::system::System;
use crate::threads;

/// The repositories that were asked for.
pub(crate) struct Repositories<'a> {
    paths: Vec<PathBuf>,
    /// What of the directories could not be searched for repositories.
    pub(crate) problems: Vec<Problem>,
    options: &'a Options<'a>,
    jobs: usize,
    /// With `--new`: what earlier scans found.
    known: Option<Known<'a>>,
    system: &'a System,
}

/// One of them, scanned.
pub(crate) struct One {
    /// Its place among them.
    number: usize,
    /// Its path, as it was given or found.
    pub(crate) name: RelPath,
    /// Its report, which does not name it yet, and what no name in it may show.
    pub(crate) scanned: Result<Scanned, Problem>,
    /// What is to be recorded when it was told.
    pub(crate) record: Option<Record>,
}

impl<'a> Repositories<'a> {
    /// Of these paths, or below them.
    pub(crate) fn find(
        paths: &[PathBuf],
        recursive: bool,
        jobs: usize,
        options: &'a Options<'a>,
        system: &'a System,
    ) -> Result<Self, Error> {
        let mut problems = Vec::new();
        let here = [PathBuf::from(".")];
        let paths = match (recursive, paths) {
            (true, paths) => find::below_all(paths, system, &mut problems)?,
            (false, []) => here.to_vec(),
            (false, paths) => paths.to_vec(),
        };
        let jobs = jobs.clamp(1, paths.len().max(1));
        Ok(Self { paths, problems, options, jobs, known: None, system })
    }

    /// Tells only what came since the last complete scan of each.
    pub(crate) fn only_new(self) -> Result<Self, Error> {
        Ok(Self { known: Some(Known::open(self.options, self.system)?), ..self })
    }

    /// Scans them, several at once. What is left of each is taken as it is done, so that none is kept: with several jobs
    /// in any order.
    pub(crate) fn each<T: Send>(
        &self,
        left: impl Fn(One) -> T + Sync,
        take: impl FnMut(T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut seen, mut paths) = (Seen::default(), self.paths.iter().enumerate());
        // In their order, so that it does not depend on the jobs which work tree of a repository is examined whole.
        let next = || {
            paths.find_map(|(number, path)| {
                let (depth, repository) = seen.depth(path, self.system)?;
                Some((number, path, depth, repository))
            })
        };
        let scan = |(number, path, depth, repository): (usize, &PathBuf, Depth, Option<Repository>)| {
            let name = RelPath::new(path.as_os_str().as_bytes());
            let scanned = guarded(Some(&name), || self.one(path, depth, repository));
            let (scanned, record) = match scanned {
                Ok(Ok((scanned, record))) => (Ok(scanned), record),
                Ok(Err(error)) => (Err(problem(error, &name)), None),
                Err(problem) => (Err(problem), None),
            };
            left(One { number, name, scanned, record })
        };
        threads::stream(self.jobs, next, scan, take)
    }

    /// Scans one, if it may have something that is to be told.
    fn one(
        &self,
        path: &Path,
        depth: Depth,
        repository: Option<Repository>,
    ) -> Result<(Scanned, Option<Record>), Error> {
        let (Some(known), Some(repository)) = (&self.known, repository) else {
            return Ok((scan::one(Some(path), self.options, depth, self.system)?, None));
        };
        let before = known.before(&repository, depth);
        if known.is_unchanged(&before) {
            return Ok((Scanned::nothing(self.empty()), None));
        }
        let mut scanned = scan::one(Some(path), self.options, depth, self.system)?;
        let record = known.sift(before, &repository, &mut scanned);
        Ok((scanned, record))
    }

    /// Records what was told. What cannot be recorded is told again.
    pub(crate) fn record(&self, record: &Record) -> Result<(), Error> {
        self.known.as_ref().map_or(Ok(()), |known| known.record(record))
    }

    /// Scans them into one report; the values are what no name in it may show, and the records are written when it was
    /// told.
    pub(crate) fn whole(&self) -> Result<(Report, Vec<Secret>, Vec<Record>), Error> {
        let mut whole = self.empty();
        let mut all = Vec::new();
        self.each(
            |one| one,
            |one| {
                all.push(one);
                Ok(())
            },
        )?;
        all.sort_by_key(|one| one.number);
        whole.problems.extend(self.problems.iter().cloned());
        let (mut values, mut records) = (Vec::new(), Vec::new());
        for One { name, scanned, record, .. } in all {
            records.extend(record);
            match scanned {
                Ok(Scanned { report, values: more, .. }) => {
                    values.extend(more);
                    whole.add(&name, report);
                }
                Err(problem) => whole.problems.push(problem),
            }
        }
        whole.judge();
        Ok((whole, values, records))
    }

    /// A report with nothing in it yet.
    pub(crate) fn empty(&self) -> Report {
        let Terms { command, fail_on, .. } = self.options.terms;
        let report = Report::empty(command, self.options.terms.today(self.system), fail_on);
        Report { only_new: self.known.is_some(), ..report }
    }

    /// The report of one of them alone, masked by its own values.
    pub(crate) fn report(&self, one: One) -> Report {
        match one.scanned {
            Ok(Scanned { report, values, .. }) => {
                let report = report.of_one(&one.name).masked(&Mask::new(values));
                Report { only_new: self.known.is_some(), ..report }
            }
            Err(problem) => {
                let mut report = Report { repository: Some(one.name), problems: vec![problem], ..self.empty() };
                report.judge();
                report
            }
        }
    }
}

/// Why one of several was not scanned.
fn problem(error: Error, name: &RelPath) -> Problem {
    match error {
        Error::Problem(problem) => problem.within(name),
        Error::NoSuchPath(_) | Error::Io { .. } => Problem::at(ProblemKind::UnreadablePath, name.clone()),
        _ => Problem::at(ProblemKind::BrokenConfiguration, name.clone()),
    }
}
