//! `envward incident`: the structs only.

use std::path::PathBuf;

use clap::Args;

use super::Color;

/// `envward incident`.
#[derive(Debug, Args)]
pub struct Incident {
    /// The compose service that is compromised
    #[arg(required_unless_present = "exposed")]
    pub service: Option<String>,
    /// A directory of the project; without it, the whole project that this directory is in
    pub path: Option<PathBuf>,
    /// Instead of a service: every secret that is exposed, in git's history or by its file's mode
    #[arg(long)]
    pub exposed: bool,
    /// Where the evidence goes: a directory that is not there yet, outside the project
    #[arg(long, value_name = "DIR")]
    pub evidence: Option<PathBuf>,
    /// What happened, one line, for the ledger
    #[arg(long, value_name = "TEXT", default_value = "incident")]
    pub reason: String,
    /// Record the secrets as exposed without asking
    #[arg(long)]
    pub yes: bool,
    /// Only show; record nothing
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}
