//! Why a key was not hashed, or a hash not verified. Closed, and without text from either.

/// Somebody else's kind of hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// Argon2i: fewer passes than it needs are broken, and side channels are all that it is good for.
    Argon2i,
    /// Argon2d: the memory that it reads depends on the key.
    Argon2d,
    /// Another version of argon2 than 1.3.
    Version,
    /// bcrypt.
    Bcrypt,
    /// scrypt, PBKDF2, crypt(3), LDAP and the like.
    Other,
}

/// One reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No key.
    #[error("the key is empty")]
    EmptyKey,
    /// No PHC string at all.
    #[error("this is not a hash: a hash begins with `$argon2id$`")]
    NotAHash,
    /// A hash of another kind.
    #[error("{}", .0.message())]
    Foreign(Foreign),
    /// A PHC string that ends too early.
    #[error("the hash is cut off")]
    CutOff,
    /// A PHC string that is not written as one.
    #[error("the hash is damaged")]
    Damaged,
    /// Longer than any PHC string.
    #[error("the hash is longer than 512 bytes")]
    TooLong,
    /// Parameters that argon2 has not.
    #[error("these are not parameters of argon2id")]
    Cost,
    /// Parameters above what is ever computed.
    #[error("the parameters ask for more than 256 MiB, 16 passes or 16 lanes: nothing was hashed")]
    TooCostly,
    /// The memory is not there.
    #[error("there is not enough memory for these parameters")]
    Memory,
    /// The random generator failed.
    #[error("the system provides no random numbers")]
    Random,
}

impl Foreign {
    fn message(self) -> &'static str {
        match self {
            Self::Argon2i => "this is an argon2i hash; envward verifies only argon2id",
            Self::Argon2d => "this is an argon2d hash; envward verifies only argon2id",
            Self::Version => "this hash needs another version of argon2 than 1.3 (v=19)",
            Self::Bcrypt => "this is a bcrypt hash; envward verifies only argon2id",
            Self::Other => "this is another kind of hash; envward verifies only argon2id",
        }
    }
}

impl Fault {
    /// What to do next: one line.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::EmptyKey => "give the key on standard input, with --key-file, or at the prompt",
            Self::NotAHash | Self::CutOff | Self::Damaged | Self::TooLong => {
                "copy the whole hash again; a shell or a reader of env files may have removed its `$`"
            }
            Self::Foreign(_) => "verify it with the program that made it, or make a new key: envward key new",
            Self::Cost => {
                "use m=19456,t=2,p=1 (at least 8 KiB for each lane), or a name from `envward key hash --help`"
            }
            Self::TooCostly => {
                "find out where the hash comes from, it may be an attack; usual parameters are m=19456,t=2,p=1"
            }
            Self::Memory => "free some memory, or use parameters that need less: --params owasp-7m",
            Self::Random => "nothing was written; see the messages of the kernel: dmesg",
        }
    }
}
