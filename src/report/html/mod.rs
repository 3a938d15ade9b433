//! Pages that people look at: one file without script, without anything from elsewhere and without a value. The writer in
//! `markup` is the only way to put a text in, and escapes all of them.

mod advice;
mod age_bar;
mod ages;
mod calendar;
mod error;
mod exposed;
mod findings;
mod markup;
mod page;
mod problems;
mod project;
mod readers;
mod report;
mod rotation;
mod summary;
mod timeline;

pub use error::write as write_error;
pub use project::write as write_project;
pub use report::write;
pub use rotation::write as write_rotation;
pub use summary::write as write_summary;
