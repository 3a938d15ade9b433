//! What a check found: typed facts and a fixed wording. Nothing here can hold a value.

use std::fmt;
use std::num::NonZeroU32;

use jiff::civil::Date;

use crate::check::Check;
use crate::env::Key;
use crate::git::{CommitRef, Oid};
use crate::name::Name;
use crate::path::RelPath;
use crate::secret::strength::Strength;

pub use crate::check::Severity;

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A file of the work tree, below the project root.
    Worktree(RelPath),
    /// An entry of git's index.
    Index {
        /// The path in the repository.
        path: RelPath,
        /// The staged blob.
        blob: Oid,
    },
    /// A path in the repository's history.
    History {
        /// The path in the repository.
        path: RelPath,
        /// The newest blob that stood there, where there is one.
        object: Option<Oid>,
    },
    /// A file in a commit that is examined by itself, before it is pushed.
    Commit {
        /// The path in the repository.
        path: RelPath,
        /// The blob.
        blob: Oid,
    },
    /// A commit's or an annotated tag's message, or a name in it.
    Message {
        /// Where its repository is in the project.
        dir: RelPath,
        /// The commit or the tag.
        object: Oid,
    },
    /// The name of a branch, a tag or another ref.
    Ref {
        /// Where its repository is in the project.
        dir: RelPath,
        /// The full name.
        name: Name,
    },
    /// A content of the object store that has no path.
    Object {
        /// Where its repository is in the project.
        dir: RelPath,
        /// The blob.
        blob: Oid,
    },
    /// A container that runs, or an image of the host, by its name.
    Runtime(RelPath),
    /// A file of the host: below the project root from there on, else its whole path.
    Disk(RelPath),
    /// What the kernel shows of a process.
    Process(RelPath),
    /// An image in a file, or on standard input (`-`).
    Image(RelPath),
    /// What came on standard input (`-`).
    Stream(RelPath),
}

impl Origin {
    /// The word in reports.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Worktree(_) => "worktree",
            Self::Index { .. } => "index",
            Self::History { .. } | Self::Commit { .. } | Self::Object { .. } => "history",
            Self::Message { .. } => "message",
            Self::Ref { .. } => "ref",
            Self::Runtime(_) => "runtime",
            Self::Disk(_) => "disk",
            Self::Process(_) => "process",
            Self::Image(_) => "image",
            Self::Stream(_) => "stream",
        }
    }

    /// The path, wherever it stands; of what has none, its repository's.
    #[must_use]
    pub fn path(&self) -> &RelPath {
        match self {
            Self::Worktree(path)
            | Self::Index { path, .. }
            | Self::Commit { path, .. }
            | Self::History { path, .. }
            | Self::Runtime(path)
            | Self::Disk(path)
            | Self::Process(path)
            | Self::Image(path)
            | Self::Stream(path) => path,
            Self::Object { dir, .. } | Self::Message { dir, .. } | Self::Ref { dir, .. } => dir,
        }
    }

    /// Whether it is no file: its path is then its repository's.
    #[must_use]
    pub fn has_no_path(&self) -> bool {
        matches!(self, Self::Object { .. } | Self::Message { .. } | Self::Ref { .. })
    }

    /// The git object, where there is one.
    #[must_use]
    pub fn object(&self) -> Option<Oid> {
        match self {
            Self::Worktree(_)
            | Self::Ref { .. }
            | Self::Runtime(_)
            | Self::Disk(_)
            | Self::Process(_)
            | Self::Image(_)
            | Self::Stream(_) => None,
            Self::Index { blob, .. } | Self::Commit { blob, .. } | Self::Object { blob, .. } => Some(*blob),
            Self::Message { object, .. } => Some(*object),
            Self::History { object, .. } => *object,
        }
    }
}

/// The path, escaped; the object's id or the ref's name where there is none.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (true, Some(dir)) = (self.has_no_path(), Some(self.path()).filter(|dir| !dir.is_root())) {
            write!(f, "{dir}: ")?;
        }
        match self {
            Self::Object { blob, .. } => write!(f, "blob {}", blob.short()),
            Self::Message { object, .. } => write!(f, "the message of {}", object.short()),
            Self::Ref { name, .. } => fmt::Display::fmt(name, f),
            Self::Stream(_) => f.write_str("standard input"),
            Self::Image(path) if path.as_bytes() == b"-" => f.write_str("standard input"),
            _ if self.path().is_root() => f.write_str("the project"),
            _ => fmt::Display::fmt(self.path(), f),
        }
    }
}

