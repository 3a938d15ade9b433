//! `envward rotation`: the structs only. No flag carries a secret.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use jiff::civil::Date;

use crate::rotation::fleet::LONGEST_HOST;

/// `envward rotation`.
#[derive(Debug, Subcommand)]
pub enum Rotation {
    /// Show how old each secret is and what is due
    ///
    /// Records this check in the ledger, so that the next one notices changed secrets. With --as-of nothing is recorded.
    Status(Status),
    /// Make a new value for a secret, and print the steps to replace the current one
    ///
    /// The new value waits in a private file beside the env file. Nothing uses it before `envward rotation promote`.
    Rotate(Rotate),
    /// Write the waiting new value into every file that uses the current one
    ///
    /// When nothing uses the old value any more, run the command again with --confirm.
    Promote(Promote),
    /// Prove from evidence that services use the new value, and not the old one
    ///
    /// Reads what docker, psql, redis-cli or mariadb prints from standard input, and compares it with both values. The
    /// ledger records a proof.
    Verify(Verify),
    /// Undo `promote`: write the old value back into every place that promote changed
    ///
    /// The new value waits again. Possible until the rotation is confirmed.
    Rollback(Rollback),
    /// Record the day on which a secret got its value, or on which the value expires
    Record(Record),
    /// Postpone the reminders of a secret
    Snooze(Snooze),
    /// Export ages and dates for Prometheus, a calendar, or the PostgreSQL table of all hosts
    Export(Export),
    /// Install a daily job that reminds you of due secrets
    Install(Install),
}

/// `envward rotation status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Projects, directories or env files; by default, the project of the current directory
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Print only secrets that are due, and nothing if no secret is due
    #[arg(long, conflicts_with = "remind")]
    pub due: bool,
    /// With --due: also print secrets that become due within this time: 14d, 2w
    #[arg(long, value_name = "TIME", requires = "due", value_parser = days)]
    pub within: Option<u32>,
    /// Print only today's reminders; the daily job runs this
    ///
    /// A secret is in the reminder once at its soft date, then weekly until its hard date, then daily.
    #[arg(long, conflicts_with = "as_of")]
    pub remind: bool,
    /// With --remind: also write the reminder into the outbox, for the script of `install --notify`
    ///
    /// A reminder in the outbox counts as told only when the script has sent it.
    #[arg(long, requires = "remind")]
    pub outbox: bool,
    /// Also count the places on this host that contain each secret, as `envward trace` finds them
    #[arg(long, conflicts_with = "remind")]
    pub trace: bool,
    /// Print the report in this format
    #[arg(long, value_enum, default_value_t = RotationFormat::Text)]
    pub format: RotationFormat,
    /// Exit with 0 instead of 1, but never instead of 2
    #[arg(long)]
    pub exit_zero: bool,
    /// Calculate ages for this day instead of today, and record nothing: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Correct days in the ledger that are after today, because the clock is right now
    #[arg(long, conflicts_with_all = ["as_of", "remind"])]
    pub accept_clock: bool,
    /// Show what all hosts reported: the table of the fleet as CSV, from this file or from standard input (-)
    ///
    /// The table comes from psql: copy (select * from envward.fleet) to stdout csv header
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath,
        conflicts_with_all = ["paths", "remind", "trace", "accept_clock", "config"])]
    pub from: Option<PathBuf>,
    /// Read the configuration from this file instead of envward.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

/// The formats of `rotation status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RotationFormat {
    /// Text for people
    Text,
    /// JSON, schema envward.rotation/1
    Json,
    /// One HTML page without script, for a browser or a CI artifact
    Html,
}

/// Which secret is meant.
#[derive(Debug, Args)]
pub struct Which {
    /// The name of the secret in the env file: DB_PASSWORD
    pub key: String,
    /// The env file or project; by default, the project of the current directory
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,
}

