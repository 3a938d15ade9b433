//! git's objects: ids, commits, trees, tags, and who reads them.

pub(in crate::git) mod commit;
mod commit_ref;
pub(in crate::git) mod kind;
mod oid;
pub(in crate::git) mod read;
pub(in crate::git) mod tag;
pub(in crate::git) mod tree;

pub use commit_ref::{CommitRef, Order};
pub use oid::Oid;
