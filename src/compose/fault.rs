//! Why a compose file cannot be read.

use std::num::NonZeroU32;

/// Where, and why. Closed: no text of the file gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line, from 1.
    pub line: Option<NonZeroU32>,
    /// Why.
    pub kind: FaultKind,
}

/// Why a compose file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// Bytes that are no UTF-8.
    NotText,
    /// It is no YAML.
    Syntax,
    /// More nodes than 200,000, or nested deeper than 128, with its aliases.
    TooMuch,
    /// A key that is a list or a map.
    BadKey,
    /// `<<` of something that is no map.
    BadMerge,
    /// A key that stands twice in one map.
    DuplicateKey,
    /// `${…}` that Compose cannot parse.
    BadExpansion,
    /// A list where a map belongs, and the like.
    BadShape,
    /// `extends` or `include` of something that is not there, or leads out of the project.
    Missing,
    /// `extends` or `include` in a circle, or 16 deep.
    Circle,
}

impl Fault {
    pub(super) fn at(line: NonZeroU32, kind: FaultKind) -> Self {
        Self { line: Some(line), kind }
    }
}
