//! The command line: the structs only. No flag carries a secret.

pub mod incident;
pub mod key;
pub mod preflight;
pub mod rotation;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::environment::Environment;
use crate::finding::Severity;
use crate::secret::generate::Alphabet;

/// Guards a project's secrets: private env files, a clean git history, strong values
#[derive(Debug, Parser)]
#[command(name = "envward", version, propagate_version = true, max_term_width = 80, arg_required_else_help = true)]
#[command(after_help = "exit status: 0 clean, 1 findings, 2 could not look at everything")]
pub struct Cli {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show where a project stands, and what to do next
    Status(StatusArgs),
    /// Check a project: its env files, git's index and its history
    Check(Check),
    /// Scan a git repository: env files in the index, in every commit and hiding place
    Scan(Scan),
    /// Check what is about to be deployed: compose files, Dockerfiles and env files
    Preflight(preflight::Preflight),
    /// Make a project's secrets: from its examples to filled env files that only you can read
    Init(Init),
    /// Make one secret: to standard output, or into an env file
    #[command(subcommand)]
    Generate(Generate),
    /// Print a check's documentation, or list them all
    Explain(Explain),
    /// Install the git hooks that stop a secret before it is committed or pushed
    #[command(subcommand)]
    Hook(Hook),
    /// Make, hash and verify admin API keys
    #[command(subcommand)]
    Key(key::Key),
    /// Know how old each secret is, and replace it in time
    #[command(subcommand)]
    Rotation(rotation::Rotation),
    /// After a leak: what to do, and which secrets to replace
    Incident(incident::Incident),
    /// Run `check` on a throwaway project with the classic mistakes
    Demo,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// `envward status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// A directory or one file; without it, the whole project that this directory is in
    pub path: Option<PathBuf>,
    /// Leave git history out
    #[arg(long)]
    pub no_history: bool,
    /// Read this configuration instead of the project's envward.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Count ages to this day instead of today
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
}

/// `envward check`.
#[derive(Debug, Args)]
pub struct Check {
    /// A directory or one file; without it, the whole project that this directory is in
    pub path: Option<PathBuf>,
    /// Leave git's history out
    #[arg(long)]
    pub no_history: bool,
    /// Mend what is safe to mend: modes to 0600, lines in .gitignore and .dockerignore
    #[arg(long)]
    pub fix: bool,
    /// With --fix: only show what would be done
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// Print the configuration in force, and do nothing else
    #[arg(long)]
    pub print_config: bool,
    /// How to report.
    #[command(flatten)]
    pub output: Output,
}

/// `envward scan`.
#[derive(Debug, Args)]
pub struct Scan {
    /// Repositories, or any directories in them
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Scan every repository below each PATH, bare ones too
    #[arg(long)]
    pub recursive: bool,
    /// Judge only what the next commit would add or change
    #[arg(long, conflicts_with = "recursive")]
    pub staged: bool,
    /// Judge only what these commits brought in: A..B or A...B, as git has it
    #[arg(long, value_name = "A..B", conflicts_with_all = ["recursive", "staged"])]
    pub range: Option<String>,
    /// Judge only what came in after this commit: by no commit that it reaches
    #[arg(long, value_name = "COMMIT", conflicts_with_all = ["recursive", "staged", "range"])]
    pub since_commit: Option<String>,
    /// Also look for the secrets of this env file, which need not be in the repository
    #[arg(long, value_name = "FILE")]
    pub live: Vec<PathBuf>,
    /// Say how to clean up: what to replace first, then the exact commands
    #[arg(long, conflicts_with_all = ["recursive", "staged", "range", "since_commit"])]
    pub advice: bool,
    /// With --advice: write the file that git-filter-repo replaces values by, readable by you alone
    #[arg(long, value_name = "FILE", requires = "advice")]
    pub replacements: Option<PathBuf>,
    /// How to report.
    #[command(flatten)]
    pub output: Output,
}

