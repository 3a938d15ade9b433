//! Which commits held a path, and who still reaches them.

pub(in crate::git) mod attribution;
pub(in crate::git) mod examine;
pub(in crate::git) mod filtered_tree;
pub(in crate::git) mod graph;
pub(in crate::git) mod occurrences;
pub(in crate::git) mod path_log;
pub(in crate::git) mod path_table;
pub(in crate::git) mod reachability;
pub(in crate::git) mod targets;
pub(in crate::git) mod tree_diff;

use super::{Occurrences, Oid};
use crate::git::CommitRef;
use crate::git::refs::reach_kind::Reach;
use crate::name::Name;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::secret::search::Needles;
use crate::terminal::progress::Progress;

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
    /// Whether some tree has it under a name that was not asked for.
    pub is_elsewhere: bool,
}

/// One path, over all commits.
///
/// A commit *added* the path when it has it and no parent has; *removed* it when it lacks it and every parent has it;
/// *changed* it when its blob differs from that of every parent that has it. First and last go by topology, then
/// committer time, then id. Commits that nothing holds count only where no other commit has the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathHistory {
    /// The path in the repository; in the tree, where no commit has it.
    pub path: RelPath,
    /// The path of the same content that was asked for, where this one was not: its name says nothing.
    pub same_as: Option<RelPath>,
    /// Whether its content alone was asked for, since its name is an object's id: a note's, as a rule.
    pub is_numbered: bool,
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

/// A content without a path: a blob that a ref points at, or that nothing names at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnamed {
    /// The blob, behind any tags.
    pub id: Oid,
    /// The full names of the refs that point at it, sorted.
    pub refs: Vec<Name>,
    /// The strongest hold.
    pub reach: Reach,
}

/// What is asked of a history.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Whether a file is asked for, by its name alone, without its directories: each tree is decoded once, wherever it
    /// stands.
    pub wanted: &'a (dyn Fn(&RelPath) -> bool + Sync),
    /// Other files whose history is wanted too, by their names. The rest of the answer does not depend on them.
    pub beside: Option<&'a (dyn Fn(&RelPath) -> bool + Sync)>,
    /// Whether also the other names of a file's content are asked for, by its path.
    pub follows: &'a dyn Fn(&RelPath) -> bool,
    /// Whether a content is asked for that has no name, or one that was not asked for.
    pub shaped: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// The values that are looked for in every content, message and name.
    pub sought: Option<&'a Needles>,
    /// Which commits count; `None` for all, and for what no commit has.
    pub span: Option<Span>,
    /// Told how far the work is.
    pub progress: &'a Progress,
}

/// Some of the commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// All but this one and what it reaches.
    Since(Oid),
    /// What the second reaches and the first does not: `A..B`.
    Between(Oid, Oid),
    /// What one of them reaches and the other does not: `A...B`.
    Apart(Oid, Oid),
}

/// What the history held.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The paths, sorted.
    pub paths: Vec<PathHistory>,
    /// The paths of those other files, sorted.
    pub beside: Vec<PathHistory>,
    /// What has no path, sorted.
    pub nameless: Vec<Unnamed>,
    /// Where the values stand that were looked for.
    pub values: Occurrences,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Whether trees are missing that a partial clone left out: no problem each, but a gap.
    pub left_out: bool,
    /// Whether a shallow clone left out parents of a commit that counts.
    pub is_cut: bool,
    /// How many commits were examined.
    pub commits: u64,
    /// How many objects were read.
    pub objects: u64,
}
