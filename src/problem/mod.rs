//! What could not be looked at. A report with a problem is never clean.

mod text;

use std::io;
use std::num::NonZeroU32;

use crate::path::RelPath;

/// Why something was not seen. Closed, and without text from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// A file or directory that could not be opened or read.
    UnreadablePath,
    /// It was listed, and gone when it was opened.
    VanishedFile,
    /// An env file's name on something that is no regular file: a FIFO, a socket, a device.
    NotAFile,
    /// Larger than envward reads.
    TooLarge,
    /// A file system whose modes mean nothing (vfat, 9p, drvfs, CIFS).
    ModesMeaningless,
    /// A file system question that got no answer (ACL, mount).
    Unanswered,
    /// No git repository where one is needed.
    NotARepository,
    /// A repository that another user owns; git's own protection.
    ForeignOwner,
    /// A git object whose content is not what its id says, or cannot be decoded.
    CorruptObject,
    /// A git object that is not there.
    MissingObject,
    /// A shallow clone: older commits are not there.
    ShallowClone,
    /// A partial clone: some objects are not there.
    PartialClone,
    /// A format that this version does not read.
    UnsupportedRepository,
    /// An index that cannot be read.
    BrokenIndex,
    /// A ref or reflog that cannot be read.
    BrokenRef,
    /// git itself is needed and missing, or it failed.
    GitFailed,
    /// git's configuration cannot be read.
    UnreadableGitConfig,
    /// A directory without a repository in it or below it.
    NoRepositories,
    /// One of several repositories has an `envward.toml` that is not valid.
    BrokenConfiguration,
    /// The rotation ledger is there and cannot be used.
    UnusableLedger,
    /// A Dockerfile with a line that Docker refuses, or without a FROM.
    BrokenDockerfile,
    /// What should be Docker's JSON and is not.
    NoInspection,
    /// Docker's JSON, and no container or image in it.
    EmptyInspection,
    /// What should be a report of a scanner of images and is not.
    NoScanReport,
    /// A compose file that Docker Compose refuses, or one that it asks for and that is not there.
    BrokenCompose,
    /// No compose file, no Dockerfile and no env file where something is to be deployed.
    NothingToDeploy,
    /// An env file that is a link out of the project, whose secrets are looked for.
    OutwardLink,
    /// A file of git's own that is far larger than git makes it.
    OversizedGitFile,
    /// A repository whose configuration puts its work tree elsewhere.
    ForeignWorkTree,
    /// A name that stands for several refs, or for a ref and an object.
    AmbiguousName,
    /// A fault of envward's own.
    Internal,
    /// A range without a commit in it.
    EmptyRange,
    /// A directory without a file, where something is to be checked.
    NothingToCheck,
    /// An env file that was named to look for its values, and has none that can be looked for.
    NothingSought,
    /// The ledger knows a secret of an env file, and no env file is there any more.
    EnvFileGone,
    /// A file outside of the project that a compose file uses.
    OutsideFile,
    /// A build whose Dockerfile, context or target is not here.
    UnseenBuild,
    /// A text in an encoding that cannot be told without doubt, or none at all.
    UnknownEncoding,
    /// A pointer to a content that git LFS keeps elsewhere.
    LfsPointer,
}

