//! A git repository: discovery, refs and hiding places, index, objects, attribution. Knows nothing of what is bad.
//!
//! ```text
//! open -> tips (refs) -> targets (behind tags) -> graph (commits) -> shadow (trees) -> compare -> ledger -> holds
//!                                  \_____ sweep (odb, pack: every object) _____/           attribution, examine -> History
//! what it says of itself: open, config, refs (ref_store, reftable), index; one object at a time: store
//! ```

mod attribution;
mod child;
mod commit_ref;
mod compare;
mod config;
mod entries;
mod examine;
mod graph;
mod history;
mod holds;
#[cfg(any(test, fuzzing))]
#[allow(missing_docs, reason = "for fuzzing alone")]
pub mod hostile;
mod ignore;
mod index;
mod indexes;
mod ledger;
mod links;
mod modules;
mod objects;
mod odb;
mod oid;
mod open;
mod outgoing;
mod owner;
mod pack;
mod paths;
mod read;
mod ref_store;
mod refs;
mod reftable;
mod repository;
mod revision;
mod settings;
mod shadow;
mod sightings;
mod staged;
mod store;
mod sweep;
mod targets;
mod threads;
mod tips;
mod touched;
mod upstream;
mod wildmatch;

pub use child::{git_path, make, set_template_dir, template_dir};
pub use commit_ref::{CommitRef, Order};
pub use entries::{Index, IndexEntry};
pub use history::{Blob, History, Nameless, PathHistory, Question, Reach, Span};
pub use ignore::is_ignored_below;
pub use index::Care;
pub use modules::{Module, is_git_dir};
pub use oid::Oid;
pub use outgoing::Outgoing;
pub use repository::Repository;
pub use settings::HooksDir;
pub use sightings::{Message, Sightings};
pub use staged::{Change, Staged};
