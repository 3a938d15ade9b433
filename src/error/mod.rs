//! Why a command could not do its work. Closed: paths, lines, key names and causes, never text from a file.

mod evidence;
mod key;
mod masked;

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::path::PathBuf;

use crate::config::{Fault, Invalid};
use crate::env::Key;
use crate::environment::Environment;
use crate::files::Refusal;
use crate::path::RelPath;
use crate::problem::{Cause, Problem};
use crate::secret::generate::LEAST_BITS;
use crate::text::sanitize;
use crate::{ledger, template};

pub use evidence::EvidenceFault;
pub use key::KeyFault;

/// An error that ends the command with exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path on the command line that does not exist.
    #[error("no such file or directory: {}", shown(.0))]
    NoSuchPath(PathBuf),
    /// A file that cannot be opened, read or written.
    #[error("cannot {verb} {}{}", shown(.path), because(.cause.as_ref()))]
    Io {
        /// What was tried.
        verb: &'static str,
        /// The path.
        path: PathBuf,
        /// The cause from the system.
        cause: Option<Cause>,
    },
    /// A configuration that is not valid.
    #[error("{path}{}: {fault}", at(.line.as_ref()))]
    Config {
        /// The file.
        path: RelPath,
        /// The line, if it is known.
        line: Option<NonZeroU32>,
        /// What is wrong there.
        fault: Fault,
    },
    /// Something that must be examined first, but could not be.
    #[error("{0}")]
    Problem(Problem),
    /// A check that does not exist.
    #[error("there is no check with this id")]
    NoSuchCheck {
        /// A check with a similar id.
        nearest: Option<&'static str>,
    },
    /// Another hook, and an older saved hook: nothing was installed.
    #[error("{} is a hook of another tool, and {} already exists", shown(.0), shown(.1))]
    TwoHooks(PathBuf, PathBuf),
    /// The rotation ledger cannot be used.
    #[error("the ledger in {} {}", shown(.path), .fault.message())]
    Ledger {
        /// Its directory.
        path: PathBuf,
        /// Why.
        fault: ledger::Fault,
    },
    /// A file that was not written.
    #[error("{}: {why}", shown(.path))]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        why: Refusal,
    },
    /// A template or an env file that cannot be filled in; nothing was written.
    #[error("{}{}: {fault}", shown(.path), at(.line.as_ref()))]
    EnvFile {
        /// The file.
        path: PathBuf,
        /// The line, if there is one.
        line: Option<NonZeroU32>,
        /// What is wrong.
        fault: template::Fault,
    },
    /// A file of envward's own that somebody else changed.
    #[error("{} is not what envward wrote", shown(.0))]
    Damaged(PathBuf),
    /// Evidence on standard input that shows nothing.
    #[error("{0}")]
    Evidence(EvidenceFault),
    /// A built-in template that does not exist.
    #[error("envward has no built-in template with this name")]
    NoSuchTemplate,
    /// No template to start from.
    #[error("{} has no template for an env file{}", shown(.0), for_environment(.1.as_ref()))]
    NoExample(PathBuf, Option<Environment>),
    /// Two templates for the same env file, or several if one is needed.
    #[error("{} and {} are both templates for {}", shown(.0), shown(.1), shown(.2))]
    TwoExamples(PathBuf, PathBuf, PathBuf),
    /// A value that is easy to guess.
    #[error("a value of {0} bits is easy to guess")]
    WeakValue(u32),
    /// A value without length, or one that is too long.
    #[error("a value must have 1 to {0} characters")]
    TooLong(usize),
    /// The random generator failed.
    #[error("the system provides no random numbers")]
    Random,
    /// A user that this system does not know.
    #[error("this system does not know that user or group")]
    NoSuchUser,
    /// A question, without a terminal.
    #[error("there is no terminal to ask questions")]
    NoTerminal,
    /// An admin key, or its hash.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// No compose file has this service.
    #[error("no compose file here contains that service")]
    NoSuchService,
    /// Several stacks contain the service: their last files.
    #[error("several compose files contain that service: {}", list(.0))]
    SeveralStacks(Vec<RelPath>),
    /// A key that several env files contain.
    #[error("several env files contain that key: {}", list(.0))]
    SeveralFiles(Vec<RelPath>),
    /// Keys of these files that had other values before, and the command that makes new values anyway.
    #[error("these keys had other values before, which a database or stored data may still need: {}", keys(.0))]
    InUseBefore(Vec<(PathBuf, Key)>, &'static str),
    /// The secrets of an incident, without a terminal to confirm.
    #[error("the secrets were not recorded as exposed, because there is no terminal to ask questions")]
    NotRecorded,
    /// No commit has this name or id.
    #[error("this repository does not contain that commit")]
    NoSuchCommit,
    /// No secret in use has this key.
    #[error("no env file in use here contains a secret with that key")]
    NoSuchSecret,
    /// The ledger would show a secret in the name of the project.
    #[error("the name or the path of the project contains a secret")]
    SecretInName,
    /// The ledger would show a secret in a text that a person wrote.
    #[error("that text contains a secret of this project")]
    SecretInText,
    /// The ledger is disabled.
    #[error("the ledger is disabled: ENVWARD_STATE_DIR is /dev/null")]
    LedgerOff,
    /// The ledger has no directory.
    #[error("the ledger has no directory: neither HOME nor ENVWARD_STATE_DIR is set to one")]
    NoStatePlace,
    /// Something that cannot be done now, although the command line is right.
    #[error("{message}")]
    Blocked {
        /// What prevents it.
        message: &'static str,
        /// What to do next.
        hint: Cow<'static, str>,
    },
    /// A mistake on the command line: options that exclude each other, a missing option, an option of a wrong form.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: &'static str,
        /// What to type.
        hint: &'static str,
    },
    /// Standard output is closed or full.
    #[error("cannot write the report{}", because(.0.as_ref()))]
    Output(Option<Cause>),
}

