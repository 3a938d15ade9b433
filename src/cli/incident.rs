//! `envward incident`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// `envward incident`.
#[derive(Debug, Args)]
pub struct Incident {
    /// The compose service that is compromised
    #[arg(required_unless_present = "exposed")]
    pub service: Option<String>,
    /// The directory of the compose files, or the project; by default, the current directory
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,
    /// Use the service of this compose file, if several compose files have a service of that name
    #[arg(short, long, value_name = "FILE", conflicts_with = "exposed", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,
    /// List every secret that git history exposes, instead of the secrets of a service
    #[arg(long)]
    pub exposed: bool,
    /// Also list the places on this host that contain the secrets, as `envward trace` finds them
    #[arg(long)]
    pub trace: bool,
    /// Save the evidence in this new directory outside the project
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub evidence: Option<PathBuf>,
    /// Record this reason in the ledger: one line about what happened
    #[arg(long, value_name = "TEXT", default_value = "incident")]
    pub reason: String,
    /// Record the secrets as exposed, and do not ask
    #[arg(long)]
    pub yes: bool,
    /// Show the steps, and record nothing
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
}
