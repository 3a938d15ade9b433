//! Masks values in use in errors.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::Error;
use crate::secret::mask::Mask;
use crate::template::Fault;

impl Mask {
    /// The error, with values in use in its names replaced.
    #[must_use]
    pub fn error(&self, error: Error) -> Error {
        let paths = |paths: &[_]| paths.iter().map(|path| self.path(path)).collect();
        match error {
            Error::NoSuchPath(path) => Error::NoSuchPath(self.file(&path)),
            Error::Io { verb, path, cause } => Error::Io { verb, path: self.file(&path), cause },
            Error::Config { path, line, fault } => Error::Config { path: self.path(&path), line, fault },
            Error::Problem(problem) => Error::Problem(self.problem(problem)),
            Error::TwoHooks(one, other) => Error::TwoHooks(self.file(&one), self.file(&other)),
            Error::Ledger { path, fault } => Error::Ledger { path: self.file(&path), fault },
            Error::Refused { path, why } => Error::Refused { path: self.file(&path), why },
            Error::EnvFile { path, line, fault } => {
                Error::EnvFile { path: self.file(&path), line, fault: self.fault(fault) }
            }
            Error::Damaged(path) => Error::Damaged(self.file(&path)),
            Error::NoExample(path, environment) => Error::NoExample(self.file(&path), environment),
            Error::TwoExamples(one, other, file) => {
                Error::TwoExamples(self.file(&one), self.file(&other), self.file(&file))
            }
            Error::SeveralStacks(files) => Error::SeveralStacks(paths(&files)),
            Error::SeveralFiles(files) => Error::SeveralFiles(paths(&files)),
            // A key whose name contains a value is left out.
            Error::InUseBefore(places, again) => {
                let places = places.into_iter().filter_map(|(file, key)| Some((self.file(&file), self.key(&key)?)));
                Error::InUseBefore(places.collect(), again)
            }
            Error::Blocked { message, hint: Cow::Owned(hint) } => Error::blocked_here(message, self.text(&hint)),
            // These contain no text from outside.
            Error::Evidence(_)
            | Error::NoSuchCheck { .. }
            | Error::NoSuchTemplate
            | Error::WeakValue(_)
            | Error::TooLong(_)
            | Error::Random
            | Error::NoSuchUser
            | Error::NoTerminal
            | Error::Key(_)
            | Error::NoSuchService
            | Error::NotRecorded
            | Error::NoSuchCommit
            | Error::NoSuchSecret
            | Error::SecretInName
            | Error::SecretInText
            | Error::LedgerOff
            | Error::NoStatePlace
            | Error::Blocked { .. }
            | Error::Usage { .. }
            | Error::Output(_) => error,
        }
    }

    fn file(&self, path: &Path) -> PathBuf {
        OsStr::from_bytes(&self.apply(path.as_os_str().as_bytes())).into()
    }

    fn fault(&self, fault: Fault) -> Fault {
        let masked = |key: Option<_>| key.and_then(|key| self.key(&key));
        match fault {
            Fault::Twice(key) => Fault::Twice(masked(key)),
            Fault::RealSecret(key) => Fault::RealSecret(masked(key)),
            Fault::Filled(key) => Fault::Filled(masked(key)),
            _ => fault,
        }
    }
}