impl Error {
    /// A mistake on the command line, and what to type instead.
    #[must_use]
    pub const fn usage(message: &'static str, hint: &'static str) -> Self {
        Self::Usage { message, hint }
    }

    /// Something that cannot be done now, and what to do first.
    #[must_use]
    pub const fn blocked(message: &'static str, hint: &'static str) -> Self {
        Self::Blocked { message, hint: Cow::Borrowed(hint) }
    }

    /// The same, where what to do first has names of the project in it: a command that can be typed as it is.
    #[must_use]
    pub fn blocked_here(message: &'static str, hint: String) -> Self {
        Self::Blocked { message, hint: Cow::Owned(hint) }
    }

    /// An I/O error with its verb and path.
    #[must_use]
    pub fn io(verb: &'static str, path: impl Into<PathBuf>, error: &std::io::Error) -> Self {
        Self::Io { verb, path: path.into(), cause: error.raw_os_error().map(Cause::System) }
    }

    /// The word for it in `problems[].kind` of the JSON report.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Config { .. } | Self::NoSuchCheck { .. } => "configuration",
            Self::Usage { .. } => "usage",
            Self::Blocked { .. }
            | Self::NoSuchCommit
            | Self::NoSuchSecret
            | Self::SecretInName
            | Self::SecretInText => "refused",
            Self::Ledger { .. } | Self::LedgerOff | Self::NoStatePlace => "ledger",
            Self::NoSuchPath(_) => "no-such-path",
            Self::Problem(problem) => problem.kind.word(),
            _ => "system",
        }
    }

    /// What to do next: one line.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoSuchPath(_) => "give a directory or a file that exists".into(),
            Self::Io { .. } => "check the owner and mode (`ls -la`) and the free space (`df -h`)".into(),
            Self::Config { fault, .. } => fault.hint(),
            Self::Problem(problem) => problem.kind.help().into(),
            Self::NoSuchCheck { nearest: Some(nearest) } => {
                format!("did you mean `{nearest}`? `envward explain` lists all checks")
            }
            Self::NoSuchCheck { nearest: None } => "list all checks with `envward explain`".into(),
            Self::TwoHooks(..) => "merge the two hooks into one, delete the other, and install again".into(),
            Self::Ledger { fault, .. } => fault.hint().into(),
            Self::Refused { why, .. } => why.hint().into(),
            Self::EnvFile { fault, .. } => fault.hint().into(),
            Self::Damaged(_) => {
                "without it the rotation cannot be rolled back; move it away, and finish the rotation".into()
            }
            Self::Evidence(fault) => fault.hint().into(),
            Self::NoSuchTemplate => "list the built-in templates with `envward init --list`".into(),
            Self::NoExample(..) => {
                "give a template (`envward init PATH/.env.example`), or use a built-in one: `envward init --list`"
                    .into()
            }
            Self::TwoExamples(..) => "give the template to use: `envward init PATH/.env.example`".into(),
            Self::WeakValue(_) => {
                format!("ask for {LEAST_BITS} bits (22 characters, 16 bytes), or give --allow-weak")
            }
            Self::TooLong(_) => "give a shorter length; a byte in hexadecimal has two characters".into(),
            Self::Random => "read the kernel messages (`dmesg`), and run the command again".into(),
            Self::NoSuchUser => "give a name or a number: --owner deploy, --owner 1001:1001".into(),
            Self::NoTerminal => "run without --ask; envward lists what is left to fill in".into(),
            Self::Key(fault) => fault.hint().into(),
            Self::NoSuchService => "list the services with `docker compose config --services`".into(),
            Self::SeveralStacks(_) => "give the compose file: `envward incident SERVICE -f FILE`".into(),
            Self::SeveralFiles(_) => "give the env file after the key".into(),
            Self::InUseBefore(_, again) => {
                format!("restore the old values (from a backup or a running container), or make new ones: `{again}`")
            }
            Self::NotRecorded => "add --yes to record them, or --dry-run to only see the report".into(),
            Self::NoSuchCommit => "give a branch, a tag or an id; `git log --oneline --all` lists the commits".into(),
            Self::NoSuchSecret => "list the secrets in use with `envward rotation status`".into(),
            Self::SecretInName => {
                "give the project a name without a secret: `name` under [project] in envward.toml".into()
            }
            Self::SecretInText => "write the text without the secret; nothing was recorded".into(),
            Self::LedgerOff => "unset ENVWARD_STATE_DIR, or set it to a directory outside the project".into(),
            Self::NoStatePlace => "set ENVWARD_STATE_DIR to a directory that belongs to you".into(),
            Self::Blocked { hint, .. } => hint.clone().into_owned(),
            Self::Usage { hint, .. } => (*hint).into(),
            Self::Output(_) => "write the report to a file on a disk with free space".into(),
        }
    }
}

impl From<Invalid> for Error {
    fn from(Invalid { path, line, fault }: Invalid) -> Self {
        Self::Config { path, line, fault }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

fn list(paths: &[RelPath]) -> String {
    paths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn keys(known: &[(PathBuf, Key)]) -> String {
    known.iter().map(|(file, key)| format!("{key} of {}", shown(file))).collect::<Vec<_>>().join(", ")
}

fn shown(path: &std::path::Path) -> String {
    sanitize(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()))
}

fn at(line: Option<&NonZeroU32>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}

fn for_environment(environment: Option<&Environment>) -> String {
    environment.map(|environment| format!(" for {}", environment.word())).unwrap_or_default()
}

fn because(cause: Option<&Cause>) -> String {
    cause.map(|cause| format!(": {cause}")).unwrap_or_default()
}
