//! Live values in text, replaced in every form that a value commonly takes.

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the definition compares bytes")]
mod oracle;

use crate::path::RelPath;
use crate::secret::Secret;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

const MASK: &[u8] = b"[masked]";

/// The live values that no output may hold.
pub struct Mask {
    values: Vec<Secret>,
    /// Made when something is first examined that could hold a value: most runs of a hook say nothing.
    forms: OnceLock<matcher::Forms>,
    /// Short texts that were examined and hold no value: a report names one path a hundred times.
    free: Mutex<HashSet<Vec<u8>>>,
}

/// Longer texts are not kept, nor more than so many.
const KEPT_BYTES: usize = 256;
const KEPT: usize = 1 << 14;

/// Shorter values are words of ordinary names: to mask them would make reports unreadable and hide nothing.
pub const SHORTEST: usize = 8;

impl Mask {
    /// Hides these values; those shorter than [`SHORTEST`] stay.
    #[must_use]
    pub fn new(values: Vec<Secret>) -> Self {
        let mut values = values;
        values.retain(|value| value.is_at_least(SHORTEST));
        Self { values, forms: OnceLock::new(), free: Mutex::default() }
    }

    /// `bytes` with every value replaced, in every form that the search finds, and in upper or lower case.
    #[must_use]
    pub fn apply<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        if self.values.is_empty() || bytes.is_empty() {
            return Cow::Borrowed(bytes);
        }
        if self.known_free().contains(bytes) {
            return Cow::Borrowed(bytes);
        }
        let masked = self.mask(bytes);
        if matches!(masked, Cow::Borrowed(_)) && bytes.len() <= KEPT_BYTES {
            let mut free = self.known_free();
            if free.len() < KEPT {
                free.insert(bytes.to_vec());
            }
        }
        masked
    }

    fn known_free(&self) -> MutexGuard<'_, HashSet<Vec<u8>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mask<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let forms = self.forms.get_or_init(|| matcher::Forms::of(&self.values));
        let mut out: Option<Vec<u8>> = None;
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let length = forms.length_at(rest);
            if length > 0 {
                out.get_or_insert_with(|| bytes.get(..at).unwrap_or_default().to_vec()).extend_from_slice(MASK);
            } else if let Some(out) = &mut out {
                out.extend(rest.first());
            }
            at += length.max(1);
        }
        out.map_or(Cow::Borrowed(bytes), Cow::Owned)
    }

    /// The same for text.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.apply(text.as_bytes())).into_owned()
    }

    /// Whether a text contains none of the values.
    #[must_use]
    pub fn is_free(&self, text: &str) -> bool {
        matches!(self.apply(text.as_bytes()), Cow::Borrowed(_))
    }

    /// Whether something was replaced in a path of a masked report.
    #[must_use]
    pub fn is_in(path: &RelPath) -> bool {
        memchr::memmem::find(path.as_bytes(), MASK).is_some()
    }

    /// A path without the values.
    #[must_use]
    pub fn path(&self, path: &RelPath) -> RelPath {
        RelPath::new(self.apply(path.as_bytes()))
    }
}

mod matcher;
#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test looks for values in what is masked")]
mod tests;
