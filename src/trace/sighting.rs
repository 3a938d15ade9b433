//! One place where a value in use is, and what is known of the place.

use std::num::NonZeroU32;

use super::places::PlaceKind;
use super::reach::Reach;
use crate::env::Key;
use crate::finding::Origin;
use crate::name::Name;
use crate::path::RelPath;
use crate::secret::Form;

/// In what part of its place a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// In the content.
    Content,
    /// In the content of a member of an archive, or in what is compressed.
    Archive,
    /// In a name.
    Name,
    /// In the arguments of a process.
    Arguments,
    /// In the environment of a process, under the key that the env file has it under.
    OwnVariable,
    /// In the environment of a process, anywhere else.
    Environment,
}

impl Part {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Archive => "archive",
            Self::Name => "name",
            Self::Arguments => "arguments",
            Self::OwnVariable | Self::Environment => "environment",
        }
    }
}

/// What of an image a value is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImagePart {
    /// A file of a layer: its number, from 1, and how many there are; `None` where no list of layers names it.
    Layer(Option<(u32, u32)>),
    /// A variable that every container of the image gets.
    Environment,
    /// The command of a step, from 1, that made the image.
    History(u32),
    /// Something else in the image's configuration: a label, the command.
    Configuration,
}

impl ImagePart {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Layer(_) => "layer",
            Self::Environment => "environment",
            Self::History(_) => "history",
            Self::Configuration => "configuration",
        }
    }
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// What it calls itself.
    pub name: Name,
}

/// A value in use at a place.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// The key that has the value, where it may be printed.
    pub key: Option<Key>,
    /// The env file that has it.
    pub in_use: RelPath,
    /// How it is written there.
    pub form: Form,
    /// The place.
    pub origin: Origin,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// The line; `None` where there are no lines, and in an archive.
    pub line: Option<NonZeroU32>,
    /// How many bytes stand before it: in the member of an archive, where it is in one.
    pub offset: Option<u64>,
    /// In what part it is.
    pub part: Part,
    /// The members of archives that it is in, from outside to inside.
    pub member: Option<RelPath>,
    /// The blob of an image that it is in: a layer or a description.
    pub blob: Option<RelPath>,
    /// How many more members of the same archive have it.
    pub more: u64,
    /// What of an image it is in.
    pub image: Option<ImagePart>,
    /// The names of the image.
    pub images: Vec<Name>,
    /// The process that has it.
    pub process: Option<Process>,
    /// Who can read the place; `None` of what comes on standard input.
    pub reach: Option<Reach>,
    /// Who owns the place.
    pub owner: Option<Name>,
    /// The permission bits.
    pub mode: Option<u32>,
}

/// Why something was not searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// It could not be opened or read: the number of the system's error.
    Unreadable(i32),
    /// An archive that is damaged, encrypted, too large, or packed in a way that is not read.
    Archive,
    /// A file system on another host, or one that a program answers for.
    Network,
    /// A pipe, a socket or a device.
    NoFile,
}

impl Trouble {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Archive => "archive",
            Self::Network => "network-file-system",
            Self::NoFile => "not-a-file",
        }
    }
}

/// Places of one kind that were not searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsearched {
    /// Why; of the system's errors one stands for all.
    pub why: Trouble,
    /// One of them, the first by its path.
    pub first: RelPath,
    /// How many there are.
    pub count: u64,
}
