//! `envward preflight`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::FailOn;

/// `envward preflight`.
#[derive(Debug, Args)]
pub struct Preflight {
    /// A directory or one compose file; without it, the whole project that this directory is in
    pub path: Option<PathBuf>,
    /// Compose files that are deployed together, in this order, as `docker compose -f` takes them
    #[arg(short, long = "file", value_name = "FILE", conflicts_with = "path")]
    pub files: Vec<PathBuf>,
    /// The report's format
    #[arg(long, value_enum, default_value_t = PreflightFormat::Text)]
    pub format: PreflightFormat,
    /// Which checks; the default is that of envward.toml, else takumi
    #[arg(long, value_enum)]
    pub profile: Option<ProfileName>,
    /// Show every finding, and not one line or group for several; in a checklist, what each line is based on
    #[arg(long)]
    pub all: bool,
    /// Judge running containers instead, by what docker inspect, docker ps and docker stats write as JSON; - is standard
    /// input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["path", "files", "fix", "no_history", "profile", "scan_report"])]
    pub inspect: Option<PathBuf>,
    /// Judge what a scanner found in an image, too: Trivy's JSON, or the SARIF of Docker Scout, Trivy or Grype; again for
    /// each image
    #[arg(long, value_name = "FILE")]
    pub scan_report: Vec<PathBuf>,
    /// Leave git's history out
    #[arg(long)]
    pub no_history: bool,
    /// Mend what is safe to mend: modes to 0600, lines in .gitignore and .dockerignore
    #[arg(long)]
    pub fix: bool,
    /// With --fix: only show what would be done
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    pub fail_on: FailOn,
    /// Show only findings of this severity or above; the exit status still counts the others
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Note, hide_default_value = true)]
    pub min_severity: FailOn,
    /// Exit 0 with findings (never with something that could not be examined)
    #[arg(long)]
    pub exit_zero: bool,
    /// Count ages to this day instead of today: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Read this configuration instead of the project's envward.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The formats of `preflight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PreflightFormat {
    /// For people
    Text,
    /// The two deployment checklists, each line with what is known of it
    Checklist,
    /// The same as Markdown
    Markdown,
    /// The schema envward.report/1
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub annotations
    Github,
}

/// A profile of `preflight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// Every line of the deployment checklists
    Takumi,
    /// Secrets and exposure alone
    Minimal,
}
