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
    /// `extends`, `include` or dependencies in a circle, or 16 deep.
    Circle,
    /// No documents, or nothing in them.
    Empty,
    /// The format of Compose's first version, without `services:`.
    OldFormat,
    /// A key that Compose does not know, and the known one that looks like it.
    UnknownKey(Option<&'static str>),
    /// A value of another type than this.
    WrongType(&'static str),
    /// A map without this key.
    MissingKey(&'static str),
    /// A name with other letters than Compose takes.
    BadName,
    /// An item that stands twice in a list of different ones.
    Twice,
    /// A service is given something of this kind that is not defined.
    Undefined(&'static str),
    /// A service without an image and without a build.
    NoImage,
    /// A key that does not go with this one.
    Conflict(&'static str),
}

impl FaultKind {
    /// What is wrong, for people; behind it the word of Compose's own that it is about.
    #[must_use]
    pub fn words(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::NotText => ("not UTF-8 text", None),
            Self::Syntax => ("not valid YAML", None),
            Self::TooMuch => ("a file that is too large for envward", None),
            Self::BadKey => ("a key that is a list or a mapping", None),
            Self::BadMerge => ("<< needs a mapping", None),
            Self::DuplicateKey => ("a key that is set twice", None),
            Self::BadExpansion => ("a ${...} that is not valid", None),
            Self::BadShape => ("a value of the wrong type", None),
            Self::Missing => ("a file or service that does not exist here", None),
            Self::Circle => ("a cycle of files or services", None),
            Self::Empty => ("an empty file", None),
            Self::OldFormat => ("services outside `services:`", None),
            Self::UnknownKey(Some(known)) => ("unknown key, similar to", Some(known)),
            Self::UnknownKey(None) => ("unknown key", None),
            Self::WrongType(wanted) => ("wrong type, expected", Some(wanted)),
            Self::MissingKey(key) => ("missing key", Some(key)),
            Self::BadName => ("a name with characters other than a-z A-Z 0-9 . _ -", None),
            Self::Twice => ("the same entry twice in one list", None),
            Self::Undefined(what) => ("nothing here defines this", Some(what)),
            Self::NoImage => ("a service with neither image nor build", None),
            Self::Conflict(key) => ("a key that cannot be used together with", Some(key)),
        }
    }
}

impl Fault {
    pub(super) fn at(line: NonZeroU32, kind: FaultKind) -> Self {
        Self { line: Some(line), kind }
    }
}
