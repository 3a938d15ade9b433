//! Why a command could not do its work. Closed: paths, lines, key names and causes, never text from a file.

mod key;
mod masked;

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

pub use key::KeyFault;

/// An error that ends the command with exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path on the command line that is not there.
    #[error("no such file or directory: {}", shown(.0))]
    NoSuchPath(PathBuf),
    /// A file that cannot be opened, read or written.
    #[error("cannot {verb} {}{}", shown(.path), because(.cause.as_ref()))]
    Io {
        /// What was tried.
        verb: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's word.
        cause: Option<Cause>,
    },
    /// A configuration that is not valid.
    #[error("{path}{}: {fault}", at(.line.as_ref()))]
    Config {
        /// The file.
        path: RelPath,
        /// The line, where it is known.
        line: Option<NonZeroU32>,
        /// What is wrong there.
        fault: Fault,
    },
    /// Something that must be seen before anything else can be, and was not.
    #[error("{0}")]
    Problem(Problem),
    /// A check that does not exist.
    #[error("no check has this id")]
    NoSuchCheck {
        /// The one that may be meant.
        nearest: Option<&'static str>,
    },
    /// A hook of somebody else's, and one that stood there before already: nothing was installed.
    #[error("{} is another hook, and {} is there already", shown(.0), shown(.1))]
    TwoHooks(PathBuf, PathBuf),
    /// The rotation ledger cannot be used.
    #[error("the rotation ledger in {} {}", shown(.path), .fault.message())]
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
    /// An example or an env file that cannot be filled; nothing was written.
    #[error("{}{}: {fault}", shown(.path), at(.line.as_ref()))]
    EnvFile {
        /// The file.
        path: PathBuf,
        /// The line, where there is one.
        line: Option<NonZeroU32>,
        /// What is wrong.
        fault: template::Fault,
    },
    /// A shipped template that does not exist.
    #[error("envward brings no template of this name")]
    NoSuchTemplate,
    /// No example to start from.
    #[error("{} has no example of an env file{}", shown(.0), for_environment(.1.as_ref()))]
    NoExample(PathBuf, Option<Environment>),
    /// Two examples that stand for the same env file, or several where one is needed.
    #[error("{} and {} would both become {}", shown(.0), shown(.1), shown(.2))]
    TwoExamples(PathBuf, PathBuf, PathBuf),
    /// A value that could be guessed.
    #[error("this value would have {0} bits, and could be guessed")]
    WeakValue(u32),
    /// A value of no length, or of one that nothing takes.
    #[error("a value has 1 to {0} characters")]
    TooLong(usize),
    /// The random generator failed.
    #[error("the system gives no random numbers")]
    Random,
    /// A user that this system does not know.
    #[error("this system knows no such user or group")]
    NoSuchUser,
    /// A question, and nobody to answer it.
    #[error("there is no terminal to ask at")]
    NoTerminal,
    /// An admin key, or its hash.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// No compose file has this service.
    #[error("no compose file here has that service")]
    NoSuchService,
    /// Several stacks have the service, and nothing says which is meant: their last files.
    #[error("several compose files have that service: {}", list(.0))]
    SeveralStacks(Vec<RelPath>),
    /// A key that several env files have.
    #[error("several env files have that key: {}", list(.0))]
    SeveralFiles(Vec<RelPath>),
    /// Keys whose values were in use before, of these files, and the command that makes new ones all the same.
    #[error("other values were in use, and a database or stored data may need them: {}", keys(.0))]
    InUseBefore(Vec<(PathBuf, Key)>, &'static str),
    /// The secrets of an incident, and nobody to say yes.
    #[error("the secrets were not recorded as exposed: there is no terminal to ask at")]
    NotRecorded,
    /// No commit has the name or the id that was given.
    #[error("this repository has no such commit")]
    NoSuchCommit,
    /// No secret in use has the key that was given.
    #[error("no env file in use here has a secret under that key")]
    NoSuchSecret,
    /// The ledger would show a secret in the name of the project.
    #[error("the name or the path of the project contains a secret")]
    SecretInName,
    /// The ledger would show a secret in a person's text.
    #[error("that text contains a secret of this project")]
    SecretInText,
    /// No ledger is wanted.
    #[error("the rotation ledger is switched off: ENVWARD_STATE_DIR is /dev/null")]
    LedgerOff,
    /// Nothing says where the ledger belongs.
    #[error("the rotation ledger has no directory: neither HOME nor ENVWARD_STATE_DIR names one")]
    NoStatePlace,
    /// Something that cannot be done as things stand; the command line is right.
    #[error("{message}")]
    Blocked {
        /// What stands in the way.
        message: &'static str,
        /// What to do next.
        hint: &'static str,
    },
    /// What the command line got wrong: options that exclude each other, one that is missing, one of a wrong form.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: &'static str,
        /// What to type.
        hint: &'static str,
    },
    /// Standard output is gone or full.
    #[error("cannot write the report{}", because(.0.as_ref()))]
    Output(Option<Cause>),
}

