//! Development, test or production.

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Environment {
    /// A developer's machine.
    Development,
    /// Automated tests.
    Test,
    /// The real thing; staging counts as it.
    Production,
    /// Nothing says.
    Unknown,
}

impl Environment {
    /// The word in reports and configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Production => "production",
            Self::Unknown => "unknown",
        }
    }

    /// From a word of a file name or of NODE_ENV: `dev`, `local`, `prod`, `staging`, `ci`.
    #[must_use]
    pub fn from_word(_word: &str) -> Option<Self> {
        None
    }

    /// stub
    pub fn from_settings<'a>(_pairs: impl Iterator<Item = (&'a str, &'a [u8])>) -> Option<Self> {
        None
    }
}
