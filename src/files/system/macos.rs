//! Files on macOS.
//!
//! Its access lists can only be read through functions of the C library that have no safe form in Rust; they are not
//! examined, and `envward doctor` says so.

use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::files::beneath::{self, Links};

/// Whether this system's access lists are read.
pub const READS_ACCESS_LISTS: bool = false;

/// How a directory is opened that is only passed. A directory that may be passed and not listed cannot be opened so, and
/// what is below it counts as unreadable.
pub(in crate::files) const PASS: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// The permission bits of a file, `0o7777` at most.
#[must_use]
pub fn mode_of(stat: &Stat) -> u32 {
    u32::from(stat.st_mode) & 0o7777
}

/// A mode to give to a file.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "a mode has 16 bits")]
pub fn mode(bits: u32) -> Mode {
    Mode::from_bits_truncate((bits & 0o7777) as u16)
}

/// The device and the inode of a file: no other file of the host has both.
#[must_use]
#[allow(clippy::cast_sign_loss, reason = "the form in which the standard library gives the number of a device")]
pub fn identity(stat: &Stat) -> (u64, u64) {
    (stat.st_dev as u64, stat.st_ino)
}

/// Opens what is below a root.
pub(in crate::files) fn open_beneath(
    root: impl AsFd,
    path: &[u8],
    flags: OFlags,
    links: Links,
) -> Result<OwnedFd, Errno> {
    beneath::open(root, path, flags, links)
}

/// The state of what is below a root, also where it may not be read.
pub(in crate::files) fn stat_beneath(root: impl AsFd, path: &[u8], links: Links) -> Result<Stat, Errno> {
    beneath::stat(root, path, links)
}

/// Opens a directory to ask about it.
pub(in crate::files) fn open_directory(path: &Path) -> Result<OwnedFd, Errno> {
    rustix::fs::open(path, PASS, Mode::empty())
}

/// Gives a directory of this user mode 0700, whatever the umask left of it: perhaps it may not even be opened. No link
/// is followed.
///
/// # Errors
/// The system's; `PERM` for a directory of another user.
pub fn make_private(dir: &Path) -> Result<(), Errno> {
    let stat = rustix::fs::statat(CWD, dir, AtFlags::SYMLINK_NOFOLLOW)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
        return Err(Errno::NOTDIR);
    }
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(Errno::PERM);
    }
    rustix::fs::chmodat(CWD, dir, Mode::RWXU, AtFlags::SYMLINK_NOFOLLOW)
}

/// Not examined here.
pub(in crate::files) fn access_list(_: impl AsFd) -> Option<Vec<u8>> {
    None
}

/// Not examined here.
pub(in crate::files) fn access_list_at(_: &Path) -> Option<Vec<u8>> {
    None
}

/// Not examined here.
pub(in crate::files) fn has_access_list(_: impl AsFd) -> bool {
    false
}

/// Whether the file system keeps modes and owners. These invent them; and on a volume that ignores owners (the usual
/// state of an external disk) everyone counts as the owner of every file, so that mode 0600 keeps nobody out.
pub(in crate::files) fn keeps_modes(fd: impl AsFd) -> bool {
    const INVENTS_MODES: [&[u8]; 6] = [b"msdos", b"exfat", b"ntfs", b"smbfs", b"webdav", b"afpfs"];
    /// `MNT_IGNORE_OWNERSHIP` of sys/mount.h.
    const IGNORES_OWNERS: u32 = 0x0020_0000;
    rustix::fs::fstatfs(fd).map_or(true, |fs| {
        #[allow(clippy::cast_sign_loss, reason = "the letters of a name")]
        let name: Vec<u8> = fs.f_fstypename.iter().map(|letter| *letter as u8).take_while(|byte| *byte != 0).collect();
        !INVENTS_MODES.contains(&name.as_slice()) && fs.f_flags & IGNORES_OWNERS == 0
    })
}
