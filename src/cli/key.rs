//! `envward key`: the structs only. No flag carries a secret.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use jiff::civil::Date;

/// `envward key`.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key, show it once, and print its hash
    ///
    /// The key is shown on the terminal only, or written into a new file with --out. The registry of the project stores its hash.
    New(New),
    /// Print the hash of a key that you already have
    ///
    /// Reads the key from standard input, from --key-file, or at a prompt.
    Hash(Hash),
    /// Say whether a key matches its hash, and was neither revoked nor expired
    ///
    /// Reads the key from standard input, from --key-file, or at a prompt.
    Verify(Verify),
    /// List the keys of the project with their ages
    List(List),
    /// Revoke a key: `key verify` refuses it from now on
    Revoke(Revoke),
    /// Print the hashes for the database of your application
    Export(Export),
}

/// What a hash costs.
#[derive(Debug, Args)]
pub struct Params {
    /// Hash with these parameters: a name such as owasp-19m, or m=KIB,t=PASSES,p=LANES
    ///
    /// The names are owasp-46m, owasp-19m (the default), owasp-12m, owasp-9m, owasp-7m and rfc9106-64m.
    #[arg(long, value_name = "PARAMS")]
    pub params: Option<String>,
}

/// The project whose keys are meant.
#[derive(Debug, Args)]
pub struct Whose {
    /// Use the keys of this project; by default, the project of the current directory
    #[arg(long, value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub project: Option<PathBuf>,
    /// Read the configuration from this file instead of envward.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

/// `envward key new`.
#[derive(Debug, Args)]
pub struct New {
    /// Begin the key with this name of your application: takumi_admin
    #[arg(long)]
    pub prefix: String,
    /// Record who or what uses the key: "ops laptop"
    #[arg(long)]
    pub name: String,
    /// Write the key into this new file (mode 0600), and do not show it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: Option<PathBuf>,
    /// Refuse the key after this day: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub expires: Option<Date>,
    /// Record that the new key replaces the key with this id
    ///
    /// The replaced key stays valid until you revoke it.
    #[arg(long, value_name = "ID")]
    pub replaces: Option<String>,
    /// What the hash costs.
    #[command(flatten)]
    pub params: Params,
    /// Allow parameters below those of OWASP
    #[arg(long)]
    pub allow_weak: bool,
    /// Whose registry.
    #[command(flatten)]
    pub whose: Whose,
}

/// `envward key hash`.
#[derive(Debug, Args)]
pub struct Hash {
    /// Read the key from this file; by default, from standard input or at a prompt
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key_file: Option<PathBuf>,
    /// What the hash costs.
    #[command(flatten)]
    pub params: Params,
    /// Allow a key that can be guessed, and parameters below those of OWASP
    #[arg(long)]
    pub allow_weak: bool,
}

/// `envward key verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// Read the key from this file; by default, from standard input or at a prompt
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key_file: Option<PathBuf>,
    /// Read the hash from this file; by default, find the hash in the registry by the key's id
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub hash_file: Option<PathBuf>,
    /// If the key matches and its hash is cheaper than --params: make, store and print a new hash
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
    /// Print the keys in this format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Calculate ages for this day instead of today: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Whose registry.
    #[command(flatten)]
    pub whose: Whose,
}

/// The formats of `key list`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Text for people
    Text,
    /// JSON, schema envward.keys/1
    Json,
}

/// `envward key revoke`.
#[derive(Debug, Args)]
pub struct Revoke {
    /// The id of the key, from `envward key list`
    pub id: String,
    /// Record this reason: "laptop stolen"
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Whose registry.
    #[command(flatten)]
    pub whose: Whose,
}

/// `envward key export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Print the keys in this format
    #[arg(long, value_enum)]
    pub format: KeyFormat,
    /// Whose registry.
    #[command(flatten)]
    pub whose: Whose,
}

/// The formats of `key export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyFormat {
    /// SQL for PostgreSQL: the table, and a row for each key
    Sql,
    /// JSON, schema envward.keys/1, with the hashes
    Json,
}
