//! The deployment checklists: which check answers which line, and what only a person can confirm.

mod checklist;
mod examined;

pub use checklist::{Answer, CHECKLISTS, Checklist, Line, State, answer};
pub use examined::{Part, Seen, Source};
