//! What can be wrong with a configuration.

use std::fmt;
use std::num::NonZeroU32;

use crate::env::Key;
use crate::path::RelPath;
use crate::problem::ProblemKind;

/// One fault. It holds envward's own words and key names of a printable shape, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No TOML.
    Syntax,
    /// Not UTF-8.
    NotText,
    /// A key that does not exist.
    UnknownKey {
        /// The key, where it may be printed.
        key: Option<Key>,
        /// The section it stands in; empty for the top.
        section: &'static str,
        /// The one that may be meant.
        nearest: Option<&'static str>,
    },
    /// A value of the wrong kind, or none of those that are possible.
    Expected {
        /// The key.
        key: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// A key that must be there.
    Missing {
        /// The section.
        section: &'static str,
        /// The key.
        key: &'static str,
    },
    /// An id that no check has.
    NoSuchCheck(Option<&'static str>),
    /// An ignore of a finding in history must say up to which commit it holds.
    ThroughNeeded,
    /// A problem that nothing may accept.
    NotAcceptable,
}

impl Fault {
    /// What to do next: one line.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Syntax => "correct this line: strings need quotes, and a key has one `=`".into(),
            Self::NotText => "save the file as UTF-8".into(),
            Self::UnknownKey { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::UnknownKey { nearest: None, .. } => "`envward check --print-config` shows every key".into(),
            Self::Expected { expected, .. } => format!("allowed: {expected}"),
            Self::Missing { key: "reason", .. } => "add `reason = \"...\"`, for whoever reads this later".into(),
            Self::Missing { .. } => "`envward check --print-config` shows every key".into(),
            Self::NoSuchCheck(Some(nearest)) => format!("did you mean `{nearest}`?"),
            Self::NoSuchCheck(None) => "`envward explain` lists all checks".into(),
            Self::ThroughNeeded => "add `through = \"<commit>\"`, the last commit to ignore".into(),
            Self::NotAcceptable => {
                let known = ProblemKind::ALL.into_iter().filter(|kind| kind.is_acceptable()).map(ProblemKind::word);
                format!("these can be accepted: {}", known.collect::<Vec<_>>().join(", "))
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
            Self::ThroughNeeded => f.write_str("this ignore would also hide every later leak in the same path"),
            Self::NotAcceptable => f.write_str("this problem cannot be accepted"),
        }
    }
}

/// A configuration that is not valid: the first fault in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The file.
    pub path: RelPath,
    /// The line, where it is known.
    pub line: Option<NonZeroU32>,
    /// What is wrong there.
    pub fault: Fault,
}
