//! What went wrong with an admin key. Closed, and without text from a key, a hash or an option.

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
    /// The line from standard input.
    #[error(transparent)]
    Line(#[from] LineFault),
    /// A key that a word list or a few billion guesses find.
    #[error("this key is so weak that an attacker could guess it from its hash")]
    Weak,
    /// Parameters below OWASP's.
    #[error("these parameters are lower than OWASP requires")]
    WeakCost,
    /// A new key, and no terminal to show it.
    #[error("there is no terminal that could show the key")]
    NoScreen,
    /// A prompt for a key, without a terminal.
    #[error("there is no terminal to ask for the key")]
    NoPrompt,
    /// A key without an id, which envward did not make, and no hash.
    #[error("this key has no id, so its hash cannot be found")]
    NoId,
    /// No keys.
    #[error("no key is registered for this project")]
    NoRegistry,
    /// A malformed id.
    #[error("this is not the id of a key: an id has 10 letters and digits")]
    BadId,
    /// An unknown id.
    #[error("this project has no key with this id")]
    UnknownId,
    /// A name or reason that cannot be shown.
    #[error("a name or reason must have 1 to 100 printable characters and must not contain a key")]
    BadText,
    /// An expiry date in the past.
    #[error("the expiry date of the key is in the past")]
    Expired,
}

impl KeyFault {
    /// What to do next: one line.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Hash(fault) => fault.hint(),
            Self::Key(apikey::Fault::Prefix) => "give a prefix, such as --prefix takumi_admin",
            Self::Key(_) => "copy the complete key again",
            Self::Line(fault) => fault.hint(),
            Self::Weak => "make a random key with `envward key new`, or give --allow-weak",
            Self::WeakCost => "use m=19456,t=2,p=1 or a name from --help, or give --allow-weak",
            Self::NoScreen => "write the key to a file that only you can read: --out FILE",
            Self::NoPrompt => "send the key to standard input, or give its file: --key-file FILE",
            Self::NoId => "give the file that contains its hash: --hash-file FILE",
            Self::NoRegistry => "make a key with `envward key new`, or give another project: --project PATH",
            Self::BadId | Self::UnknownId => "see the ids with `envward key list`",
            Self::BadText => "remove line breaks and control characters",
            Self::Expired => "give --expires the last day on which the key is valid",
        }
    }
}
