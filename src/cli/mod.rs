//! The command line: the structs only. No flag carries a secret.

pub mod check;
pub mod doctor;
pub mod generate;
mod groups;
pub mod hook;
pub mod incident;
pub mod init;
pub mod key;
pub mod output;
pub mod pages;
pub mod preflight;
pub mod reference;
pub mod rotation;
pub mod scan;
pub mod status;
pub mod summary;
pub mod trace;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

pub use check::Check;
pub use doctor::DoctorArgs;
pub use generate::{Generate, To};
pub use groups::GROUPS;
pub use hook::{Hook, HookName, HookTarget};
pub use init::Init;
pub use output::{Color, FailOn, Fixing, Format, Judging, Output};
pub use reference::{Completions, Explain, Man};
pub use scan::{Scan, ScanFormat};
pub use status::StatusArgs;
pub use summary::{SummaryArgs, SummaryFormat};
pub use trace::Trace;

/// Keep a project's secrets private, out of git, strong and up to date
///
/// envward finds secrets from your env files that are in git, readable by other users or easy to guess. It makes new secrets, stops a
/// commit that would publish one, and reminds you to replace old ones. It works offline and never prints a secret.
#[derive(Debug, Parser)]
#[command(name = "envward", version, propagate_version = true, max_term_width = 80, arg_required_else_help = true)]
pub struct Cli {
    /// Choose when to print in colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto, display_order = 900)]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what `check` finds in a throwaway project full of mistakes
    Demo,
    /// Show where a project stands, and what to type next
    ///
    /// One screen: what is worst, whether git runs the hooks, how many secrets are due, what was not examined, and the next three
    /// commands. Nothing is recorded.
    Status(StatusArgs),
    /// Check a project: its env files, the git index and git history
    Check(Check),
    /// Search a git repository for env files and secrets
    ///
    /// Examines the index, all commits, and what only a stash, a reflog or nothing reaches. A secret that an env file contains now is
    /// searched for in every file of the history, whatever that file is called.
    Scan(Scan),
    /// Put the reports of many repositories together on one screen
    ///
    /// Reads reports that `--format json` and `--format jsonl` wrote, here or on other machines: which repositories are the most
    /// severe, how many findings there are, what was not examined, and how to see one.
    Summary(SummaryArgs),
    /// Search this host for secrets in use: histories, logs, processes, images
    ///
    /// Finds the secrets of the current env files in files outside git: in the project with everything that git ignores, in shell
    /// histories, caches, downloads and coding agents' folders, and with --host in logs, backups, homes and processes. Nothing is changed.
    Trace(Trace),
    /// Check compose files, Dockerfiles and env files before you deploy
    ///
    /// Without an environment in its name, a `.env` counts as production. Findings about hardening are one line for each file; --all
    /// shows them in full.
    Preflight(preflight::Preflight),
    /// Fill env files with new secrets, from templates
    ///
    /// Reads each template (.env.example) and writes the env file beside it with mode 0600. The env file is added to .gitignore before it
    /// is created. A value that is filled in already is never changed, so a second run changes nothing.
    Init(Init),
    /// Make one random secret, and print it or write it into an env file
    #[command(subcommand)]
    Generate(Generate),
    /// Install git hooks that block commits and pushes with secrets
    #[command(subcommand)]
    Hook(Hook),
    /// Show how old secrets are, and replace them in time
    #[command(subcommand)]
    Rotation(rotation::Rotation),
    /// Make, verify and revoke admin API keys
    #[command(subcommand)]
    Key(key::Key),
    /// List the steps after a leak or a break-in
    ///
    /// For a service: which secrets its containers could read, how to save evidence, and which secrets to replace first. With --exposed:
    /// the same for every secret that git history exposes. envward asks before it records the secrets as exposed.
    Incident(incident::Incident),
    /// Show what of envward works on this machine, and what does not
    ///
    /// One screen: the program, git, the project and its configuration, the repository and its hooks, the state directory and the ledger,
    /// the reminder, and the programs that read the env files. Nothing is changed.
    Doctor(DoctorArgs),
    /// Explain one check, or list all checks
    ///
    /// The text says what the check finds, why that matters, what to do, and shows examples.
    Explain(Explain),
    /// Print a completion script for a shell
    ///
    /// The script asks envward for each completion, so it also knows the keys, services and checks of the project. It prints names only,
    /// never a secret.
    Completions(Completions),
    /// Print a manual page, or write all manual pages into a directory
    Man(Man),
}

/// The whole command line, with its groups and examples.
#[must_use]
pub fn command() -> clap::Command {
    let command = Cli::command();
    let top = groups::template(&command);
    pages::with_pages(command, "").help_template(top)
}

/// Reads a command line.
///
/// # Errors
/// A mistake on it, or the help that was asked for.
pub fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    // The groups and the pages take a tenth of a hook's start, and only the help shows them.
    let matches = match Cli::command().try_get_matches_from(args) {
        Err(error) if is_help(error.kind()) => command().try_get_matches_from(args),
        matches => matches,
    };
    Cli::from_arg_matches(&matches?)
}

fn is_help(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand)
}