/// `envward rotation record`.
#[derive(Debug, Args)]
pub struct Record {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// The day on which the secret got its value: 2026-01-31
    #[arg(long, value_name = "DATE", requires = "reason", required_unless_present = "expires")]
    pub at: Option<Date>,
    /// Record how you know the day: "ticket 4711"
    #[arg(long, value_name = "TEXT", required_unless_present = "expires")]
    pub reason: Option<String>,
    /// Record the day on which the value stops being valid, or `never`: 2027-03-01
    #[arg(long, value_name = "DATE", value_parser = expiry)]
    pub expires: Option<Expiry>,
    /// Record who is responsible for the secret
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
}

/// `envward rotation snooze`.
#[derive(Debug, Args)]
pub struct Snooze {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// Send no reminder up to and including this day: 2026-01-31
    #[arg(long, value_name = "DATE")]
    pub until: Date,
    /// Record this reason: "waiting for the provider"
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `envward rotation export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Projects; by default, the project of the current directory
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub paths: Vec<PathBuf>,
    /// Write the dates in this format
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// Write into this file instead of standard output; for Prometheus its name ends in .prom
    ///
    /// Other users can read the file. It contains names and dates, never a secret.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
    /// Write no names of projects, files or keys
    #[arg(long)]
    pub hide_names: bool,
    /// With --format sql: write only the schema, for the administrator of the database
    #[arg(long, conflicts_with_all = ["paths", "hide_names", "host", "fleet_key", "config"])]
    pub schema: bool,
    /// With --format sql: the name of this host, which is also that of its role in PostgreSQL
    #[arg(long, value_name = "NAME", value_parser = plain_name)]
    pub host: Option<String>,
    /// With --format sql: mark equal values under the key in this file, which all hosts share
    ///
    /// Then `status --from` finds a secret that two hosts or two environments use. The file contains 32 random characters
    /// or more and has mode 0600, or is a systemd credential.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub fleet_key: Option<PathBuf>,
    /// Read the configuration from this file instead of envward.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

/// The formats of `rotation export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Metrics for the textfile collector of Prometheus
    Prometheus,
    /// A calendar (RFC 5545)
    Ical,
    /// The rows of this host for the table of all hosts; pipe them into psql
    Sql,
}

/// `envward rotation install`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("kind").required(true))]
pub struct Install {
    /// Projects; by default, the project of the current directory
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub paths: Vec<PathBuf>,
    /// Install a systemd service and its timer
    #[arg(long, group = "kind")]
    pub systemd: bool,
    /// Install a line for cron
    #[arg(long, group = "kind")]
    pub cron: bool,
    /// Run the job as this user; by default, root's jobs run as the owner of the project
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// With --systemd: also write metrics for Prometheus into this .prom file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "cron")]
    pub metrics: Option<PathBuf>,
    /// Also send the reminder to mail:ADDRESS, ntfy:URL, webhook:URL or command:PATH; can be repeated
    ///
    /// Other users can read a URL on the command line. For a URL with a password use ntfy:@FILE (a private file with the
    /// URL) or ntfy:- (standard input or the terminal), and the same for webhook.
    #[arg(long, value_name = "CHANNEL")]
    pub notify: Vec<String>,
    /// With --systemd: also send the ages to PostgreSQL, to the database of this service in pg_service.conf
    #[arg(long, value_name = "SERVICE", conflicts_with = "cron", value_parser = plain_name)]
    pub fleet: Option<String>,
    /// With --fleet: mark equal values under the key in this file, which all hosts share
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "fleet")]
    pub fleet_key: Option<PathBuf>,
    /// With --fleet: the name of this host, which is also that of its role in PostgreSQL
    #[arg(long, value_name = "NAME", requires = "fleet", value_parser = plain_name)]
    pub host: Option<String>,
    /// Write the files into this directory instead of the system's
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// Overwrite the files of an earlier install
    #[arg(long)]
    pub replace: bool,
    /// Show the files, and write none
    #[arg(long)]
    pub dry_run: bool,
}

/// What `--expires` records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// The value is valid until this day.
    On(Date),
    /// The recorded day is removed.
    Never,
}

fn expiry(text: &str) -> Result<Expiry, &'static str> {
    let is_never = text == "never";
    let day = text.parse().ok().filter(|_| text.len() == "2027-03-01".len()).map(Expiry::On);
    day.or(is_never.then_some(Expiry::Never)).ok_or("a day such as 2027-03-01, or never")
}