/// `envward init`.
#[derive(Debug, Args)]
pub struct Init {
    /// A project, a directory in it, or one example; without it, the whole project that this directory is in
    pub path: Option<PathBuf>,
    /// Start from a template that envward brings, instead of the project's own examples
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// List the templates that envward brings
    #[arg(long, exclusive = true)]
    pub list: bool,
    /// The env file to write, where there is one example
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only this environment's examples, where a directory has some
    #[arg(long, value_enum)]
    pub environment: Option<EnvironmentName>,
    /// Add the keys that an example has and its env file has not
    #[arg(long)]
    pub update: bool,
    /// Also make new database passwords and encryption keys where others were in use
    #[arg(long)]
    pub anew: bool,
    /// Ask at the terminal for what only a person knows
    #[arg(long, conflicts_with = "dry_run")]
    pub ask: bool,
    /// Whom the files are given to: deploy, 1001, deploy:www-data; root only
    #[arg(long, value_name = "USER[:GROUP]")]
    pub owner: Option<String>,
    /// Only show what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// Read this configuration instead of the project's envward.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// An environment on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EnvironmentName {
    /// A developer's machine
    Development,
    /// Automated tests
    Test,
    /// The real thing; staging counts as it
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

/// `envward generate`.
#[derive(Debug, Subcommand)]
pub enum Generate {
    /// Random bytes as hexadecimal digits, for keys and JWT secrets
    Hex {
        /// How many bytes; each is two digits
        #[arg(long, default_value_t = 64)]
        bytes: usize,
        /// Where to.
        #[command(flatten)]
        to: To,
    },
    /// Random letters and digits, for databases and people
    Password {
        /// How many characters
        #[arg(long, default_value_t = 64)]
        length: usize,
        /// Which characters
        #[arg(long, value_enum, default_value_t = AlphabetName::Base62)]
        alphabet: AlphabetName,
        /// Where to.
        #[command(flatten)]
        to: To,
    },
}

/// Where a new value goes.
#[derive(Debug, Args)]
pub struct To {
    /// How many values, each on a line
    #[arg(long, default_value_t = 1, conflicts_with = "into")]
    pub count: usize,
    /// Put it into a key of an env file, and show it to nobody
    #[arg(long, num_args = 2, value_names = ["FILE", "KEY"])]
    pub into: Option<Vec<PathBuf>>,
    /// With --into: also over a value that is there, or was in use
    #[arg(long, requires = "into")]
    pub replace: bool,
    /// Also a value of less than 128 bits
    #[arg(long)]
    pub allow_weak: bool,
}

/// What a password is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AlphabetName {
    /// Letters and digits
    Base62,
    /// Lower-case hexadecimal digits
    Hex,
    /// Letters, digits, - and _, a letter or digit at both ends
    Urlsafe,
}

impl From<AlphabetName> for Alphabet {
    fn from(word: AlphabetName) -> Self {
        match word {
            AlphabetName::Base62 => Self::Base62,
            AlphabetName::Hex => Self::Hex,
            AlphabetName::Urlsafe => Self::Urlsafe,
        }
    }
}

/// The flags of every command that reports.
#[derive(Debug, Args)]
pub struct Output {
    /// The report's format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    pub fail_on: FailOn,
    /// Show only findings of this severity or above; the exit status still counts the others
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Note, hide_default_value = true)]
    pub min_severity: FailOn,
    /// Show every finding, and not one group for findings that say the same of many files
    #[arg(long)]
    pub all: bool,
    /// Exit 0 with findings (never with something that could not be examined)
    #[arg(long)]
    pub exit_zero: bool,
    /// Count ages to this day instead of today: 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Read this configuration instead of the project's envward.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// The schema envward.report/1
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub annotations
    Github,
}

/// A severity on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Worth knowing
    Note,
    /// Should be mended
    Warning,
    /// A secret is exposed, or will be
    Error,
    /// A secret in use is exposed
    Critical,
}

impl From<FailOn> for Severity {
    fn from(word: FailOn) -> Self {
        match word {
            FailOn::Note => Self::Note,
            FailOn::Warning => Self::Warning,
            FailOn::Error => Self::Error,
            FailOn::Critical => Self::Critical,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// `envward explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The check's id; without it, a list of all
    pub check: Option<String>,
    /// Print the documentation of every check, as Markdown
    #[arg(long, conflicts_with = "check")]
    pub all: bool,
}

/// `envward hook`.
#[derive(Debug, Subcommand)]
pub enum Hook {
    /// Put the hooks in place; one that is there is kept, and run first
    Install(HookTarget),
    /// Take the hooks out again, and put back those that were there
    Uninstall(HookTarget),
    /// Say whether the hooks are in place
    Status(HookTarget),
    /// What the installed hooks run
    Run {
        /// Which hook
        hook: HookName,
        /// What git gives the hook
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        args: Vec<std::ffi::OsString>,
    },
}

/// Whose hooks.
#[derive(Debug, Args)]
pub struct HookTarget {
    /// The repository, or any directory in it
    pub path: Option<PathBuf>,
    /// Those of every repository that is made or cloned from now on (init.templateDir)
    #[arg(long, conflicts_with = "path")]
    pub global: bool,
}

/// The hooks that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HookName {
    /// Before the commit exists
    PreCommit,
    /// Before the merge commit exists
    PreMergeCommit,
    /// Before a push: the commits that no remote has
    PrePush,
    /// On a server, before it takes a push
    PreReceive,
    /// After a checkout: the modes of env files
    PostCheckout,
    /// After a merge: the modes of env files
    PostMerge,
    /// After a rebase or an amended commit: the modes of env files
    PostRewrite,
}
