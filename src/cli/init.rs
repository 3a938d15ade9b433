//! `envward init`: the structs only.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::environment::Environment;

/// `envward init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The project or one template; by default, the project of the current directory
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,
    /// Use this built-in template instead of the project's own templates
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// List the built-in templates
    #[arg(long, exclusive = true)]
    pub list: bool,
    /// Write this env file, if there is only one template
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Use only the templates of this environment
    #[arg(long, value_enum, value_name = "NAME")]
    pub environment: Option<EnvironmentName>,
    /// Add the keys that the template has and the env file lacks
    #[arg(long)]
    pub update: bool,
    /// Make new values even for database passwords and encryption keys that were in use before
    #[arg(long)]
    pub anew: bool,
    /// Ask at the terminal for each value that envward cannot make
    #[arg(long, conflicts_with = "dry_run")]
    pub ask: bool,
    /// Give the files to this user and group (only root can): deploy:www-data
    #[arg(long, value_name = "USER[:GROUP]")]
    pub owner: Option<String>,
    /// Show the changes, and make none
    #[arg(long)]
    pub dry_run: bool,
    /// Read the configuration from this file instead of envward.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

/// An environment on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EnvironmentName {
    /// The machine of a developer
    Development,
    /// Automated tests
    Test,
    /// A server that people use; also staging
    Production,
}

impl From<EnvironmentName> for Environment {
    fn from(word: EnvironmentName) -> Self {
        match word {
            EnvironmentName::Development => Self::Development,
            EnvironmentName::Test => Self::Test,
            EnvironmentName::Production => Self::Production,
        }
    }
}
