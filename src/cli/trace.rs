//! `envward trace`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::Output;

/// `envward trace`.
#[derive(Debug, Args)]
pub struct Trace {
    /// The files and folders to search, or - for standard input
    ///
    /// By default, the project with everything that git ignores, and the places of this user: shell histories, editors' files,
    /// settings, caches, downloads, coding agents' folders.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Also search this host: logs, settings, backups, temporary files, homes, containers, processes
    ///
    /// Run it as root: other accounts cannot read most of these places.
    #[arg(long)]
    pub host: bool,
    /// Also search the arguments and the environment of processes
    #[arg(long)]
    pub processes: bool,
    /// Do not cross into other file systems
    #[arg(long)]
    pub one_file_system: bool,
    /// Search for the secrets of this project; by default, of the current directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub project: Option<PathBuf>,
    /// Also search for the secrets of this env file
    ///
    /// The env file need not be in the project. Give the option again for each file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub live: Vec<PathBuf>,
    /// How to report.
    #[command(flatten)]
    pub output: Output,
}
