//! What policy left: the answer of a command that reports.

use jiff::civil::Date;
use serde::Deserialize;

use std::num::NonZeroU32;

use crate::env::Key;
use crate::env::readers::{Reader, Verdict};
use crate::finding::{Finding, Severity};
use crate::path::RelPath;
use crate::problem::Problem;

/// The answer of a command that reports.
#[derive(Debug)]
pub struct Report {
    /// `check`, `scan`, …
    pub command: &'static str,
    /// The repository, where it is one of several with a report each.
    pub repository: Option<RelPath>,
    /// Whether it tells only what came since the last complete scan.
    pub only_new: bool,
    /// The day the ages are counted to.
    pub as_of: Date,
    /// The status before `--exit-zero`.
    pub status: Status,
    /// What is wrong, the most severe first, then by path, line, check and key.
    pub findings: Vec<Finding>,
    /// What an ignore hid.
    pub hidden: Vec<Hidden>,
    /// Ignores that hid nothing.
    pub unused_ignores: Vec<UnusedIgnore>,
    /// What could not be examined.
    pub problems: Vec<Problem>,
    /// Problems that the configuration accepts.
    pub accepted: Vec<Accepted>,
    /// How much was examined.
    pub examined: Examined,
    /// The least severity that makes the status `Findings`.
    pub fail_on: Severity,
    /// What `--min-severity` leaves out.
    pub below: Option<Below>,
    /// What each reader sees of each key, where that was asked for.
    pub readers: Option<Vec<FileReaders>>,
}

impl Report {
    /// One with nothing in it yet.
    #[must_use]
    pub fn empty(command: &'static str, as_of: Date, fail_on: Severity) -> Self {
        Self {
            command,
            repository: None,
            only_new: false,
            as_of,
            status: Status::Clean,
            findings: Vec::new(),
            hidden: Vec::new(),
            unused_ignores: Vec::new(),
            problems: Vec::new(),
            accepted: Vec::new(),
            examined: Examined::default(),
            fail_on,
            below: None,
            readers: None,
        }
    }

    /// Leaves out the findings below a severity and counts them. What the status says stays: it does not depend on what
    /// is shown.
    pub fn leave_out_below(&mut self, least: Severity) {
        let (shown, below): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.findings).into_iter().partition(|finding| finding.severity >= least);
        self.findings = shown;
        let severities = below.iter().map(|finding| finding.severity).collect();
        self.below = (!below.is_empty()).then_some(Below { least, severities });
    }

    /// Takes over the report of one of several repositories.
    pub fn add(&mut self, repository: &RelPath, part: Self) {
        let place = |finding: Finding| Finding { repository: Some(repository.clone()), ..finding };
        let excuse = |excuse: Suppression| Suppression { path: repository.join(excuse.path.as_bytes()), ..excuse };
        self.findings.extend(part.findings.into_iter().map(place));
        let hidden = part.hidden.into_iter();
        self.hidden.extend(hidden.map(|one| Hidden { finding: place(one.finding), by: excuse(one.by) }));
        let unused = part.unused_ignores.into_iter();
        self.unused_ignores.extend(unused.map(|one| UnusedIgnore { at: excuse(one.at), ..one }));
        self.problems.extend(part.problems.into_iter().map(|problem| problem.within(repository)));
        let accepted = part.accepted.into_iter();
        self.accepted
            .extend(accepted.map(|one| Accepted { problem: one.problem.within(repository), by: excuse(one.by) }));
        self.examined += part.examined;
    }

    /// The report of one of several repositories, as a report of its own.
    #[must_use]
    pub fn of_one(self, repository: &RelPath) -> Self {
        let (status, fail_on, only_new) = (self.status, self.fail_on, self.only_new);
        let mut one = Self::empty(self.command, self.as_of, fail_on);
        one.add(repository, self);
        Self { repository: Some(repository.clone()), status, only_new, ..one }
    }

    /// Gives it the status that its findings and problems stand for.
    pub fn judge(&mut self) {
        self.status = if !self.problems.is_empty() {
            Status::Incomplete
        } else if self.findings.iter().any(|finding| finding.severity >= self.fail_on) {
            Status::Findings
        } else {
            Status::Clean
        };
    }
}

