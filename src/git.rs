//! A git repository: discovery, refs and hiding places, index, objects, attribution. Knows nothing of what is bad.
//!
//! ```text
//! open -> tips (refs) -> targets (behind tags) -> graph (commits) -> shadow (trees) -> compare -> ledger -> holds
//!                                  \________________ objects (store: libgit2) ____/              attribution -> History
//! ```

mod attribution;
mod child;
mod compare;
mod graph;
mod history;
mod holds;
mod ignore;
mod index;
mod ledger;
mod objects;
mod oid;
mod open;
mod read;
mod refs;
mod repository;
mod settings;
mod shadow;
mod staged;
mod store;
mod targets;
mod tips;
mod wildmatch;

pub use child::make;
pub use history::{Blob, History, PathHistory, Reach, RefBlob};
pub use ignore::is_ignored_below;
pub use oid::Oid;
pub use repository::{IndexEntry, Repository};
pub use staged::{Change, Staged};
