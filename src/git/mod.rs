//! A git repository: discovery, refs and hiding places, index, objects, attribution. Knows nothing of what is bad.
//!
//! ```text
//! repository   discovery, owner, settings, submodules, what is modified, what a push brings
//! history      attribution: which commit added, changed and removed a path, and which refs still reach it
//! sweep        every object once            index   the index, and what a commit would change
//! odb          where each object lies       refs    refs, reflogs, reftables, names of revisions
//! pack         packs, deltas, inflating     config  git's configuration    worktree   ignore rules
//! object       ids, commits, trees, tags
//! ```

mod config;
#[cfg(any(test, fuzzing))]
#[allow(missing_docs, reason = "for fuzzing alone")]
pub mod fuzz;
mod git_cli;
mod history;
mod index;
mod libgit2;
mod object;
mod odb;
mod pack;
mod read;
mod refs;
mod repository;
mod sweep;
mod wildmatch;
mod worktree;

pub use git_cli::{git_path, make, set_template_dir, template_dir, users_config_is_a_file, version};
pub use history::occurrences::{Message, Occurrences};
pub use history::{Blob, History, PathHistory, Question, Span, Unnamed};
pub use index::Care;
pub use index::entries::{Index, IndexEntry};
pub use index::staged::{Change, Staged};
pub use object::{CommitRef, Oid, Order};
pub use refs::reach_kind::Reach;
pub use repository::Repository;
pub use repository::branches::{Branch, CheckedOut, Own, Remotes};
pub use repository::outgoing::Outgoing;
pub use repository::settings::HooksDir;
pub use repository::submodules::{Module, is_git_dir};
pub use worktree::ignore::{IgnoreText, RulesHere, is_ignored_below};
