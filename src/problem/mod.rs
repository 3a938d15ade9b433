//! What envward could not examine. A report with a problem is never clean.

mod text;

use std::io;
use std::num::NonZeroU32;

use crate::path::RelPath;

/// Why something was not examined. Closed, and without text from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// A file or directory that could not be opened or read.
    UnreadablePath,
    /// A file that was listed, but no longer existed when envward opened it.
    VanishedFile,
    /// A FIFO, a socket or a device with the name of an env file.
    NotAFile,
    /// A file that is too large.
    TooLarge,
    /// A file system whose modes mean nothing (vfat, 9p, drvfs, CIFS).
    ModesMeaningless,
    /// A question that the file system did not answer (ACL, mount).
    Unanswered,
    /// No git repository where one is needed.
    NotARepository,
    /// A repository that another user owns; git's own protection.
    ForeignOwner,
    /// A git object whose content does not match its id, or cannot be decoded.
    CorruptObject,
    /// A git object that does not exist.
    MissingObject,
    /// A shallow clone: older commits are missing.
    ShallowClone,
    /// A partial clone: some objects are missing.
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
    /// The ledger exists but cannot be used.
    UnusableLedger,
    /// A Dockerfile with a line that Docker refuses, or without a FROM.
    BrokenDockerfile,
    /// A text that should be the JSON of `docker inspect`, but is not.
    NoInspection,
    /// The JSON of `docker inspect` without a container or image.
    EmptyInspection,
    /// A text that should be a report of an image scanner, but is not.
    NoScanReport,
    /// A compose file that Docker Compose refuses, or that names a compose file which does not exist.
    BrokenCompose,
    /// A directory to deploy without a compose file, a Dockerfile and an env file.
    NothingToDeploy,
    /// An env file that is a link out of the project, so its secrets were not searched for.
    OutwardLink,
    /// A file of git that is much larger than git writes such files.
    OversizedGitFile,
    /// A repository whose configuration names another directory as its work tree.
    ForeignWorkTree,
    /// A short name of several refs, or of a ref and an object.
    AmbiguousName,
    /// A bug in envward.
    Internal,
    /// A range without a commit in it.
    EmptyRange,
    /// A directory to check without a file.
    NothingToCheck,
    /// An env file whose values should be searched for, but that has no value which can be searched for.
    NothingSought,
    /// An env file that no longer exists, of which the ledger knows a secret.
    EnvFileGone,
    /// A file outside the project that a compose file uses.
    OutsideFile,
    /// A build whose Dockerfile, context or target is not here.
    UnseenBuild,
    /// A text in an unknown encoding.
    UnknownEncoding,
    /// A pointer to a content that git LFS stores elsewhere.
    LfsPointer,
    /// A certificate that is there and cannot be read.
    BrokenCertificate,
    /// An `# envward: expires` comment without a date, or above no key.
    BrokenExpiryDate,
    /// An archive that could not be unpacked, or not wholly.
    UnreadableArchive,
    /// A file system of another host, or of a program, which a search passes by.
    NetworkFileSystem,
    /// A search that was ended from outside.
    Interrupted,
    /// Something that `--fix` was to change, and could not.
    NotFixed,
    /// A text that should be a report of envward, but is not.
    NoReport,
    /// An input without a report in it.
    EmptyReport,
    /// A report that a later version of envward wrote.
    NewerReport,
    /// A report that was cut off or changed.
    CutReport,
    /// A second report of one repository.
    RepeatedReport,
    /// What the last scan found is not known.
    UnusableState,
}

impl ProblemKind {
    /// The word in reports and in `[[accept]]`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.text().0
    }

    /// Whether `[[accept]]` may name it. Never corruption, a foreign owner, an unsupported format or a broken index: a
    /// repository must not be able to declare itself clean.
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
                | Self::BrokenCertificate
                | Self::UnreadableArchive
                | Self::NetworkFileSystem
        )
    }

    /// Every kind.
    pub const ALL: [Self; 51] = [
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
        Self::BrokenCertificate,
        Self::BrokenExpiryDate,
        Self::UnreadableArchive,
        Self::NetworkFileSystem,
        Self::Interrupted,
        Self::NotFixed,
        Self::NoReport,
        Self::EmptyReport,
        Self::NewerReport,
        Self::CutReport,
        Self::RepeatedReport,
        Self::UnusableState,
    ];

    /// The kind of this word; `None` for a word of a later version.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

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

/// One thing that was not examined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Why.
    pub kind: ProblemKind,
    /// What was not examined: a path below the root, an object id or a ref name; `None` for the whole project.
    pub path: Option<RelPath>,
    /// The cause, if it is known.
    pub cause: Option<Cause>,
    /// The place in the file, and what is wrong there.
    pub spot: Option<Spot>,
}

/// A line of a file, and what is wrong there. Closed: it cannot contain text of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The line, from 1.
    pub line: Option<NonZeroU32>,
    /// What is wrong.
    pub what: &'static str,
    /// The word of the file format that is wrong.
    pub word: Option<&'static str>,
}

/// The cause of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The error number of the operating system (`errno`).
    System(i32),
    /// The maximum number of bytes that envward reads of such a file.
    Limit(u64),
}

impl Cause {
    /// The error number of the operating system (`errno`).
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

    /// A problem with the whole project.
    #[must_use]
    pub fn whole(kind: ProblemKind) -> Self {
        Self { kind, path: None, cause: None, spot: None }
    }

    /// The same problem, with a path that starts above this directory.
    #[must_use]
    pub fn within(self, dir: &RelPath) -> Self {
        let path = self.path.as_ref().map_or_else(|| dir.clone(), |path| dir.join(path.as_bytes()));
        Self { path: Some(path), ..self }
    }

    /// The problem for an I/O error at `path`: vanished, or unreadable with the cause from the system.
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

/// What happened, with the path and the cause from the system: one line.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let message = self.kind.message();
        match &self.path {
            Some(path) if path.is_root() => write!(f, "the project root {message}")?,
            Some(path) => {
                // If several repositories were scanned, the path names the repository.
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
