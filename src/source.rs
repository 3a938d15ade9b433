//! Where artifacts come from: the work tree, the index, the history. All I/O happens here; the checks behind are pure.

mod blob;
mod build;
mod builds;
mod committed;
mod compose;
mod docker;
mod evidence;
mod history;
mod named;
mod project;
mod secrets;
mod settings;
mod staged;
mod views;
mod walk;

pub use build::{Build, BuildService};
pub use committed::{Committed, CommittedValue};
pub use compose::is_compose_file;
pub use docker::BuildContext;
pub use history::{Exposure, Judge, LiveHit};
pub use named::Named;
pub use project::{GitView, Project, ProjectFile};
pub use secrets::{Filling, FoundSecret, Live, Need, Seen};
pub use settings::{Setting, Settings};
pub use staged::StagedFile;
pub use views::Nested;
pub use walk::role_of;
