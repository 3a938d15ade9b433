//! Changing files: by descriptor, or whole by rename.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags};

use crate::path::RelPath;

use super::Root;

/// Sets a regular file's mode by its descriptor, if it is the one that was judged: one name, this owner.
///
/// # Errors
/// The system's. `PermissionDenied` for a file with another hard link or another owner: a planted link would let root
/// change a system file's mode.
pub fn set_mode(root: &Root, path: &RelPath, mode: u32, owner: u32) -> io::Result<()> {
    let fd = root.open_regular(path)?;
    let stat = rustix::fs::fstat(&fd)?;
    if stat.st_nlink != 1 || stat.st_uid != owner {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    rustix::fs::fchmod(&fd, Mode::from_raw_mode(mode))?;
    Ok(())
}

/// Writes a file that others may read (an ignore file): a temporary name in the same directory, then rename, so that
/// nobody ever sees half of it. Mode and owner of an existing file are kept; a new one gets mode 0644.
///
/// # Errors
/// The system's. A symbolic link at `path` is refused.
pub fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, None, bytes)
}

/// Writes a program (a hook) that everyone may run: mode 0755, otherwise as [`write_public`].
///
/// # Errors
/// As [`write_public`].
pub fn write_program(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, Some(0o755), bytes)
}

fn replace(path: &Path, mode: Option<u32>, bytes: &[u8]) -> io::Result<()> {
    let (Some(dir), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let dir = rustix::fs::open(dir, OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    let old = match rustix::fs::statat(&dir, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) if rustix::fs::FileType::from_raw_mode(stat.st_mode).is_symlink() => {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        Ok(stat) => Some((stat.st_uid, stat.st_gid, stat.st_mode & 0o777)),
        Err(_) => None,
    };
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".envward-{}.tmp", std::process::id()));
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let fd = rustix::fs::openat(&dir, &temporary, flags, Mode::RUSR | Mode::WUSR)?;
    let mode = mode.or(old.map(|(_, _, mode)| mode)).unwrap_or(0o644);
    let written = fill(fd, mode, old.map(|(uid, gid, _)| (uid, gid)), bytes).and_then(|()| {
        rustix::fs::renameat(&dir, &temporary, &dir, name)?;
        rustix::fs::fsync(&dir)?;
        Ok(())
    });
    if written.is_err() {
        // The error that matters is the first one.
        let _ = rustix::fs::unlinkat(&dir, &temporary, AtFlags::empty());
    }
    written
}

fn fill(fd: OwnedFd, mode: u32, owner: Option<(u32, u32)>, bytes: &[u8]) -> io::Result<()> {
    if let Some((uid, gid)) = owner {
        if rustix::process::geteuid().is_root() {
            rustix::fs::fchown(&fd, Some(rustix::fs::Uid::from_raw(uid)), Some(rustix::fs::Gid::from_raw(gid)))?;
        }
    }
    // After fchown, which clears bits, and whatever the umask was.
    rustix::fs::fchmod(&fd, Mode::from_raw_mode(mode))?;
    let mut file = File::from(fd);
    file.write_all(bytes)?;
    file.sync_all()
}
