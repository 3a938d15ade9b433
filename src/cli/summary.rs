//! `envward summary`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use jiff::civil::Date;

/// `envward summary`.
#[derive(Debug, Args)]
pub struct SummaryArgs {
    /// The files with the reports; - reads standard input
    #[arg(value_name = "FILE", required_unless_present = "project", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Show one project instead: how many secrets, how old, how many exposed, and how that changed
    ///
    /// Without a PATH, the project of the current directory. Reads the project and the ledger, and records nothing.
    #[arg(long, value_name = "PATH", num_args = 0..=1, default_missing_value = ".", conflicts_with_all = ["files", "all"], value_hint = ValueHint::AnyPath)]
    pub project: Option<PathBuf>,
    /// Print the summary in this format
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub format: SummaryFormat,
    /// Show every repository with a finding, and every problem
    #[arg(long)]
    pub all: bool,
    /// Exit with 0 instead of 1, but never instead of 2
    #[arg(long)]
    pub exit_zero: bool,
    /// With --project: calculate ages for this day instead of today: 2026-12-31
    #[arg(long, value_name = "DATE", requires = "project")]
    pub as_of: Option<Date>,
    /// With --project: read the configuration from this file instead of envward.toml
    #[arg(long, value_name = "FILE", requires = "project", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

/// The formats of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SummaryFormat {
    /// Text for people
    Text,
    /// JSON, schema envward.summary/1
    Json,
    /// One HTML page without script, for a browser or a CI artifact
    Html,
}
