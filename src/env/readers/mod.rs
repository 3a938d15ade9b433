//! What each program that reads env files makes of one. Pure models, one file each, of the newest version that could be
//! measured; tests/vectors and `tests/integration/env/models` compare each with the real program.
//!
//! Each sees an environment without the file's names, so a name that the file does not define is empty.

mod buffer;
mod compare;
mod compose;
mod direnv;
mod docker;
mod dotenvy;
mod executed;
mod godotenv;
mod honcho;
mod line_pattern;
mod node;
mod npm_dotenv;
mod npm_dotenv_expand;
mod phpdotenv;
mod python_dotenv;
mod reading;
mod rewrite;
mod ruby_dotenv;
mod shell;
mod systemd;

use std::num::NonZeroU32;

use super::Document;
use shell::Dialect;

pub use compare::{Readings, Sign, Verdict, changed_keys, not_read_back, sign, verdict};
pub use executed::is_executed;
pub use reading::{Reading, Sight, Stop};
pub use rewrite::{Rewrite, rewrite};

/// A program that reads env files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// Docker Compose.
    Compose,
    /// `set -a; . FILE` in bash.
    Bash,
    /// The same in dash, Debian's `sh`.
    Dash,
    /// `docker run --env-file`.
    Docker,
    /// systemd's `EnvironmentFile=`.
    Systemd,
    /// `node --env-file`.
    Node,
    /// npm's dotenv.
    NpmDotenv,
    /// npm's dotenv with dotenv-expand.
    NpmDotenvExpand,
    /// python-dotenv.
    PythonDotenv,
    /// direnv's `dotenv`.
    Direnv,
    /// Rust's dotenvy.
    Dotenvy,
    /// Go's godotenv.
    Godotenv,
    /// Ruby's dotenv.
    RubyDotenv,
    /// PHP's phpdotenv, which Laravel uses.
    Phpdotenv,
    /// honcho.
    Honcho,
}

impl Reader {
    /// All of them, as reports list them.
    pub const ALL: [Self; 15] = [
        Self::Compose,
        Self::Bash,
        Self::Dash,
        Self::Docker,
        Self::Systemd,
        Self::Node,
        Self::NpmDotenv,
        Self::NpmDotenvExpand,
        Self::PythonDotenv,
        Self::Direnv,
        Self::Dotenvy,
        Self::Godotenv,
        Self::RubyDotenv,
        Self::Phpdotenv,
        Self::Honcho,
    ];

    /// Its name, in envward.toml and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Bash => "bash",
            Self::Dash => "dash",
            Self::Docker => "docker",
            Self::Systemd => "systemd",
            Self::Node => "node",
            Self::NpmDotenv => "npm-dotenv",
            Self::NpmDotenvExpand => "npm-dotenv-expand",
            Self::PythonDotenv => "python-dotenv",
            Self::Direnv => "direnv",
            Self::Dotenvy => "dotenvy",
            Self::Godotenv => "godotenv",
            Self::RubyDotenv => "ruby-dotenv",
            Self::Phpdotenv => "phpdotenv",
            Self::Honcho => "honcho",
        }
    }

    /// The reader of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reader| reader.name() == name)
    }

    /// What it makes of an env file.
    #[must_use]
    pub fn read(self, document: &Document) -> Reading {
        let text = document.bytes();
        match self {
            Self::Compose => compose::read(document),
            Self::Bash => shell::read(text, Dialect::Bash),
            Self::Dash => shell::read(text, Dialect::Dash),
            Self::Docker => docker::read(text),
            Self::Systemd => systemd::read(text),
            Self::Node => node::read(text),
            Self::NpmDotenv => npm_dotenv::read(text),
            Self::NpmDotenvExpand => npm_dotenv_expand::read(text),
            Self::PythonDotenv => python_dotenv::read(text),
            Self::Direnv => direnv::read(text),
            Self::Dotenvy => dotenvy::read(text),
            Self::Godotenv => godotenv::read(text),
            Self::RubyDotenv => ruby_dotenv::read(text),
            Self::Phpdotenv => phpdotenv::read(text),
            Self::Honcho => honcho::read(text),
        }
    }
}

/// The line of a place, from 1.
fn line_of(text: &[u8], at: usize) -> NonZeroU32 {
    let before = memchr::memchr_iter(b'\n', super::chars::part(text, 0..at)).count();
    NonZeroU32::MIN.saturating_add(u32::try_from(before).unwrap_or(u32::MAX))
}
