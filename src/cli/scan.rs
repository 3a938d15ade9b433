//! `envward scan`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::Output;

/// `envward scan`.
#[derive(Debug, Args)]
pub struct Scan {
    /// The repositories to scan; by default, the repository of the current directory
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub paths: Vec<PathBuf>,
    /// Scan every repository below each PATH, also bare ones
    #[arg(long)]
    pub recursive: bool,
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
    /// With --advice: write the secrets to remove into this file, for `git filter-repo --replace-text`
    ///
    /// The file has mode 0600. It contains the secrets, so delete it when the history is clean.
    #[arg(long, value_name = "FILE", requires = "advice", value_hint = ValueHint::FilePath)]
    pub replacements: Option<PathBuf>,
    /// How to report.
    #[command(flatten)]
    pub output: Output,
}
