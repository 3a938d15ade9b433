//! What git shows of secrets that it should not: env files in the index and the history, and values in use that stand
//! somewhere else.

mod blob;
mod committed;
mod found;
mod history;
mod live;
mod moves;
mod replacements;
mod staged;
mod tally;
mod written;

pub use committed::{Committed, CommittedValue};
pub use found::{BLOB_LIMIT, Found, Mapping, Part, Place, Standing};
pub use history::{Exposure, Judge, LiveHit, Placing, Stood};
pub use live::Values;
pub use staged::{Holder, StagedFile};
pub use written::Written;
