//! Env files: which files they are, and what is in them, byte for byte.
//!
//! Pure: no I/O here. [`Document`] is the model; [`names`] is the table of names; [`readers`] are the views that other
//! readers have of the same bytes.
//!
//! ```text
//! bytes -> encoding -> scan (spans, refusals) -> value (quotes, escapes) -> expand ($) -> Document -> edit -> Document
//! ```

mod chars;
mod comment;
pub mod committed_by_design;
mod document;
mod edit;
mod encoding;
mod expand;
mod expiry;
mod key;
pub mod names;
mod reader;
pub mod readers;
mod scan;
mod unread_assignments;
mod value;

pub use comment::Annotation;
pub use document::{Assignment, Cipher, Document, Dollar, InlineIgnore, Quote, Refusal, RefusalKind};
pub use edit::{EditError, is_plain};
pub use encoding::Encoding;
pub use expand::Resolved;
pub(crate) use expand::interpolate;
pub use expiry::ExpiryComment;
pub use key::Key;
pub use unread_assignments::{Hidden, Way};
