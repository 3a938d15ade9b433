//! `envward key`: the structs only. No flag carries a secret.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

/// `envward key`.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key: shown once on the terminal or put into a file, and its hash kept and printed
    New(New),
    /// Print the hash of a key that you have: from standard input, a file, or a prompt
    Hash(Hash),
    /// Say whether a key is the one of a hash: status 0 yes, 1 no, 2 could not tell
    Verify(Verify),
    /// List the project's keys, with their ages
    List(List),
    /// Take a key back: from now on it is no match
    Revoke(Revoke),
    /// Print the hashes for the application's own database
    Export(Export),
}

/// What a hash costs.
#[derive(Debug, Args)]
pub struct Params {
    /// m=KIB,t=PASSES,p=LANES, or owasp-46m, owasp-19m (the default), owasp-12m, owasp-9m, owasp-7m, rfc9106-64m
    #[arg(long, value_name = "PARAMS")]
    pub params: Option<String>,
}

/// The project whose keys are meant.
#[derive(Debug, Args)]
pub struct Whose {
    /// The project, or a directory of it; without it, the project that this directory is in
    #[arg(long, value_name = "PATH")]
    pub project: Option<PathBuf>,
    /// Read this configuration instead of the project's envward.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `envward key new`.
#[derive(Debug, Args)]
pub struct New {
    /// Whose key it is: takumi_admin
    #[arg(long)]
    pub prefix: String,
    /// Who or what uses it: "ops laptop"
    #[arg(long)]
    pub name: String,
    /// Put the key into this new file, mode 0600, instead of showing it
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The last day on which it is a match: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub expires: Option<Date>,
    /// The id of the key that this one replaces; revoke that when nothing uses it any more
    #[arg(long, value_name = "ID")]
    pub replaces: Option<String>,
    /// What the hash costs.
    #[command(flatten)]
    pub params: Params,
    /// Also parameters below OWASP's
    #[arg(long)]
    pub allow_weak: bool,
    /// Whose registry.
    #[command(flatten)]
    pub whose: Whose,
}

/// `envward key hash`.
#[derive(Debug, Args)]
pub struct Hash {
    /// The file that holds the key; without it, standard input, or a prompt where that is a terminal
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// What the hash costs.
    #[command(flatten)]
    pub params: Params,
    /// Also a key that could be guessed, and parameters below OWASP's
    #[arg(long)]
    pub allow_weak: bool,
}

/// `envward key verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The file that holds the key; without it, standard input, or a prompt where that is a terminal
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// The file that holds the hash; without it, the registry is asked by the key's id
    #[arg(long, value_name = "FILE")]
    pub hash_file: Option<PathBuf>,
    /// On a match whose hash is due to be made anew: make it, keep it in the registry, and print it
    #[arg(long)]
    pub rehash: bool,
    /// What a hash made now would cost.
    #[command(flatten)]
    pub params: Params,
    /// Whose registry.
    #[command(flatten)]
    pub whose: Whose,
}

/// `envward key list`.
#[derive(Debug, Args)]
pub struct List {
    /// The format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Count ages to this day instead of today: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Whose registry.
    #[command(flatten)]
    pub whose: Whose,
}

/// The formats of `key list`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Text,
    /// The schema envward.keys/1
    Json,
}

/// `envward key revoke`.
#[derive(Debug, Args)]
pub struct Revoke {
    /// The key's id, as `key list` shows it
    pub id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Whose registry.
    #[command(flatten)]
    pub whose: Whose,
}

/// `envward key export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The format
    #[arg(long, value_enum)]
    pub format: KeyFormat,
    /// Whose registry.
    #[command(flatten)]
    pub whose: Whose,
}

/// The formats of `key export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyFormat {
    /// PostgreSQL: the table, and a row for each key
    Sql,
    /// The schema envward.keys/1, with the hashes
    Json,
}
