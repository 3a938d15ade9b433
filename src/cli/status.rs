//! `envward status`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use jiff::civil::Date;

/// `envward status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The directory or file to look at; by default, the project of the current directory
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,
    /// Do not examine git history
    #[arg(long)]
    pub no_history: bool,
    /// Calculate ages for this day instead of today: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Read the configuration from this file instead of envward.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}
