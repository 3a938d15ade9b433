//! What stands behind a key: nothing yet, or a value.

use zeroize::Zeroizing;

use crate::config::Config;
use crate::env::{Assignment, Document, Dollar};
use crate::secret::class;
use crate::secret::placeholder::{self, Placeholder};
use crate::secret::strength::{self, Strength};

/// What stands behind a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Empty,
    /// What stands for a value.
    Placeholder,
    /// A reference to another key.
    Reference,
    /// A value: a secret's strength; `None` where it is no secret.
    Filled(Option<Strength>),
}

impl State {
    /// Whether it waits for a value.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Empty | Self::Placeholder)
    }
}

/// The state of the assignment at `index`. Of a URL with a password it is that password's.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
pub fn state(document: &Document, assignment: &Assignment, config: &Config) -> State {
    let (name, value) = (text(document.name(assignment)), assignment.value.expose());
    if assignment.dollar != Dollar::AsWritten && !has_literal_password(document, assignment) {
        return State::Reference;
    }
    if value.is_empty() || document.is_comment(assignment) {
        return State::Empty;
    }
    if assignment.is_encrypted() {
        return State::Filled(None);
    }
    let password = class::password(name, value).map(Zeroizing::new);
    let secret = password.as_ref().map_or(value, |password| password.as_slice());
    let class = config.class_of(name, value);
    match placeholder::of_key(name, secret) {
        // `DEBUG=false` is a setting, and filled.
        Some(Placeholder::Nothing) if class.is_none() => State::Filled(None),
        Some(_) => State::Placeholder,
        None => State::Filled(class.map(|_| strength::of(secret))),
    }
}

/// Whether it is a URL whose password is no reference, whatever else in it is.
fn has_literal_password(document: &Document, assignment: &Assignment) -> bool {
    let written = document.written(assignment);
    let password = class::password_span(text(document.name(assignment)), written)
        .and_then(|span| written.get(span))
        .unwrap_or_default();
    !password.is_empty() && !password.contains(&b'$')
}

/// A key's name as text; one that is no text is nobody's secret.
pub(super) fn text(name: &[u8]) -> &str {
    std::str::from_utf8(name).unwrap_or_default()
}
