//! What went wrong with an admin key. Closed, and without text from a key, a hash or a flag.

use crate::secret::{apikey, keyhash};
use crate::terminal::LineFault;

/// One reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The hash.
    #[error(transparent)]
    Hash(#[from] keyhash::Fault),
    /// The key.
    #[error(transparent)]
    Key(#[from] apikey::Fault),
    /// What came in its place.
    #[error(transparent)]
    Line(#[from] LineFault),
    /// A key that a word list or a few thousand million guesses find.
    #[error("this key could be guessed from its hash")]
    Weak,
    /// Parameters below OWASP's.
    #[error("these parameters are below what OWASP asks for")]
    WeakCost,
    /// A new key, and nowhere to put it.
    #[error("there is no terminal to show the key on")]
    NoScreen,
    /// A key that is asked for, and nobody to answer.
    #[error("there is no terminal to ask for the key at")]
    NoPrompt,
    /// A key that is not envward's, and no hash beside it.
    #[error("this key has no id by which to find its hash")]
    NoId,
    /// No keys.
    #[error("no key is registered for this project")]
    NoRegistry,
    /// An id that is none.
    #[error("this is no id of a key: those have 10 letters and digits")]
    BadId,
    /// An id that nobody knows.
    #[error("this project has no key of this id")]
    UnknownId,
    /// A name that cannot be shown.
    #[error("a name or reason has 1 to 100 printable characters, and no key in it")]
    BadText,
    /// An end that has come.
    #[error("the key would have expired already")]
    Expired,
}

impl KeyFault {
    /// What to do next: one line.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Hash(fault) => fault.hint(),
            Self::Key(apikey::Fault::Prefix) => "such as --prefix takumi_admin",
            Self::Key(_) => "copy it again, whole",
            Self::Line(fault) => fault.hint(),
            Self::Weak => "make a random one: envward key new; or give --allow-weak",
            Self::WeakCost => "take m=19456,t=2,p=1 or one of the names in --help, or give --allow-weak",
            Self::NoScreen => "put it into a file that only you can read: --out FILE",
            Self::NoPrompt => "pipe it to standard input, or name its file: --key-file FILE",
            Self::NoId => "name the file that holds its hash: --hash-file FILE",
            Self::NoRegistry => {
                "make one with `envward key new`, or name the project whose keys are meant: --project PATH"
            }
            Self::BadId | Self::UnknownId => "`envward key list` shows the ids",
            Self::BadText => "leave out line breaks and what a terminal would obey",
            Self::Expired => "--expires takes the last day on which it is a match",
        }
    }
}
