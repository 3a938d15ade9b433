//! Env files: which files they are, and what is in them, byte for byte.
//!
//! Pure: no I/O here. [`Document`] is the model; [`names`] is the table of names; [`readers`] are the views that other
//! readers have of the same bytes.

mod document;
mod key;
pub mod names;
pub mod readers;

pub use document::{Assignment, Cipher, Document, Dollar, InlineIgnore, Quote, Refusal, RefusalKind};
pub use key::Key;
