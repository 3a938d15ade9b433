//! Reports: what policy left, in four formats. Each format has structs of its own, so that what one prints is frozen
//! apart from what the program holds.

pub mod brief;
pub mod checklist;
pub mod github;
pub mod json;
pub mod mask;
pub mod rotation;
pub mod sarif;
pub mod text;
pub mod wording;

use jiff::civil::Date;

use crate::finding::{Finding, Severity};
use crate::path::RelPath;
use crate::problem::Problem;

/// The answer of a command that reports.
#[derive(Debug)]
pub struct Report {
    /// `check`, `scan`, …
    pub command: &'static str,
    /// The day the ages are counted to.
    pub as_of: Date,
    /// The status before `--exit-zero`.
    pub status: Status,
    /// What is wrong, the gravest first, then by path, line, check and key.
    pub findings: Vec<Finding>,
    /// What an ignore hid.
    pub hidden: Vec<Hidden>,
    /// Ignores that hid nothing.
    pub unused_ignores: Vec<UnusedIgnore>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
    /// Problems that the configuration accepts.
    pub accepted: Vec<Accepted>,
    /// How much was looked at.
    pub examined: Examined,
    /// The least severity that makes the status `Findings`.
    pub fail_on: Severity,
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
pub struct Excuse {
    /// The file it stands in.
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
    pub by: Excuse,
}

/// An ignore that hid nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedIgnore {
    /// The check it names.
    pub check: String,
    /// Where it stands.
    pub at: Excuse,
}

/// A problem that the configuration accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The problem.
    pub problem: Problem,
    /// What accepts it.
    pub by: Excuse,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// Files of the work tree that were listed.
    pub files: u64,
    /// Env files, copies and templates that were opened.
    pub env_files: u64,
    /// Entries of the index.
    pub index_entries: u64,
    /// Commits.
    pub commits: u64,
    /// Git objects.
    pub objects: u64,
    /// Containers.
    pub containers: u64,
}
