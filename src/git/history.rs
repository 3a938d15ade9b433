//! Which commits held a path, and who still reaches them.

use super::Oid;
use crate::finding::{CommitRef, Name};
use crate::path::RelPath;
use crate::problem::Problem;

/// How well hidden a path's commits are: the strongest hold any of them has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// HEAD's own tree has the path.
    Head,
    /// A branch, tag or other ref reaches a commit that has it.
    Ref,
    /// Only a stash.
    Stash,
    /// Only a reflog.
    Reflog,
    /// Nothing.
    Unreachable,
}

impl Reach {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Ref => "ref",
            Self::Stash => "stash",
            Self::Reflog => "reflog",
            Self::Unreachable => "unreachable",
        }
    }
}

/// One content that stood at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its id.
    pub id: Oid,
    /// Its mode in the tree.
    pub mode: u32,
    /// The first commit that had it there, by the order of [`PathHistory`].
    pub first: CommitRef,
    /// The strongest hold on a commit that has it there.
    pub reach: Reach,
}

/// One path, over all commits.
///
/// A commit *added* the path when it has it and no parent has; *removed* it when it lacks it and every parent has it;
/// *changed* it when its blob differs from that of every parent that has it. First and last go by topology, then
/// committer time, then id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathHistory {
    /// The path in the repository.
    pub path: RelPath,
    /// Every blob (and symlink) that stood there, oldest first.
    pub blobs: Vec<Blob>,
    /// The first commit that added it; `None` where that commit is missing (shallow clone).
    pub added: Option<CommitRef>,
    /// The last commit that added or changed it.
    pub last_changed: Option<CommitRef>,
    /// The last commit that removed it; `None` while the tip of a ref has it.
    pub removed: Option<CommitRef>,
    /// The full names of the refs that reach a commit that has it (`HEAD` for a detached one), sorted.
    pub refs: Vec<Name>,
    /// The strongest hold.
    pub reach: Reach,
}

/// What the history held.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The paths, sorted.
    pub paths: Vec<PathHistory>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// How many commits were examined.
    pub commits: u64,
    /// How many objects were read.
    pub objects: u64,
}
