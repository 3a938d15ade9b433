//! `envward preflight`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use jiff::civil::Date;

use super::FailOn;

/// `envward preflight`.
#[derive(Debug, Args)]
pub struct Preflight {
    /// The directory or compose file to check; by default, the project of the current directory
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,
    /// Check these compose files together, in this order, as in `docker compose -f`
    #[arg(short, long = "file", value_name = "FILE", conflicts_with = "path", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Print the report in this format
    #[arg(long, value_enum, default_value_t = PreflightFormat::Text)]
    pub format: PreflightFormat,
    /// Run the checks of this profile; by default, the profile in envward.toml, else takumi
    #[arg(long, value_enum, value_name = "NAME")]
    pub profile: Option<ProfileName>,
    /// Show every finding, and not one line or group for several; in a checklist, what each line is based on
    #[arg(long)]
    pub all: bool,
    /// Check running containers instead, from the JSON of `docker inspect`; - reads standard input
    ///
    /// The file may also contain the JSON of `docker ps` and `docker stats`.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["path", "files", "fix", "no_history", "profile", "scan_report"])]
    pub inspect: Option<PathBuf>,
    /// Also check the report of an image scanner: Trivy's JSON, or SARIF
    ///
    /// Docker Scout, Trivy and Grype write SARIF. Give the option again for each image.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub scan_report: Vec<PathBuf>,
    /// Do not examine git history
    #[arg(long)]
    pub no_history: bool,
    /// Fix what is safe to fix: set modes to 0600, add lines to .gitignore and .dockerignore
    #[arg(long)]
    pub fix: bool,
    /// With --fix: show the changes, and make none
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
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

/// The formats of `preflight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PreflightFormat {
    /// Text for people
    Text,
    /// The two deployment checklists, with an answer for each line
    Checklist,
    /// The checklists as Markdown
    Markdown,
    /// JSON, schema envward.report/1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations for GitHub Actions
    Github,
}

/// A profile of `preflight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// All lines of the deployment checklists
    Takumi,
    /// Only secrets and what exposes them
    Minimal,
}
