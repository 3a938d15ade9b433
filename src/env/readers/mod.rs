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
mod make;
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

pub use super::reader::Reader;

impl Reader {
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
            Self::Make => make::read(text),
        }
    }
}

/// The line of a place, from 1.
fn line_of(text: &[u8], at: usize) -> NonZeroU32 {
    let before = memchr::memchr_iter(b'\n', super::chars::part(text, 0..at)).count();
    NonZeroU32::MIN.saturating_add(u32::try_from(before).unwrap_or(u32::MAX))
}
