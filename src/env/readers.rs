//! What other readers make of an env file.

use super::Document;

/// How dotenvy's reading differs from Docker Compose's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It sees another value for the assignment at this index of [`Document::assignments`].
    OtherValue(usize),
    /// It refuses the file.
    Refuses,
}

/// Where dotenvy, which stands for the strict readers, differs from Docker Compose.
#[must_use]
pub fn dotenvy_differences(_document: &Document) -> Vec<Difference> {
    Vec::new()
}

/// Whether some readers (dotenvx, dotenv-expand, shells) execute a part of this assignment: `$(…)` or backticks
/// outside single quotes.
#[must_use]
pub fn is_executed(_document: &Document, _assignment: usize) -> bool {
    false
}
