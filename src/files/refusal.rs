//! Why a file was not written, or not for certain.

use std::io;

use rustix::io::Errno;

use crate::problem::Cause;

/// Why a file was not written. It is then what it was, with one exception: [`Refusal::Unsettled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A symbolic link: writing through one writes somewhere else.
    Link,
    /// It has a second name, which would keep the old content.
    HardLink,
    /// A directory stands there.
    Directory,
    /// A named pipe, a socket, a device.
    NotAFile,
    /// Something is mounted there (a file given to a container): it cannot be replaced, and is not written in place.
    MountPoint,
    /// It grew while it was read, or is larger than envward reads.
    Unsteady,
    /// Somebody wrote it after it was read, or made it meanwhile.
    Changed,
    /// Something stands there that is not to be overwritten.
    Exists,
    /// Its owner cannot be kept, or given.
    Owner,
    /// Everyone may write its directory, and so replace it.
    OpenDirectory,
    /// The file system does not keep modes: nothing there is private.
    NoModes,
    /// Another envward keeps the directory.
    Locked,
    /// Its file system takes no locks: two runs at once could lose a value.
    NoLocks,
    /// It was written, whole, and then its directory could not be brought to the disk, or its temporary name not removed.
    Unsettled(Cause),
    /// The system's own reason.
    System(Option<Cause>),
}

impl Refusal {
    /// What to do next: one line.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Link => "name the file that the link points to, or put a file in its place",
            Self::HardLink => "find its other names (`find . -samefile`) and remove them",
            Self::Directory | Self::NotAFile => "look at it (`ls -ld`), or choose another name",
            Self::MountPoint => "change the file outside the container, or unmount it first",
            Self::Unsteady | Self::Changed => "see what else writes it, and run again",
            Self::Exists => "name a new file, or move that one away",
            Self::Owner => "run as its owner, or as root",
            Self::OpenDirectory => "take the others' right away: chmod o-w on the directory",
            Self::NoModes | Self::NoLocks => "keep env files on a native file system (ext4, xfs, btrfs, zfs)",
            Self::Locked => "wait for the other envward, or see whether it waits for an answer",
            Self::Unsettled(_) => "the file is complete; see what the kernel says of the disk (`dmesg`)",
            Self::System(_) => "look at its owner and mode (`ls -la`) and at the free space (`df -h`)",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Link => "it is a symbolic link",
            Self::HardLink => "it has a second name",
            Self::Directory => "a directory stands there",
            Self::NotAFile => "it is not a regular file",
            Self::MountPoint => "it is mounted there from elsewhere",
            Self::Unsteady => "it is too large, or grew while it was read",
            Self::Changed => "somebody else wrote it meanwhile",
            Self::Exists => "it exists already",
            Self::Owner => "its owner cannot be kept",
            Self::OpenDirectory => "everyone may write its directory",
            Self::NoModes => "its file system does not keep file modes",
            Self::Locked => "another envward is at work in its directory",
            Self::NoLocks => "its file system takes no locks",
            Self::Unsettled(cause) => return write!(f, "it was written, but then its directory failed: {cause}"),
            Self::System(Some(cause)) => return write!(f, "{cause}"),
            Self::System(None) => "the system refused",
        })
    }
}

impl From<Errno> for Refusal {
    fn from(errno: Errno) -> Self {
        Self::System(Some(Cause::System(errno.raw_os_error())))
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::System(error.raw_os_error().map(Cause::System))
    }
}

/// For those who write ignore files and programs, and tell a link from the rest by the kind.
impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Link => io::ErrorKind::AlreadyExists.into(),
            Refusal::Owner => io::ErrorKind::PermissionDenied.into(),
            Refusal::Changed | Refusal::Locked => io::ErrorKind::ResourceBusy.into(),
            Refusal::System(Some(cause)) | Refusal::Unsettled(cause) => io::Error::from_raw_os_error(cause.errno()),
            _ => io::ErrorKind::Other.into(),
        }
    }
}
