//! Text of a compose file. It may be a secret: zeroed when dropped, and shown by nobody.

use std::fmt;

use zeroize::Zeroizing;

/// Text of a compose file.
///
/// No `Display` and no `Serialize`; `Debug` prints nothing of it. What a report may name (a service, a key) is made into
/// a [`crate::name::Name`] or a [`crate::env::Key`], which escape and mask.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Zeroizing<String>);

impl Text {
    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(…)")
    }
}

impl std::hash::Hash for Text {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}
