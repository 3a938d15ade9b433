//! `envward scan`: the structs only.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum, ValueHint};

use super::{Format, Judging, Output};

/// More repositories at once only wait for the disk and the memory.
const MOST_JOBS: i64 = 256;

/// `envward scan`.
#[derive(Debug, Args)]
pub struct Scan {
    /// Repositories to scan; by default, that of the current directory
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub paths: Vec<PathBuf>,
    /// Scan every repository below each PATH, also bare ones
    #[arg(long)]
    pub recursive: bool,
    /// Scan N repositories at the same time
    ///
    /// Each needs the memory of a scan, and they share the processors. The order of --format jsonl depends on it, and nothing else.
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true, value_parser = clap::value_parser!(u16).range(1..=MOST_JOBS))]
    pub jobs: u16,
    /// Print one screen about all repositories
    ///
    /// The most severe repositories with a reason for each, the number of findings of each severity, and what could not be examined.
    /// Memory does not grow with the number of repositories.
    #[arg(long, conflicts_with_all = ["staged", "range", "since_commit", "advice"])]
    pub summary: bool,
    /// Report only what came since the last complete scan on this host
    ///
    /// Prints nothing if nothing is new. What was printed is recorded in the state directory, as fingerprints, if everything could be
    /// examined. A mirror in which nothing changed is not read again.
    #[arg(long, conflicts_with_all = ["staged", "range", "since_commit", "advice"])]
    pub new: bool,
    /// Report only what the next commit adds or changes
    #[arg(long, conflicts_with = "recursive")]
    pub staged: bool,
    /// Report only what these commits add, as in `git log A..B`
    #[arg(long, value_name = "A..B", conflicts_with_all = ["recursive", "staged"])]
    pub range: Option<String>,
    /// Report only what commits add that are not reachable from this commit
    #[arg(long, value_name = "COMMIT", conflicts_with_all = ["recursive", "staged", "range"])]
    pub since_commit: Option<String>,
    /// Also search for the secrets of this env file
    ///
    /// The env file need not be in the repository. Give the option again for each file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub live: Vec<PathBuf>,
    /// Print how to clean up: what to replace first, then each command
    #[arg(long, conflicts_with_all = ["recursive", "staged", "range", "since_commit"])]
    pub advice: bool,
    /// With --advice: write the secrets to remove into this file
    ///
    /// It is for `git filter-repo --replace-text`. The file has mode 0600. It contains the secrets, so delete it when the history is clean.
    #[arg(long, value_name = "FILE", requires = "advice", value_hint = ValueHint::FilePath)]
    pub replacements: Option<PathBuf>,
    /// Print the report in this format
    #[arg(long, value_enum, default_value_t = ScanFormat::Of(Format::Text))]
    pub format: ScanFormat,
    /// Show every finding, also those that are alike in many files
    ///
    /// With --summary: show every repository with a finding.
    #[arg(long)]
    pub all: bool,
    /// By what it is judged.
    #[command(flatten)]
    pub judging: Judging,
}

impl Scan {
    /// How to report, in a format of all commands.
    #[must_use]
    pub fn output(&self, format: Format) -> Output {
        Output { format, all: self.all, judging: self.judging.clone(), has_advice: self.advice }
    }
}

/// The formats of `scan`: those of all commands, and one for many repositories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanFormat {
    /// A format of all commands.
    Of(Format),
    /// A line of JSON for each repository, as soon as it was scanned.
    Jsonl,
}

static SCAN_FORMATS: LazyLock<Vec<ScanFormat>> =
    LazyLock::new(|| Format::value_variants().iter().copied().map(ScanFormat::Of).chain([ScanFormat::Jsonl]).collect());

impl ValueEnum for ScanFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &SCAN_FORMATS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Of(format) => format.to_possible_value(),
            Self::Jsonl => Some(
                PossibleValue::new("jsonl").help("JSON lines: a report for each repository, as soon as it is scanned"),
            ),
        }
    }
}
