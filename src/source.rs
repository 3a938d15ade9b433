//! Where artifacts come from: the work tree, the index, the history. All I/O happens here; the checks behind are pure.

mod blob;
mod build;
mod builds;
mod committed;
mod compose;
mod docker;
mod evidence;
mod hashes;
mod history;
mod live;
mod named;
mod nearby;
mod project;
mod secrets;
mod settings;
mod shape;
mod staged;
mod views;
mod walk;

pub use build::{Build, BuildService};
pub use committed::{Committed, CommittedValue};
pub use compose::is_compose_file;
pub use docker::BuildContext;
pub use hashes::{Fate, FoundHash};
pub use history::{Exposure, Judge, LiveHit, Placing};
pub use live::{Found, Hit, Place, Values};
pub use named::Named;
pub use nearby::Watch;
pub use project::{GitView, Project, ProjectFile};
pub use secrets::{Filling, FoundSecret, Live, Need, Seen};
pub use settings::{Setting, Settings};
pub use shape::is_env_text;
pub use staged::{Holder, StagedFile};
pub use views::Nested;
pub use walk::role_of;
