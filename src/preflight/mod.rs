//! The deployment checklists: which check answers which line, and what only somebody can say.

mod checklist;
mod examined;

pub use checklist::{Answer, CHECKLISTS, Checklist, Classes, Line, State, answer};
pub use examined::{Part, Seen, Source};
