//! `envward rotation`: the structs only. No flag carries a secret.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

/// `envward rotation`.
#[derive(Debug, Subcommand)]
pub enum Rotation {
    /// Show how old each secret is and what is due, and take the look down in the ledger
    Status(Status),
    /// Make a new value that waits, and show where the old one stands and what to do
    Rotate(Rotate),
    /// Put the value that waits to use in all places, and later confirm that the old one is gone
    Promote(Promote),
    /// Say since when a secret has its value, where envward cannot know it
    Record(Record),
    /// Put the reminders of a secret off
    Snooze(Snooze),
    /// Write the dates for Prometheus or a calendar
    Export(Export),
    /// Write the files of a daily job that reminds, after showing them
    Install(Install),
}

/// `envward rotation status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Projects, directories or env files; without one, the project that this directory is in
    pub paths: Vec<PathBuf>,
    /// Print only what is due; nothing, with status 0, when nothing is
    #[arg(long, conflicts_with = "remind")]
    pub due: bool,
    /// With --due: also what will be within this time: 14d, 2w
    #[arg(long, value_name = "TIME", requires = "due", value_parser = days)]
    pub within: Option<u32>,
    /// What the job runs: each due secret once at its soft date, weekly until the hard one, daily after it
    #[arg(long, conflicts_with = "as_of")]
    pub remind: bool,
    /// The format
    #[arg(long, value_enum, default_value_t = RotationFormat::Text)]
    pub format: RotationFormat,
    /// Exit 0 with something due (never with something that could not be examined)
    #[arg(long)]
    pub exit_zero: bool,
    /// Count ages to this day instead of today, and write nothing: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// The clock is right now: correct the days in the ledger that are after today
    #[arg(long, conflicts_with_all = ["as_of", "remind"])]
    pub accept_clock: bool,
    /// Read this configuration instead of the project's envward.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The formats of `rotation status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RotationFormat {
    /// For people
    Text,
    /// The schema envward.rotation/1
    Json,
}

/// Which secret is meant.
#[derive(Debug, Args)]
pub struct Which {
    /// The key
    pub key: String,
    /// Its env file, or the project; without it, the project that this directory is in
    pub path: Option<PathBuf>,
}

/// `envward rotation record`.
#[derive(Debug, Args)]
pub struct Record {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// The day on which the value was made: 2026-01-31
    #[arg(long, value_name = "DATE")]
    pub at: Date,
    /// How you know
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who looks after it
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
}

/// `envward rotation snooze`.
#[derive(Debug, Args)]
pub struct Snooze {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// The last day without a reminder: 2026-01-31
    #[arg(long, value_name = "DATE")]
    pub until: Date,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `envward rotation export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Projects; without one, the project that this directory is in
    pub paths: Vec<PathBuf>,
    /// The format
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// The file, which others may read; for Prometheus it ends in .prom. Without it, standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Name no project, file or key
    #[arg(long)]
    pub hide_names: bool,
    /// Read this configuration instead of the project's envward.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The formats of `rotation export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Metrics for Prometheus's textfile collector
    Prometheus,
    /// A calendar, RFC 5545
    Ical,
}

/// `envward rotation install`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("kind").required(true))]
pub struct Install {
    /// Projects; without one, the project that this directory is in
    pub paths: Vec<PathBuf>,
    /// A systemd service, its timer, and what says how it ended
    #[arg(long, group = "kind")]
    pub systemd: bool,
    /// A line for cron
    #[arg(long, group = "kind")]
    pub cron: bool,
    /// The user that the job runs as; for root's jobs else the project's owner
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// With --systemd: also write metrics for Prometheus into this .prom file
    #[arg(long, value_name = "FILE", conflicts_with = "cron")]
    pub metrics: Option<PathBuf>,
    /// Write into this directory instead of the system's
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Replace files of an earlier install
    #[arg(long)]
    pub replace: bool,
    /// Only show
    #[arg(long)]
    pub dry_run: bool,
}

/// `14d`, `2w` or `14`, in days: ten years at most.
fn days(text: &str) -> Result<u32, &'static str> {
    let (number, unit) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d').unwrap_or(text), 1),
    };
    let days = number.parse::<u32>().ok().and_then(|number| number.checked_mul(unit));
    days.filter(|days| *days <= 3650).ok_or("days, such as 14d")
}

/// `envward rotation rotate`.
#[derive(Debug, Args)]
pub struct Rotate {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// Take the new value from standard input: one that somebody else issued
    #[arg(long)]
    pub stdin: bool,
    /// Print the statement that gives PostgreSQL or MariaDB a hash of the new password, for the standard input of psql or
    /// mariadb, and nothing else
    #[arg(long, conflicts_with_all = ["redis", "abandon"])]
    pub sql: bool,
    /// With --sql: the role; without it, the user of the URL or the key beside it
    #[arg(long, value_name = "NAME", requires = "sql")]
    pub role: Option<String>,
    /// With --sql: write the statement into this new file (mode 0600) instead
    #[arg(long, value_name = "FILE", requires = "sql")]
    pub out: Option<PathBuf>,
    /// Print the command that makes Redis take the new password, too, for redis-cli's standard input
    #[arg(long, conflicts_with = "abandon")]
    pub redis: bool,
    /// Give the new value up that waits
    #[arg(long, conflicts_with_all = ["stdin", "dry_run"])]
    pub abandon: bool,
    /// Only show where the value stands and what the steps would be
    #[arg(long, conflicts_with_all = ["stdin", "sql", "redis"])]
    pub dry_run: bool,
}

/// `envward rotation promote`.
#[derive(Debug, Args)]
pub struct Promote {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// Say that nothing accepts or uses the old value any more
    #[arg(long)]
    pub confirm: bool,
}
