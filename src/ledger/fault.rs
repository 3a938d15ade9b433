//! Why the ledger cannot be used. Closed, and without text from a file.

use rusqlite::ErrorCode;

/// One reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It would lie inside the project that it is about, where git or an image may pick it up.
    InsideProject,
    /// A directory or file of it that others may open; the mode.
    Loose(u32),
    /// It belongs to another user.
    ForeignOwner,
    /// A link, a directory or something else is in a file's place.
    NotAFile,
    /// The key file has not the size of a key.
    BadKey,
    /// A later version of envward made it.
    Newer,
    /// An earlier version made it, and it was opened to be read only.
    Older,
    /// It is no ledger, or it is damaged.
    Corrupt,
    /// A writer was interrupted: the next one fixes it.
    Interrupted,
    /// Another process held it for too long.
    Busy,
    /// The disk is full.
    Full,
    /// The system refused to read or write it.
    Refused,
}

impl Fault {
    /// What is wrong, behind the name of the place: one line.
    #[must_use]
    pub fn message(self) -> String {
        self.text().0
    }

    /// What to do next: one line.
    #[must_use]
    pub fn hint(self) -> &'static str {
        self.text().1
    }

    fn text(self) -> (String, &'static str) {
        let (message, hint) = match self {
            Self::InsideProject => (
                "lies inside the project, where git or an image may pick it up",
                "set ENVWARD_STATE_DIR to a directory outside it",
            ),
            Self::Loose(mode) => {
                let message = format!("is open to others (mode {mode:04o})");
                return (
                    message,
                    "chmod 700 the directory and 600 the files in it, then find out who may have read them",
                );
            }
            Self::ForeignOwner => (
                "belongs to another user",
                "run envward as that user, or set ENVWARD_STATE_DIR to a directory of your own",
            ),
            Self::NotAFile => {
                ("is another kind of file than envward makes", "examine it with ls -la: envward follows no link there")
            }
            Self::BadKey => (
                "is damaged: it does not have the size of a key",
                "restore it from a backup, or move it away: ages stay known, changes since the last check do not",
            ),
            Self::Newer => ("was written by a later version of envward", "install that version; nothing was changed"),
            Self::Older => ("was written by an earlier version", "run `envward rotation status`, which converts it"),
            Self::Corrupt => (
                "is damaged, or is not a ledger",
                "restore it from a backup, or move it away: envward then finds the ages again; nothing was changed",
            ),
            Self::Interrupted => {
                ("was left half written by a process that died", "run `envward rotation status`, which fixes it")
            }
            Self::Busy => ("is in use by another process", "run again when that process is done; nothing was changed"),
            Self::Full => {
                ("could not be written: the disk is full", "free some space and run again; nothing was changed")
            }
            Self::Refused => (
                "could not be read or written",
                "check its owner, mode and file system (`ls -la`, `df`); nothing was changed",
            ),
        };
        (message.to_owned(), hint)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, _) = error else {
            // What is stored has not the type or the shape that we write.
            return Self::Corrupt;
        };
        match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation => Self::Corrupt,
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::ReadOnly if failure.extended_code == rusqlite::ffi::SQLITE_READONLY_ROLLBACK => {
                Self::Interrupted
            }
            _ => Self::Refused,
        }
    }
}

impl From<crate::files::Refusal> for Fault {
    fn from(refusal: crate::files::Refusal) -> Self {
        use crate::files::Refusal;
        match refusal {
            Refusal::System(Some(cause)) => rustix::io::Errno::from_raw_os_error(cause.errno()).into(),
            Refusal::Link | Refusal::HardLink | Refusal::Directory | Refusal::NotAFile => Self::NotAFile,
            Refusal::Locked => Self::Busy,
            _ => Self::Refused,
        }
    }
}

impl From<rustix::io::Errno> for Fault {
    fn from(errno: rustix::io::Errno) -> Self {
        match errno {
            rustix::io::Errno::NOSPC | rustix::io::Errno::DQUOT => Self::Full,
            rustix::io::Errno::LOOP | rustix::io::Errno::NOTDIR | rustix::io::Errno::ISDIR => Self::NotAFile,
            _ => Self::Refused,
        }
    }
}
