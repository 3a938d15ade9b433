//! Values that stand for a value. Pure.

/// Which kind of placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// `changeme`, `change_me_in_production`, `replace-this`.
    ChangeMe,
    /// `your-password-here`, `<INSERT_KEY>`, `[token]`, `xxxx`, `...`.
    Blank,
    /// `example`, `sample`, `dummy`, `todo`.
    Example,
    /// `null`, `None`, `false`, `undefined`.
    Nothing,
}

/// Whether `value` is a placeholder: something that nobody meant to be used.
#[must_use]
pub fn of(_value: &[u8]) -> Option<Placeholder> {
    None
}

impl Placeholder {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        "stub"
    }
}
