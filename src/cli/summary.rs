//! `envward summary`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

/// `envward summary`.
#[derive(Debug, Args)]
pub struct SummaryArgs {
    /// The files with the reports; - reads standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Print the summary in this format
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub format: SummaryFormat,
    /// Show every repository with a finding, and every problem
    #[arg(long)]
    pub all: bool,
    /// Exit with 0 instead of 1, but never instead of 2
    #[arg(long)]
    pub exit_zero: bool,
}

/// The formats of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SummaryFormat {
    /// Text for people
    Text,
    /// JSON, schema envward.summary/1
    Json,
}
