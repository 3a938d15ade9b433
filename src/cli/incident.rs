//! `envward incident`: the structs only.

use std::path::PathBuf;

use clap::Args;

/// `envward incident`.
#[derive(Debug, Args)]
pub struct Incident {
    /// The compose service that is compromised
    #[arg(required_unless_present = "exposed")]
    pub service: Option<String>,
    /// The directory of the stack that is meant, or of the project; without it, where you stand
    pub path: Option<PathBuf>,
    /// The compose file of the stack that is meant, where several have that service
    #[arg(short, long, value_name = "FILE", conflicts_with = "exposed")]
    pub file: Option<PathBuf>,
    /// Instead of a service: every secret that is exposed in git history
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
}
