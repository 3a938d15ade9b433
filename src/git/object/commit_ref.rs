//! A commit as a report names it, and what comes before what.

use jiff::Timestamp;

use crate::git::Oid;
use crate::name::Name;

/// A commit as a report names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitRef {
    /// Its id.
    pub id: Oid,
    /// The committer's time.
    pub time: Timestamp,
    /// The author's name, without the address.
    pub author: Name,
    /// What it comes behind.
    pub order: Order,
}

impl CommitRef {
    /// Whether it comes first of two: by descent, then by the committer's time, then by id.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        (self.order, self.id) < (other.order, other.id)
    }
}

/// A commit's place among others, those of other repositories included: always behind all that it descends from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    /// The committer's time in seconds, or that of a commit that it descends from, where that is later: a clock may go
    /// wrong, and many commits fit into one second.
    pub latest: i64,
    /// How many commits of its repository come before it; 0 where that was not asked.
    pub rank: u32,
}
