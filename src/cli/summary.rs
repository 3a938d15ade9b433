//! `envward summary`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use jiff::civil::Date;

/// `envward summary`.
#[derive(Debug, Args)]
pub struct SummaryArgs {
    /// Show one project: how many secrets it has, how old they are, how many are exposed, and how that changed
    #[arg(long, value_name = "PATH", num_args = 0..=1, default_missing_value = ".", required = true, value_hint = ValueHint::AnyPath)]
    pub project: Option<PathBuf>,
    /// Print the summary in this format
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub format: SummaryFormat,
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

/// The formats of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SummaryFormat {
    /// Text for people
    Text,
    /// One HTML page without script, for a browser or a CI artifact
    Html,
}
