//! Where objects come from, and what is in a commit, a tag, a tree.
//!
//! The parsers are our own: libgit2's grafts (`info/grafts`) would hide parents, and its trees refuse what git reads.

use super::commit::Commit;
use crate::git::object::kind::Kind;
use crate::git::{CommitRef, Oid};
use crate::problem::{Problem, ProblemKind};

/// Why an object could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::git) enum Fault {
    Missing,
    Corrupt,
    /// Larger than the reader takes.
    TooLarge,
}

impl Fault {
    /// The problem with the object of this id.
    pub(in crate::git) fn at(self, id: Oid) -> Problem {
        let kind = match self {
            Self::Missing => ProblemKind::MissingObject,
            Self::Corrupt => ProblemKind::CorruptObject,
            Self::TooLarge => ProblemKind::TooLarge,
        };
        Problem::at(kind, id.to_string().as_str().into())
    }
}

/// An object store. Attribution reads through this alone, so that another reader can serve it.
pub(in crate::git) trait Objects {
    /// An object's type and content, its id verified.
    fn read(&self, id: Oid) -> Result<(Kind, Vec<u8>), Fault>;

    /// The content of an object that must be of this type.
    fn read_as(&self, id: Oid, kind: Kind) -> Result<Vec<u8>, Fault> {
        match self.read(id)? {
            (found, content) if found == kind => Ok(content),
            _ => Err(Fault::Corrupt),
        }
    }

    /// The tree of this commit.
    fn tree_of(&self, commit: Oid) -> Result<Oid, Fault> {
        let content = self.read_as(commit, Kind::Commit)?;
        Commit::parse(&content).map(|commit| commit.tree).ok_or(Fault::Corrupt)
    }

    /// How a report names this commit.
    fn named(&self, commit: Oid) -> Result<CommitRef, Fault> {
        let content = self.read_as(commit, Kind::Commit)?;
        Commit::parse(&content).map(|read| read.named(commit)).ok_or(Fault::Corrupt)
    }
}
