//! What git shows of secrets that it should not: env files in the index and the history, and values in use that stand
//! somewhere else.

mod blob;
mod committed;
mod history;
mod live;
mod moved_files;
mod replacements;
mod staged;
mod staged_text;
mod still_written;
mod value_elsewhere;
mod versions;

pub use committed::{Committed, CommittedValue};
pub use history::{Exposure, Judge, LiveHit, Placing, Stood};
pub use live::Values;
pub use staged::{Holder, StagedFile};
pub use staged_text::StagedText;
pub use still_written::Written;
pub use value_elsewhere::{BLOB_LIMIT, Found, Mapping, Part, Place, Presence};