/// What an exposed key is worth today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyState {
    /// The value now is one that was exposed.
    Live,
    /// Another key has the exposed value now.
    Reused,
    /// The key has another value now, or none.
    Replaced,
    /// No env file stands beside it to compare with.
    Unknown,
    /// A value that was only ever a placeholder.
    Placeholder,
    /// Never filled.
    Empty,
}

impl KeyState {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Reused => "reused",
            Self::Replaced => "replaced",
            Self::Unknown => "unknown",
            Self::Placeholder => "placeholder",
            Self::Empty => "empty",
        }
    }
}

/// One key of an exposed env file, over all its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExposedKey {
    /// The key, where it may be printed.
    pub key: Option<Key>,
    /// What it is worth today.
    pub state: KeyState,
    /// The strongest value of those that are worth this.
    pub strength: Strength,
}

/// One thing that a check knows. Closed: a value fits into none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A count.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// A word of envward's own.
    Word(&'static str),
    /// Several of them.
    Words(Vec<&'static str>),
    /// A file mode, shown in octal.
    Mode(u32),
    /// A line, from 1.
    Line(NonZeroU32),
    /// Several lines.
    Lines(Vec<NonZeroU32>),
    /// A path.
    Path(RelPath),
    /// Several paths.
    Paths(Vec<RelPath>),
    /// A day.
    Day(Date),
    /// A key.
    Key(Key),
    /// A key of a file: the other place where something stands.
    Place {
        /// The file.
        path: RelPath,
        /// The key, where it may be printed.
        key: Option<Key>,
        /// The line.
        line: NonZeroU32,
    },
    /// Names from outside: users, refs.
    Name(Name),
    /// Several of them.
    Names(Vec<Name>),
    /// A commit.
    Commit(CommitRef),
    /// What an exposed file held.
    Exposed(Vec<ExposedKey>),
    /// Known not to be.
    None,
}

/// One thing that is wrong, at one place.
///
/// `what` and `help` are fixed texts of the check, with `{path}`, `{key}`, `{line}` and the names of facts in braces;
/// the facts are typed; so no text of a file can get in.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The check that found it.
    pub check: &'static Check,
    /// How severe it is here.
    pub severity: Severity,
    /// Where.
    pub origin: Origin,
    /// The repository, where several were scanned.
    pub repository: Option<RelPath>,
    /// The line, from 1.
    pub line: Option<NonZeroU32>,
    /// The key, where there is one and it may be printed.
    pub key: Option<Key>,
    /// What is wrong: one line.
    pub what: &'static str,
    /// What to do next: one line.
    pub help: &'static str,
    /// What to do behind that, where there is more.
    pub then: Option<&'static str>,
    /// What the check knows, under the names its documentation gives.
    pub facts: Vec<(&'static str, Fact)>,
}

impl Finding {
    /// A finding of `check` at its usual severity.
    #[must_use]
    pub fn new(check: &'static Check, origin: Origin, what: &'static str, help: &'static str) -> Self {
        let (severity, repository, line, key, facts) = (check.severity, None, None, None, Vec::new());
        Self { check, severity, origin, repository, line, key, what, help, then: None, facts }
    }

    /// Whether this check found it.
    #[must_use]
    pub fn is_of(&self, check: &Check) -> bool {
        self.check.id == check.id
    }

    /// At this severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With more to do behind the first.
    #[must_use]
    pub fn then(mut self, then: &'static str) -> Self {
        self.then = Some(then);
        self
    }

    /// On this line.
    #[must_use]
    pub fn line(mut self, line: NonZeroU32) -> Self {
        self.line = Some(line);
        self
    }

    /// About this key.
    #[must_use]
    pub fn key(mut self, key: Option<&Key>) -> Self {
        self.key = key.cloned();
        self
    }

    /// The path, below the repository's where several were scanned.
    #[must_use]
    pub fn path(&self) -> RelPath {
        match &self.repository {
            Some(repository) => repository.join(self.origin.path().as_bytes()),
            None => self.origin.path().clone(),
        }
    }

    /// The place, as a heading names it.
    #[must_use]
    pub fn place(&self) -> String {
        match (&self.repository, &self.origin) {
            (Some(repository), origin) if origin.has_no_path() => format!("{repository}: {}", self.origin),
            (Some(_), _) => self.path().to_string(),
            (None, _) => self.origin.to_string(),
        }
    }

    /// Knowing this.
    #[must_use]
    pub fn fact(mut self, name: &'static str, fact: Fact) -> Self {
        self.facts.push((name, fact));
        self
    }

    /// The fact of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.facts.iter().find(|(known, _)| *known == name).map(|(_, fact)| fact)
    }
}