impl ProblemKind {
    /// The word in reports and in `[[accept]]`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.text().0
    }

    /// Whether `[[accept]]` may name it. Never corruption, a foreign owner, an unsupported format or a broken index: a
    /// repository must not be able to switch itself green.
    #[must_use]
    pub fn is_acceptable(self) -> bool {
        matches!(
            self,
            Self::UnreadablePath
                | Self::ModesMeaningless
                | Self::ShallowClone
                | Self::PartialClone
                | Self::BrokenCompose
                | Self::BrokenDockerfile
                | Self::OutwardLink
                | Self::EmptyRange
                | Self::NothingSought
                | Self::EnvFileGone
                | Self::OutsideFile
                | Self::UnseenBuild
                | Self::UnknownEncoding
                | Self::LfsPointer
        )
    }

    /// Every kind.
    pub const ALL: [Self; 39] = [
        Self::UnreadablePath,
        Self::VanishedFile,
        Self::NotAFile,
        Self::TooLarge,
        Self::ModesMeaningless,
        Self::Unanswered,
        Self::NotARepository,
        Self::ForeignOwner,
        Self::CorruptObject,
        Self::MissingObject,
        Self::ShallowClone,
        Self::PartialClone,
        Self::UnsupportedRepository,
        Self::BrokenIndex,
        Self::BrokenRef,
        Self::GitFailed,
        Self::UnreadableGitConfig,
        Self::NoRepositories,
        Self::BrokenConfiguration,
        Self::UnusableLedger,
        Self::BrokenDockerfile,
        Self::NoInspection,
        Self::EmptyInspection,
        Self::NoScanReport,
        Self::BrokenCompose,
        Self::NothingToDeploy,
        Self::OutwardLink,
        Self::OversizedGitFile,
        Self::ForeignWorkTree,
        Self::AmbiguousName,
        Self::Internal,
        Self::EmptyRange,
        Self::NothingToCheck,
        Self::NothingSought,
        Self::EnvFileGone,
        Self::OutsideFile,
        Self::UnseenBuild,
        Self::UnknownEncoding,
        Self::LfsPointer,
    ];

    /// What happened, one line.
    #[must_use]
    pub fn message(self) -> &'static str {
        self.text().1
    }

    /// What to do next, one line.
    #[must_use]
    pub fn help(self) -> &'static str {
        self.text().2
    }
}

/// One thing that was not seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Why.
    pub kind: ProblemKind,
    /// What: a path below the root, an object id or a ref name; `None` for the project as a whole.
    pub path: Option<RelPath>,
    /// The cause, where it is known.
    pub cause: Option<Cause>,
    /// Where in the file, and what is wrong there.
    pub spot: Option<Spot>,
}

/// A line of a file, and what is wrong there. Closed: no text of the file gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The line, from 1.
    pub line: Option<NonZeroU32>,
    /// What is wrong.
    pub what: &'static str,
    /// The format's own word that it is about.
    pub word: Option<&'static str>,
}

/// The cause of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The operating system's error (`errno`), by its kind alone.
    System(i32),
    /// The most bytes that are read of such a file.
    Limit(u64),
}

impl Cause {
    /// As the operating system's error (`errno`).
    #[must_use]
    pub fn errno(self) -> i32 {
        match self {
            Self::System(code) => code,
            Self::Limit(_) => nix::libc::EFBIG,
        }
    }
}

impl Problem {
    /// A problem with one thing.
    #[must_use]
    pub fn at(kind: ProblemKind, path: RelPath) -> Self {
        Self { kind, path: Some(path), cause: None, spot: None }
    }

    /// A problem with the whole.
    #[must_use]
    pub fn whole(kind: ProblemKind) -> Self {
        Self { kind, path: None, cause: None, spot: None }
    }

    /// The same problem, seen from above the directory that it is in.
    #[must_use]
    pub fn within(self, dir: &RelPath) -> Self {
        let path = self.path.as_ref().map_or_else(|| dir.clone(), |path| dir.join(path.as_bytes()));
        Self { path: Some(path), ..self }
    }

    /// What an I/O error at `path` is: vanished, or unreadable with the system's cause.
    #[must_use]
    pub fn io(path: RelPath, error: &io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => ProblemKind::VanishedFile,
            _ => ProblemKind::UnreadablePath,
        };
        Self { kind, path: Some(path), cause: error.raw_os_error().map(Cause::System), spot: None }
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(self.what)?;
        self.word.map_or(Ok(()), |word| write!(f, " {word}"))
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::System(code) => f.write_str(&nix::errno::Errno::from_raw(code).desc().to_lowercase()),
            Self::Limit(bytes) if bytes < 1 << 20 => write!(f, "the limit is {} KiB", bytes >> 10),
            Self::Limit(bytes) => write!(f, "the limit is {} MiB", bytes >> 20),
        }
    }
}

/// What happened, with the thing's name and the system's cause: one line.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let message = self.kind.message();
        match &self.path {
            Some(path) if path.is_root() => write!(f, "the project root {message}")?,
            Some(path) => {
                // Where several repositories were scanned it names the one of which this is said.
                let is_sentence = ["the ", "this ", "git"].iter().any(|start| message.starts_with(start));
                write!(f, "{path}{} {message}", if is_sentence { ":" } else { "" })?;
            }
            None => f.write_str(message)?,
        }
        match (self.cause, self.spot) {
            (Some(cause), _) => write!(f, ": {cause}"),
            (None, Some(spot)) => write!(f, ": {spot}"),
            (None, None) => Ok(()),
        }
    }
}
