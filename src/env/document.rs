//! The env-file model.

use std::num::NonZeroU32;
use std::ops::Range;

use super::Key;
use crate::secret::Secret;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// Without quotes.
    Bare,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
}

/// What Docker Compose does with the `$` signs of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dollar {
    /// There are none, or they stand as written.
    AsWritten,
    /// Every one is a reference to a key that this file defines above, or has a default: written on purpose.
    Reference,
    /// At least one is expanded to a name that this file does not define, dropped, or halved: the value is not what
    /// was written.
    Rewritten,
}

/// One `KEY=value`.
#[derive(Debug)]
pub struct Assignment {
    /// The line the key stands on, from 1.
    pub line: NonZeroU32,
    /// The key's bytes.
    pub key_span: Range<usize>,
    /// The value's bytes, quotes included.
    pub value_span: Range<usize>,
    /// How it is written.
    pub quote: Quote,
    /// Whether `export` stands before the key.
    pub export: bool,
    /// The key, where it may be printed.
    pub key: Option<Key>,
    /// The value that Docker Compose sees.
    pub value: Secret,
    /// What Compose does with its `$`.
    pub dollar: Dollar,
}

/// Why Docker Compose refuses a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// A quote that nothing closes.
    OpenQuote,
    /// A line that is no assignment.
    NotAnAssignment,
    /// A key with a character that Compose does not take.
    BadKey,
    /// An expansion it cannot parse.
    BadExpansion,
}

/// Where Docker Compose stops reading, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The line, from 1.
    pub line: NonZeroU32,
    /// Why.
    pub kind: RefusalKind,
}

/// An env file: every byte of it, and where its assignments stand.
#[derive(Debug)]
pub struct Document {
    text: Secret,
    assignments: Vec<Assignment>,
    refusal: Option<Refusal>,
}

impl Document {
    /// Reads any bytes. Never fails: where Docker Compose would refuse the file, [`Document::refusal`] says so, and
    /// the lines behind are read as well as they can be, so that nothing hides behind a broken line.
    #[must_use]
    pub fn parse(text: Secret) -> Self {
        Self { text, assignments: Vec::new(), refusal: None }
    }

    /// The file's bytes.
    #[must_use]
    pub fn text(&self) -> &Secret {
        &self.text
    }

    /// The assignments, in order.
    #[must_use]
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// Where Docker Compose stops reading this file.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// The inline ignores in force for the assignment at `index`: the check ids and reasons of the comment lines
    /// `# envward: ignore[check-id] reason` directly above it.
    #[must_use]
    pub fn ignores(&self, _index: usize) -> Vec<InlineIgnore> {
        Vec::new()
    }

    /// Whether the content is ciphertext, and whose.
    #[must_use]
    pub fn cipher(&self) -> Option<Cipher> {
        None
    }
}

/// One check switched off by a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineIgnore {
    /// The check's id as written, if it has the shape of one.
    pub check: String,
    /// Whether a reason follows. Without one it does not act.
    pub has_reason: bool,
    /// The comment's line.
    pub line: NonZeroU32,
}

/// Who encrypted a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// Every filled secret starts `encrypted:`.
    Dotenvx,
    /// `sops_` keys.
    Sops,
    /// `\0GITCRYPT\0`.
    GitCrypt,
}