/// The name of a host or of a service, as it can be in a unit, in a role and in a file.
fn plain_name(text: &str) -> Result<String, &'static str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let is_name = (1..=LONGEST_HOST).contains(&text.len()) && text.bytes().all(is_plain) && !text.starts_with('-');
    if is_name { Ok(text.to_owned()) } else { Err("1 to 63 letters, digits, dots, - and _") }
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
#[command(group = clap::ArgGroup::new("told").args(["sql", "redis"]))]
pub struct Rotate {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// Read the new value from standard input, for a secret that a provider issued
    #[arg(long)]
    pub stdin: bool,
    /// Print only the SQL statement that sets the new password in PostgreSQL or MariaDB
    ///
    /// The statement contains a hash of the new password. Pipe it into psql or mariadb.
    #[arg(long, conflicts_with_all = ["redis", "abandon"])]
    pub sql: bool,
    /// Give the new value to this role of PostgreSQL, so that two roles take turns and no connection is refused
    ///
    /// The user changes together with the password. With --sql or --redis: the user of this password; by default, the
    /// user in the env file.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["abandon", "stdin"])]
    pub role: Option<String>,
    /// With --sql or --redis: tell this server, if several have the password; the steps name them
    #[arg(long, value_name = "NAME", requires = "told")]
    pub server: Option<String>,
    /// With --sql: write the statement into this new file (mode 0600)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "sql")]
    pub out: Option<PathBuf>,
    /// Print only the command that makes Redis also accept the new password; pipe it into redis-cli
    #[arg(long, conflicts_with = "abandon")]
    pub redis: bool,
    /// Discard the waiting new value; nothing else changes
    #[arg(long, conflicts_with_all = ["stdin", "dry_run"])]
    pub abandon: bool,
    /// Show which files use the current value and the steps, and make no new value
    #[arg(long, conflicts_with_all = ["stdin", "sql", "redis"])]
    pub dry_run: bool,
}

/// `envward rotation promote`.
#[derive(Debug, Args)]
pub struct Promote {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// Confirm that nothing accepts or uses the old value any more
    ///
    /// Needs a proof (`envward rotation verify`), an answer on the terminal, or --unproven.
    #[arg(long)]
    pub confirm: bool,
    /// With --confirm: finish without a proof, and record this reason: "the provider shows no logs"
    #[arg(long, value_name = "REASON", requires = "confirm")]
    pub unproven: Option<String>,
}

/// `envward rotation verify`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("evidence").required(true))]
pub struct Verify {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// Standard input is the output of `docker inspect`
    #[arg(long, group = "evidence")]
    pub docker: bool,
    /// Standard input is the output of `select rolname, rolpassword from pg_authid`
    #[arg(long, group = "evidence")]
    pub postgres: bool,
    /// Standard input is the output of `ACL LIST` or `ACL GETUSER` of Redis
    #[arg(long, group = "evidence")]
    pub redis: bool,
    /// Standard input is the output of `select user, host, plugin, authentication_string from mysql.user`
    #[arg(long, group = "evidence")]
    pub mysql: bool,
    /// Standard input is a table of exported key hashes (argon2id)
    #[arg(long, group = "evidence")]
    pub argon2: bool,
    /// The password is of this user; by default, the user in the env file
    #[arg(long, value_name = "NAME", conflicts_with_all = ["docker", "argon2"])]
    pub role: Option<String>,
    /// The evidence is of this server, if several have the password; the steps name them
    #[arg(long, value_name = "NAME", conflicts_with_all = ["docker", "argon2"])]
    pub server: Option<String>,
}

/// `envward rotation rollback`.
#[derive(Debug, Args)]
pub struct Rollback {
    /// Which secret.
    #[command(flatten)]
    pub which: Which,
    /// Print only the SQL statement that sets the old password again, and change nothing
    #[arg(long)]
    pub sql: bool,
    /// With --sql: set the password of this role; by default, the user in the env file
    #[arg(long, value_name = "NAME", requires = "sql")]
    pub role: Option<String>,
    /// With --sql: tell this server, if several have the password
    #[arg(long, value_name = "NAME", requires = "sql")]
    pub server: Option<String>,
}
