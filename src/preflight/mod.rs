//! The deployment checklists: which check answers which line, and what only somebody can say.

mod attestation;
mod checklist;
mod seen;

pub(crate) use attestation::holds;
pub use attestation::{ATTESTATIONS, ATTESTED_DAYS, Attestable};
pub use checklist::{Answer, CHECKLISTS, Checklist, Classes, Line, State, answer};
pub use seen::{Part, Seen, Source};