impl Error {
    /// What the command line got wrong, and what to type instead.
    #[must_use]
    pub const fn usage(message: &'static str, hint: &'static str) -> Self {
        Self::Usage { message, hint }
    }

    /// What cannot be done as things stand, and what to do first.
    #[must_use]
    pub const fn blocked(message: &'static str, hint: &'static str) -> Self {
        Self::Blocked { message, hint }
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
            Self::Io { .. } => "look at its owner and mode (`ls -la`) and at the free space (`df -h`)".into(),
            Self::Config { fault, .. } => fault.hint(),
            Self::Problem(problem) => problem.kind.help().into(),
            Self::NoSuchCheck { nearest: Some(nearest) } => {
                format!("did you mean `{nearest}`? `envward explain` lists all")
            }
            Self::NoSuchCheck { nearest: None } => "`envward explain` lists all".into(),
            Self::TwoHooks(..) => "make one hook of them, remove the other, and install again".into(),
            Self::Ledger { fault, .. } => fault.hint().into(),
            Self::Refused { why, .. } => why.hint().into(),
            Self::EnvFile { fault, .. } => fault.hint().into(),
            Self::NoSuchTemplate => "`envward init --list` names them".into(),
            Self::NoExample(..) => {
                "name one (`envward init PATH/.env.example`), or start from a template: `envward init --list`".into()
            }
            Self::TwoExamples(..) => "name the one that counts: `envward init PATH/.env.example`".into(),
            Self::WeakValue(_) => {
                format!("ask for {LEAST_BITS} bits (22 characters, 16 bytes), or give --allow-weak")
            }
            Self::TooLong(_) => "a hexadecimal byte is two characters".into(),
            Self::Random => "see what the kernel says (`dmesg`), and run the command again".into(),
            Self::NoSuchUser => "give a name or a number: --owner deploy, --owner 1001:1001".into(),
            Self::NoTerminal => "run without --ask; what is left to fill in is listed".into(),
            Self::Key(fault) => fault.hint().into(),
            Self::NoSuchService => "`docker compose config --services` lists them".into(),
            Self::SeveralStacks(_) => "name the one that is meant: `envward incident SERVICE -f FILE`".into(),
            Self::SeveralFiles(_) => "name the one that is meant, behind the key".into(),
            Self::InUseBefore(_, again) => {
                format!("put them back (a backup; a running container has them), or make new ones: `{again}`")
            }
            Self::NotRecorded => "add --yes to record them, or --dry-run to only look".into(),
            Self::NoSuchCommit => "name a branch, a tag or an id: `git log --oneline --all` lists commits".into(),
            Self::NoSuchSecret => "`envward rotation status` lists the secrets in use".into(),
            Self::SecretInName => "give the project a name without it: name under [project] in envward.toml".into(),
            Self::SecretInText => "write the text without the secret; nothing was recorded".into(),
            Self::LedgerOff => "unset ENVWARD_STATE_DIR, or set it to a directory outside the project".into(),
            Self::NoStatePlace => "set ENVWARD_STATE_DIR to a directory of your own".into(),
            Self::Blocked { hint, .. } | Self::Usage { hint, .. } => (*hint).into(),
            Self::Output(_) => "write it to a file with room for it".into(),
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
