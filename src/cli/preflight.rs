//! `envward preflight`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::{Fixing, Judging};

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
    /// Whether it is fixed.
    #[command(flatten)]
    pub fixing: Fixing,
    /// By what it is judged.
    #[command(flatten)]
    pub judging: Judging,
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
    /// Secret detection report of GitLab, schema 15
    GitlabSecretDetection,
    /// Code quality report of GitLab
    GitlabCodequality,
    /// JUnit XML
    Junit,
    /// One HTML page without script, for a browser or a CI artifact
    Html,
}

/// A profile of `preflight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// All lines of the deployment checklists
    Takumi,
    /// Only secrets and what exposes them
    Minimal,
}
