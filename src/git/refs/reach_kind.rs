//! What still leads to a commit.

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