/// What the readers of an env file see of it.
#[derive(Clone, Debug)]
pub struct FileReaders {
    /// The file.
    pub path: RelPath,
    /// The programs of the project that read it, and where that is to be seen.
    pub used: Vec<(Reader, RelPath, Option<NonZeroU32>)>,
    /// Its keys.
    pub keys: Vec<KeyReaders>,
}

/// What all readers see of a key, each compared with Docker Compose.
#[derive(Clone, Debug)]
pub struct KeyReaders {
    /// The line of its last assignment.
    pub line: NonZeroU32,
    /// The key, where it may be printed.
    pub key: Option<Key>,
    /// Of each reader.
    pub verdicts: Vec<(Reader, Verdict)>,
}

/// Findings that are not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Below {
    /// The least severity that is shown.
    pub least: Severity,
    /// The severity of each.
    severities: Vec<Severity>,
}

impl Below {
    /// How many there are.
    #[must_use]
    pub fn all(&self) -> usize {
        self.severities.len()
    }

    /// How many there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.severities.iter().filter(|one| **one == severity).count()
    }
}

/// What the exit status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Everything was examined and nothing is wrong: 0.
    Clean,
    /// Something is wrong: 1.
    Findings,
    /// Not everything could be examined: 2.
    Incomplete,
}

impl Status {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Incomplete => "incomplete",
        }
    }
}

/// Where an ignore or an acceptance is written, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The file it is in.
    pub path: RelPath,
    /// Its line there, from 1.
    pub line: Option<std::num::NonZeroU32>,
    /// The reason its author gave; `None` for an inline one, whose text stays in the env file.
    pub reason: Option<String>,
    /// Its last day.
    pub until: Option<Date>,
}

/// A finding that an ignore hid.
#[derive(Debug)]
pub struct Hidden {
    /// The finding.
    pub finding: Finding,
    /// What hid it.
    pub by: Suppression,
}

/// An ignore that hid nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedIgnore {
    /// The check it names.
    pub check: String,
    /// Where it stands.
    pub at: Suppression,
}

/// A problem that the configuration accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The problem.
    pub problem: Problem,
    /// What accepts it.
    pub by: Suppression,
}

/// How much was examined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Examined {
    /// Files of the work tree that were listed.
    pub files: u64,
    /// Env files, copies and templates that were opened.
    pub env_files: u64,
    /// Env files of the main work tree, seen from a linked one.
    pub main_env_files: u64,
    /// Entries of the index.
    pub index_entries: u64,
    /// Commits.
    pub commits: u64,
    /// Git objects.
    pub objects: u64,
    /// Containers.
    pub containers: u64,
    /// Keys with what looks like a secret, of which the configuration says that they hold none.
    pub declared_harmless: u64,
    /// Bytes that `trace` read.
    pub bytes: u64,
    /// Processes.
    pub processes: u64,
}

impl std::ops::AddAssign for Examined {
    fn add_assign(&mut self, other: Self) {
        let counts = [
            (&mut self.files, other.files),
            (&mut self.env_files, other.env_files),
            (&mut self.main_env_files, other.main_env_files),
            (&mut self.index_entries, other.index_entries),
            (&mut self.commits, other.commits),
            (&mut self.objects, other.objects),
            (&mut self.containers, other.containers),
            (&mut self.declared_harmless, other.declared_harmless),
            (&mut self.bytes, other.bytes),
            (&mut self.processes, other.processes),
        ];
        // What another machine wrote may be any number.
        counts.into_iter().for_each(|(sum, count)| *sum = sum.saturating_add(count));
    }
}
