//! `envward generate`: the structs only.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::secret::generate::Alphabet;

/// `envward generate`.
#[derive(Debug, Subcommand)]
pub enum Generate {
    /// Make random bytes as hexadecimal digits, for keys and JWT secrets
    Hex {
        /// Make this many bytes; each byte is two digits
        #[arg(long, value_name = "COUNT", default_value_t = 64)]
        bytes: usize,
        /// Where to.
        #[command(flatten)]
        to: To,
    },
    /// Make random letters and digits, for passwords
    Password {
        /// Make this many characters
        #[arg(long, value_name = "COUNT", default_value_t = 64)]
        length: usize,
        /// Use these characters
        #[arg(long, value_enum, value_name = "NAME", default_value_t = AlphabetName::Base62)]
        alphabet: AlphabetName,
        /// Where to.
        #[command(flatten)]
        to: To,
    },
}

/// Where a new value goes.
#[derive(Debug, Args)]
pub struct To {
    /// Print this many values, each on its own line
    #[arg(long, default_value_t = 1, conflicts_with = "into")]
    pub count: usize,
    /// Write the value into this key of an env file, and do not print the value
    #[arg(long, num_args = 2, value_names = ["FILE", "KEY"])]
    pub into: Option<Vec<PathBuf>>,
    /// With --into: overwrite a value, also one that was in use before
    #[arg(long, requires = "into")]
    pub replace: bool,
    /// Allow a value of less than 128 bits
    #[arg(long)]
    pub allow_weak: bool,
}

/// What a password is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AlphabetName {
    /// Letters and digits
    Base62,
    /// Lower-case hexadecimal digits
    Hex,
    /// Letters, digits, - and _; the first and last are letters or digits
    Urlsafe,
}

impl From<AlphabetName> for Alphabet {
    fn from(word: AlphabetName) -> Self {
        match word {
            AlphabetName::Base62 => Self::Base62,
            AlphabetName::Hex => Self::Hex,
            AlphabetName::Urlsafe => Self::Urlsafe,
        }
    }
}
