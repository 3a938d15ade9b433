//! Many reports put together: counts, the most severe repositories, problems by kind. Pure, and as large for two thousand
//! repositories as for two hundred: of each report a [`Part`] is taken, and the summary keeps what its screens show.
//!
//! The order in which parts are added changes nothing, so that several threads may scan.

mod input;
mod part;
mod read;
mod tally;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::policy::Status;
use crate::problem::{Problem, ProblemKind};

pub use part::{Found, Part, Reason, Sums};
pub use read::{Reading, read};
pub use tally::{Counts, OfKind};

/// So many repositories are kept by name; of more, only how many there are.
pub const MOST_LINES: usize = 1000;
/// So many kinds of problems are kept apart: envward has fewer.
const MOST_KINDS: usize = 200;
/// So many inputs that could not be read are named.
const MOST_UNREAD: usize = 100;
/// What counts the kinds of problems after the last one that is kept.
const OTHER: &str = "other";

/// One repository that is not clean, in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The repository, else the file with the report.
    pub name: String,
    /// The command that shows the repository; `None` where only a file is known.
    pub command: Option<String>,
    /// How many findings of each severity.
    pub counts: Counts,
    /// The first of the most severe findings.
    pub reason: Option<Reason>,
    /// How many things were not examined.
    pub problems: u64,
    /// The kind of one of them.
    pub kind: Option<String>,
}

/// The most severe first, then those with most problems, then by name.
type Rank = (Reverse<Counts>, Reverse<u64>, String);

/// How many repositories there are of each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repositories {
    /// Everything was examined, and nothing is wrong.
    pub clean: u64,
    /// Something is wrong.
    pub findings: u64,
    /// Not everything was examined.
    pub incomplete: u64,
}

impl Repositories {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.clean + self.findings + self.incomplete
    }
}

/// Many reports, put together.
#[derive(Debug, Default)]
pub struct Summary {
    /// How many repositories there are.
    pub repositories: Repositories,
    /// How many have findings, also where not everything was examined.
    pub with_findings: u64,
    /// How many findings of each severity.
    pub counts: Counts,
    /// The first and the last day that ages are counted to.
    pub days: Option<(Date, Date)>,
    /// Whether a report tells only what is new.
    pub only_new: bool,
    /// What else the reports count.
    pub sums: Sums,
    /// What could not be examined, by kind.
    pub problems: BTreeMap<String, OfKind>,
    /// Inputs that could not be read, the first ones.
    pub unread: Vec<Problem>,
    /// How many there are.
    pub unread_count: u64,
    lines: BTreeMap<Rank, Line>,
    left_out: u64,
    known: HashSet<[u8; 16]>,
    has_findings: bool,
}

impl Summary {
    /// Adds a report.
    ///
    /// # Errors
    /// There is a report of this repository already; the second one is not counted.
    pub fn add(&mut self, part: Part) -> Result<(), Repeated> {
        if !self.known.insert(digest(&part.name)) {
            return Err(Repeated);
        }
        self.count(part);
        Ok(())
    }

    /// Adds the report of a repository that was found once. Another one may have its name, where both are masked.
    pub fn count(&mut self, part: Part) {
        if part.is_repository() {
            match part.status {
                Status::Clean => self.repositories.clean += 1,
                Status::Findings => self.repositories.findings += 1,
                Status::Incomplete => self.repositories.incomplete += 1,
            }
        }
        self.has_findings |= part.status == Status::Findings;
        self.with_findings += u64::from(part.found.counts.all() > 0);
        self.counts += part.found.counts;
        self.sums += part.sums;
        self.only_new |= part.only_new;
        let (first, last) = self.days.unwrap_or((part.as_of, part.as_of));
        self.days = Some((first.min(part.as_of), last.max(part.as_of)));
        for (kind, count) in &part.problems {
            self.add_problems(kind, *count, &part.name);
        }
        if part.status == Status::Incomplete && part.problems.is_empty() {
            // A report that names no problem, and is not about everything.
            self.add_problems(OTHER, 1, &part.name);
        }
        if part.found.counts.all() > 0 || part.status != Status::Clean {
            self.keep(part);
        }
    }

    /// Adds what could not be examined, and is about no repository.
    pub fn add_problem(&mut self, problem: &Problem) {
        let name = problem.path.as_ref().map(ToString::to_string).unwrap_or_default();
        self.add_problems(problem.kind.word(), 1, &name);
    }

    /// Adds an input that could not be read, or not wholly.
    pub fn add_unread(&mut self, problem: Problem) {
        self.unread_count += 1;
        if self.unread.len() < MOST_UNREAD {
            self.unread.push(problem);
        }
    }

    /// What the exit status says, before `--exit-zero`.
    #[must_use]
    pub fn status(&self) -> Status {
        match () {
            () if !self.problems.is_empty() || self.unread_count > 0 => Status::Incomplete,
            () if self.has_findings => Status::Findings,
            () => Status::Clean,
        }
    }

    /// Whether there is nothing to tell a person who wants to hear only of what is new.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.status() == Status::Clean && self.counts.all() == 0
    }

    /// The repositories that are not clean, the most severe first.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.values()
    }

    /// How many more there are, which are not kept by name.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    fn add_problems(&mut self, kind: &str, count: u64, name: &str) {
        let is_full = self.problems.len() >= MOST_KINDS && !self.problems.contains_key(kind);
        let kind = if is_full { OTHER } else { kind };
        self.problems.entry(kind.to_owned()).or_default().add(count, name);
    }

    fn keep(&mut self, part: Part) {
        let problems = part.problems.values().sum();
        let rank = (Reverse(part.found.counts), Reverse(problems), part.name.clone());
        self.lines.insert(rank, Line::of(part, problems));
        if self.lines.len() > MOST_LINES {
            drop(self.lines.pop_last());
            self.left_out += 1;
        }
    }
}

impl Line {
    fn of(part: Part, problems: u64) -> Self {
        let command = part.repository.is_some().then_some(part.command);
        let kind = part.problems.into_iter().next().map(|(kind, _)| kind);
        let Found { counts, reason } = part.found;
        Self { name: part.name, command, counts, reason, problems, kind }
    }
}

/// A second report of one repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated;

impl Repeated {
    /// The problem of the input that has it.
    #[must_use]
    pub fn problem(self, at: crate::path::RelPath) -> Problem {
        Problem::at(ProblemKind::RepeatedReport, at)
    }
}

/// A name in few bytes, so that many of them are little.
fn digest(name: &str) -> [u8; 16] {
    let mut short = [0; 16];
    short.iter_mut().zip(Sha256::digest(name.as_bytes())).for_each(|(short, byte)| *short = byte);
    short
}

#[cfg(test)]
mod tests;
