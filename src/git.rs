//! A git repository: discovery, refs and hiding places, index, objects, attribution. Knows nothing of what is bad.

mod history;
mod oid;
mod repository;
mod staged;

pub use history::{Blob, History, PathHistory, Reach};
pub use oid::Oid;
pub use repository::{IndexEntry, Repository};
pub use staged::{Change, Staged};
