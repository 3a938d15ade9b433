//! Where artifacts come from: the work tree, the index, the history. All I/O happens here; the checks behind are pure.

mod blob;
mod committed;
mod docker;
mod found;
mod hashes;
mod history;
mod live;
mod nearby;
mod project;
mod replacements;
mod secrets;
mod shape;
mod staged;
mod views;
mod walk;

pub use committed::{Committed, CommittedValue};
pub use docker::BuildContext;
pub use found::{BLOB_LIMIT, Found, Mapping, Part, Place, Standing};
pub use hashes::{Fate, FoundHash};
pub use history::{Exposure, Judge, LiveHit, Placing};
pub use live::Values;
pub use nearby::Watch;
pub use project::{GitView, Project, ProjectFile};
pub use secrets::{Filling, FoundSecret, Live, Need, Seen};
pub use shape::is_env_text;
pub use staged::{Holder, StagedFile};
pub use views::Nested;
pub use walk::role_of;
