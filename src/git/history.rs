//! Which commits held a path, and who still reaches them.

use super::Oid;
use crate::finding::{CommitRef, Name};
use crate::path::RelPath;
use crate::problem::Problem;

/// How well hidden a path's commits are: the strongest hold any of them has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// The tree of HEAD (of any work tree) has the path.
    Head,
    /// A branch, tag or other ref, or a detached HEAD, reaches a commit that has it.
    Ref,
    /// Only a stash, the newest or an older one.
    Stash,
    /// Only a reflog, or a half-done operation's file (`ORIG_HEAD`, `FETCH_HEAD`, a rebase's autostash).
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
    /// The first commit that had it there, by the order of [`PathHistory`]; `None` where a ref points at a tree and no
    /// commit has it.
    pub first: Option<CommitRef>,
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
    /// The first commit that added it; `None` where that commit is missing (shallow clone), or where a ref points at a
    /// tree that no commit has.
    pub added: Option<CommitRef>,
    /// The last commit that added or changed it.
    pub last_changed: Option<CommitRef>,
    /// The last commit that removed it; `None` while the tip of a ref has it.
    pub removed: Option<CommitRef>,
    /// The full names of the refs that reach a commit that has it, sorted. A detached HEAD is `HEAD`, or
    /// `worktrees/<name>/HEAD`.
    pub refs: Vec<Name>,
    /// The strongest hold.
    pub reach: Reach,
}

/// A ref that points at a blob: a content that has no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefBlob {
    /// The ref's full name.
    pub name: Name,
    /// The blob, behind any tags.
    pub id: Oid,
}

/// What the history held.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The paths, sorted.
    pub paths: Vec<PathHistory>,
    /// The refs that point at blobs, sorted.
    pub ref_blobs: Vec<RefBlob>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Whether trees are missing that a partial clone left out: no problem each, but a gap.
    pub left_out: bool,
    /// How many commits were examined.
    pub commits: u64,
    /// How many objects were read.
    pub objects: u64,
}
