//! `envward check`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Fixing, Output};

/// `envward check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The directory or file to check; by default, the project of the current directory
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,
    /// Do not examine git history
    #[arg(long)]
    pub no_history: bool,
    /// Whether it is fixed.
    #[command(flatten)]
    pub fixing: Fixing,
    /// With --fix: write values so that all readers of the project see the same
    #[arg(long, requires = "fix")]
    pub rewrite_values: bool,
    /// Show what each reader of env files sees, key by key
    #[arg(long)]
    pub readers: bool,
    /// Print the configuration in use, and check nothing
    #[arg(long)]
    pub print_config: bool,
    /// How to report.
    #[command(flatten)]
    pub output: Output,
}
