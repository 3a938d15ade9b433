//! Why a file was not written, or may not be safe on the disk.

use std::io;

use rustix::io::Errno;

use crate::problem::Cause;

/// Why a file was not written. The file is then unchanged, with one exception: [`Refusal::Unsettled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A symbolic link: writing through it would change another file.
    Link,
    /// A file with a second name, which would keep the old content.
    HardLink,
    /// A directory has this name.
    Directory,
    /// A named pipe, a socket, a device.
    NotAFile,
    /// A mounted file (as in a container): it cannot be replaced, and envward does not write into it in place.
    MountPoint,
    /// A file that grew while envward read it, or that is too large.
    Unsteady,
    /// A file that another program wrote or created in the meantime.
    Changed,
    /// A file that exists and must not be overwritten.
    Exists,
    /// The owner of the file cannot be kept or set.
    Owner,
    /// A file in a directory that everyone can write to, so everyone can replace the file.
    OpenDirectory,
    /// The file system does not keep modes: nothing there is private.
    NoModes,
    /// Another envward process has locked the directory.
    Locked,
    /// The file system does not support locks: two runs at the same time could lose a value.
    NoLocks,
    /// The file was written completely, but then its directory could not be synced, or its temporary name not removed.
    Unsettled(Cause),
    /// The reason from the system.
    System(Option<Cause>),
}

impl Refusal {
    /// What an error of a write of public files was.
    #[must_use]
    pub fn of(error: &io::Error) -> Self {
        let own = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        own.copied().unwrap_or(Self::System(error.raw_os_error().map(Cause::System)))
    }

    /// Whether the system failed, or another program was in the way: the same command may do it later.
    #[must_use]
    pub fn is_of_the_system(&self) -> bool {
        matches!(self, Self::System(_) | Self::Unsettled(_) | Self::Locked | Self::Changed | Self::Unsteady)
    }

    /// What to do next: one line.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Link => "give the file that the link points to, or replace the link with a file",
            Self::HardLink => "find the other names of the file (`find . -samefile`) and delete them",
            Self::Directory | Self::NotAFile => "choose another name; to see what has this name: `ls -ld`",
            Self::MountPoint => "change the file outside the container, or unmount the file first",
            Self::Unsteady | Self::Changed => "find out which other program writes the file, and run the command again",
            Self::Exists => "give the name of a new file, or move the existing file away",
            Self::Owner => "run envward as the owner of the file, or as root",
            Self::OpenDirectory => "remove the write permission of others: chmod o-w on the directory",
            Self::NoModes | Self::NoLocks => "keep env files on a native file system (ext4, xfs, btrfs, zfs)",
            Self::Locked => "wait for the other envward, or check whether it waits for an answer",
            Self::Unsettled(_) => "check the disk (`dmesg`); the file is complete",
            Self::System(_) => "check the owner and mode (`ls -la`) and the free space (`df -h`)",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Link => "this is a symbolic link",
            Self::HardLink => "this file has a second name",
            Self::Directory => "this is a directory",
            Self::NotAFile => "this is not a regular file",
            Self::MountPoint => "this file is mounted from another place",
            Self::Unsteady => "this file is too large, or grew while envward read it",
            Self::Changed => "another program changed this file in the meantime",
            Self::Exists => "this file already exists",
            Self::Owner => "the owner of this file cannot be kept",
            Self::OpenDirectory => "everyone can write to the directory of this file",
            Self::NoModes => "the file system does not keep file modes",
            Self::Locked => "another envward is working in this directory",
            Self::NoLocks => "the file system does not support locks",
            Self::Unsettled(cause) => {
                return write!(f, "this file was written, but syncing its directory failed: {cause}");
            }
            Self::System(Some(cause)) => return write!(f, "{cause}"),
            Self::System(None) => "the system refused to write this file",
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
            Refusal::System(Some(cause)) | Refusal::Unsettled(cause) => io::Error::from_raw_os_error(cause.errno()),
            _ => io::Error::other(refusal),
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::io::Errno;

    /// Who writes a public file learns the same.
    #[test]
    fn through_an_error_of_the_system_and_back() {
        let cause = Cause::System(Errno::NOSPC.raw_os_error());
        for refusal in
            [Refusal::HardLink, Refusal::Changed, Refusal::Locked, Refusal::OpenDirectory, Refusal::System(Some(cause))]
        {
            assert_eq!(Refusal::of(&refusal.into()), refusal);
        }
        let system = io::Error::from(Refusal::Unsettled(cause));
        assert_eq!(system.raw_os_error(), Some(Errno::NOSPC.raw_os_error()));
        assert_eq!(io::Error::from(Refusal::Link).kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(io::Error::from(Refusal::Owner).kind(), io::ErrorKind::PermissionDenied);
    }

    /// The same command may do it later.
    #[test]
    fn what_the_system_is_to_blame_for() {
        for (refusal, is_its) in [
            (Refusal::Locked, true),
            (Refusal::System(None), true),
            (Refusal::Changed, true),
            (Refusal::Link, false),
            (Refusal::OpenDirectory, false),
        ] {
            assert_eq!(refusal.is_of_the_system(), is_its, "{refusal}");
        }
    }
}
