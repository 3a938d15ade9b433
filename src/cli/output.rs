//! The options of every command that reports.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use jiff::civil::Date;

use crate::finding::Severity;

/// The flags of every command that reports.
#[derive(Debug, Args)]
pub struct Output {
    /// Print the report in this format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Show every finding, also those that are alike in many files
    #[arg(long)]
    pub all: bool,
    /// By what it is judged.
    #[command(flatten)]
    pub judging: Judging,
    /// Whether advice follows the report.
    #[arg(skip)]
    pub has_advice: bool,
}

/// By what the findings of every command that reports are judged.
#[derive(Clone, Debug, Args)]
pub struct Judging {
    /// Exit with 1 from this severity on
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Warning)]
    pub fail_on: FailOn,
    /// Show only findings of this severity or above
    ///
    /// The exit status counts all findings, also those that are not shown.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Note, hide_default_value = true, hide_possible_values = true)]
    pub min_severity: FailOn,
    /// Exit with 0 instead of 1, but never instead of 2
    #[arg(long)]
    pub exit_zero: bool,
    /// Calculate ages for this day instead of today: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Read the configuration from this file instead of envward.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

/// Whether the command fixes what it finds.
#[derive(Clone, Copy, Debug, Args)]
pub struct Fixing {
    /// Fix what is safe to fix: set modes to 0600, add lines to .gitignore and .dockerignore
    #[arg(long)]
    pub fix: bool,
    /// With --fix: show the changes, and make none
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for people
    Text,
    /// JSON, schema envward.report/1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations for GitHub Actions
    Github,
    /// Secret detection report of GitLab, schema 15
    GitlabSecretDetection,
    /// Code quality report of GitLab
    GitlabCodequality,
    /// JUnit XML
    Junit,
    /// One HTML page without script, for a browser or a CI artifact
    Html,
}

/// A severity on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Good to know
    Note,
    /// Should be fixed
    Warning,
    /// A secret is exposed, or will be
    Error,
    /// A secret in use is exposed
    Critical,
}

impl From<FailOn> for Severity {
    fn from(word: FailOn) -> Self {
        match word {
            FailOn::Note => Self::Note,
            FailOn::Warning => Self::Warning,
            FailOn::Error => Self::Error,
            FailOn::Critical => Self::Critical,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
