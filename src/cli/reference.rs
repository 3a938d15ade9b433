//! `envward explain`, `completions` and `man`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// `envward explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The id of a check, such as env-file-mode; by default, list all checks
    pub check: Option<String>,
    /// Print the documentation of every check, as Markdown
    #[arg(long, conflicts_with = "check")]
    pub all: bool,
}

/// `envward completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell that runs the script
    pub shell: clap_complete::Shell,
}

/// `envward man`.
#[derive(Debug, Args)]
pub struct Man {
    /// The command to describe, such as `rotation rotate`; by default, envward itself
    #[arg(value_name = "COMMAND")]
    pub words: Vec<String>,
    /// Write the page of every command into this directory: envward.1, envward-check.1, ...
    #[arg(long, value_name = "DIR", conflicts_with = "words", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
}
