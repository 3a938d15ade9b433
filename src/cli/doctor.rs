//! `envward doctor`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// `envward doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The directory to look at; by default, the project of the current directory
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,
    /// Read the configuration from this file instead of envward.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}
