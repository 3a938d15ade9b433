//! What can be wrong in a configuration.

use std::fmt;
use std::num::NonZeroU32;

use crate::env::Key;
use crate::env::readers::Reader;
use crate::path::RelPath;
use crate::problem::ProblemKind;

/// One fault. It contains envward's own words and printable key names, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not TOML.
    Syntax,
    /// Not UTF-8.
    NotText,
    /// A key that does not exist.
    UnknownKey {
        /// The key, if it can be printed.
        key: Option<Key>,
        /// The section of the key; empty for the top level.
        section: &'static str,
        /// A key with a similar name.
        nearest: Option<&'static str>,
    },
    /// A value of the wrong type, or one that is not allowed.
    Expected {
        /// The key.
        key: &'static str,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// A required key.
    Missing {
        /// The section.
        section: &'static str,
        /// The key.
        key: &'static str,
    },
    /// An id of a check that does not exist.
    NoSuchCheck(Option<&'static str>),
    /// A name of a reader that does not exist.
    NoSuchReader(Option<&'static str>),
    /// An ignore of a finding in git history without a last commit.
    ThroughNeeded,
    /// A problem that cannot be accepted.
    NotAcceptable,
}

impl Fault {
    /// What to do next: one line.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Syntax => {
                "correct this line: strings need quotes, a key has one `=`, and brackets come in pairs".into()
            }
            Self::NotText => "save the file as UTF-8".into(),
            Self::UnknownKey { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::UnknownKey { nearest: None, .. } => "see all keys with `envward check --print-config`".into(),
            Self::Expected { expected, .. } => format!("allowed: {expected}"),
            Self::Missing { key: "reason", .. } => "add `reason = \"...\"`, for everybody who reads this later".into(),
            Self::Missing { .. } => "see all keys with `envward check --print-config`".into(),
            Self::NoSuchCheck(Some(nearest)) => format!("did you mean `{nearest}`?"),
            Self::NoSuchCheck(None) => "list all checks with `envward explain`".into(),
            Self::NoSuchReader(Some(nearest)) => format!("did you mean `{nearest}`?"),
            Self::NoSuchReader(None) => {
                format!("allowed: {}", Reader::ALL.map(Reader::name).join(", "))
            }
            Self::ThroughNeeded => "add `through = \"<commit>\"`, the last commit to ignore".into(),
            Self::NotAcceptable => {
                let known = ProblemKind::ALL.into_iter().filter(|kind| kind.is_acceptable()).map(ProblemKind::word);
                format!("accept only one of these: {}", known.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("not valid TOML"),
            Self::NotText => f.write_str("not UTF-8"),
            Self::UnknownKey { key, section, .. } => {
                f.write_str("unknown key")?;
                if let Some(key) = key {
                    write!(f, " `{key}`")?;
                }
                if section.is_empty() { Ok(()) } else { write!(f, " in {section}") }
            }
            Self::Expected { key, .. } => write!(f, "the value of `{key}` is not allowed"),
            Self::Missing { section, key } => write!(f, "{section} has no `{key}`"),
            Self::NoSuchCheck(_) => f.write_str("no check has this id"),
            Self::NoSuchReader(_) => f.write_str("no reader has this name"),
            Self::ThroughNeeded => f.write_str("this ignore would also hide every later leak in the same path"),
            Self::NotAcceptable => f.write_str("this problem cannot be accepted"),
        }
    }
}

/// An invalid configuration: the first fault in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The file.
    pub path: RelPath,
    /// The line, if it is known.
    pub line: Option<NonZeroU32>,
    /// What is wrong there.
    pub fault: Fault,
}
