//! Why nothing was written.

use crate::env::readers::Reader;
use crate::env::{EditError, Key};

/// What is wrong with an example or an env file, so that nothing is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Docker Compose refuses the file there.
    Refused,
    /// A key stands twice.
    Twice(Option<Key>),
    /// An annotation that does not parse, or one that the key cannot have together with another.
    Annotation,
    /// An annotation that asks for a value that could be guessed.
    WeakOrder,
    /// An annotation that stands above no key.
    Stray,
    /// An annotation that names a key which is not in the file, or itself.
    NoSuchKey,
    /// An example with a secret that looks real.
    RealSecret(Option<Key>),
    /// The content is encrypted.
    Encrypted,
    /// An example, where an env file belongs.
    Example,
    /// The key has a value.
    Filled(Option<Key>),
    /// The key is not one that every reader takes.
    BadKey,
    /// No way of writing the value into the file is read back as it is.
    NotReadBack,
    /// The file is not in UTF-8.
    Encoding,
    /// A carriage return stands alone in the file.
    LoneReturn,
    /// The value is written in several parts, side by side.
    Parts,
    /// A program of the project that reads the file would read another value.
    OtherReader(Reader),
}

impl From<EditError> for Fault {
    fn from(error: EditError) -> Self {
        match error {
            EditError::BadKey => Self::BadKey,
            EditError::Encoding => Self::Encoding,
            EditError::LoneReturn => Self::LoneReturn,
            EditError::Parts => Self::Parts,
            EditError::OtherReader(reader) => Self::OtherReader(reader),
            EditError::NoSuchAssignment | EditError::Nul | EditError::NotReadBack => Self::NotReadBack,
        }
    }
}

impl Fault {
    /// What to do next: one line.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Refused => "correct the line; `docker compose config` says what is wrong",
            Self::Twice(_) => "remove one of the two lines: programs do not agree which one counts",
            Self::Annotation => {
                "write `# envward: ` and one of: hex 64, password 64, urlsafe 43, same KEY, ask, keep, key, expand, \
                 expires DATE"
            }
            Self::WeakOrder => "ask for 128 bits or more, such as hex 16 or password 22",
            Self::Stray => "move the comment directly above its key",
            Self::NoSuchKey => "name a key of the same file; a reference needs a key above it",
            Self::RealSecret(_) => {
                "empty the value in the template, or write `# envward: keep` above it if it may stay"
            }
            Self::Encrypted => "decrypt the file first, with the tool that encrypted it",
            Self::Example => "name the env file instead: a template is meant to be committed",
            Self::Filled(_) => "to replace the value, add --replace",
            Self::BadKey => "use letters, digits and `_`, and begin with a letter or `_`",
            Self::NotReadBack => "check the quotes above that line",
            Self::Encoding => "convert the file first: iconv -f UTF-16 -t UTF-8 FILE > NEW",
            Self::LoneReturn => "replace each one by a line feed first: tr '\\r' '\\n' < FILE > NEW",
            Self::OtherReader(_) => {
                "first let all readers agree: envward check --fix --rewrite-values; to see them: envward check --readers"
            }
            Self::Parts => "write the value in one pair of quotes first",
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |key: &Option<Key>| key.as_ref().map_or("a key".to_owned(), Key::to_string);
        match self {
            Self::Refused => f.write_str("Docker Compose cannot read this line"),
            Self::Twice(key) => write!(f, "{} is here a second time", shown(key)),
            Self::Annotation => f.write_str("this `# envward:` comment cannot be read"),
            Self::WeakOrder => {
                f.write_str("this `# envward:` comment asks for less than 128 bits, which can be guessed")
            }
            Self::Stray => f.write_str("this `# envward:` comment is above no key"),
            Self::NoSuchKey => f.write_str("this `# envward:` comment or reference names a key that does not exist"),
            Self::RealSecret(key) => {
                write!(
                    f,
                    "{} has a value that looks like a real secret: this is an env file, not a template",
                    shown(key)
                )
            }
            Self::Encrypted => f.write_str("the file is encrypted"),
            Self::Example => f.write_str("this is a template, which must not contain secrets"),
            Self::Filled(key) => write!(f, "{} already has a value", shown(key)),
            Self::BadKey => f.write_str("some programs cannot read a key of this name"),
            Self::NotReadBack => f.write_str("there is no way to write this value so that it reads back the same"),
            Self::Encoding => f.write_str("the file is not in UTF-8: nothing was written"),
            Self::LoneReturn => f.write_str("a carriage return ends a line for some readers only: nothing was written"),
            Self::OtherReader(reader) => {
                write!(
                    f,
                    "{} would read another value than the one that is written: nothing was written",
                    reader.name()
                )
            }
            Self::Parts => f.write_str("the value has several quoted parts, which only a shell joins"),
        }
    }
}
