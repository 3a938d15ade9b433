//! What a summary takes of one report.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use jiff::civil::Date;

use super::tally::Counts;
use crate::finding::Severity;
use crate::policy::{Examined, Status};

/// The first of the most severe findings of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// How severe it is.
    pub severity: Severity,
    /// The id of its check.
    pub check: String,
    /// What is wrong: one line.
    pub title: String,
    /// The file in the repository, where there is one.
    pub path: Option<String>,
}

/// What was found in a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many findings of each severity.
    pub counts: Counts,
    /// The first of the most severe ones.
    pub reason: Option<Reason>,
}

impl Found {
    /// Counts a finding; the first of the most severe ones is the reason.
    pub fn add(&mut self, severity: Severity, reason: impl FnOnce() -> Reason) {
        self.counts.add(severity);
        self.because(severity, reason);
    }

    fn because(&mut self, severity: Severity, reason: impl FnOnce() -> Reason) {
        if self.reason.as_ref().is_none_or(|known| known.severity < severity) {
            self.reason = Some(reason());
        }
    }
}

impl AddAssign for Found {
    fn add_assign(&mut self, other: Self) {
        self.counts += other.counts;
        if let Some(reason) = other.reason {
            self.because(reason.severity, || reason);
        }
    }
}

/// What reports count besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Findings that an ignore hides.
    pub hidden: u64,
    /// Problems that a configuration accepts.
    pub accepted: u64,
    /// Findings that `--min-severity` left out.
    pub not_shown: u64,
    /// How much was examined.
    pub examined: Examined,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.hidden = self.hidden.saturating_add(other.hidden);
        self.accepted = self.accepted.saturating_add(other.accepted);
        self.not_shown = self.not_shown.saturating_add(other.not_shown);
        self.examined += other.examined;
    }
}

/// What a summary takes of the report of one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The repository, else the file with the report: one name, one part.
    pub name: String,
    /// The repository, where the report says it.
    pub repository: Option<String>,
    /// The command that made the report.
    pub command: String,
    /// The day that ages are counted to.
    pub as_of: Date,
    /// Whether the report tells only what is new.
    pub only_new: bool,
    /// What the report says of itself.
    pub status: Status,
    /// What was found.
    pub found: Found,
    /// How many things of each kind were not examined.
    pub problems: BTreeMap<String, u64>,
    /// What else it counts.
    pub sums: Sums,
}

impl Part {
    /// One with nothing found in it.
    #[must_use]
    pub fn new(name: String, command: &str, as_of: Date) -> Self {
        Self {
            name,
            repository: None,
            command: command.to_owned(),
            as_of,
            only_new: false,
            status: Status::Clean,
            found: Found::default(),
            problems: BTreeMap::new(),
            sums: Sums::default(),
        }
    }

    /// Whether it is about a repository, and not only about what could not be searched for some.
    #[must_use]
    pub fn is_repository(&self) -> bool {
        self.repository.is_some() || self.problems.is_empty() || self.found.counts.all() > 0
    }
}
