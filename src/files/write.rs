//! Writing files: whole or not at all, and private ones private from their first byte.
//!
//! Under a lock on the directory: a temporary name made anew (`O_EXCL`, mode 0600), its mode and owner set by
//! descriptor, the content written and synced, then renamed into place, and the directory synced. At any moment the
//! file is the old one or the new one. What a killed run leaves behind is a temporary name, private where the file is,
//! which the next run removes.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{AtFlags, Dir, FileType, FlockOperation, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;

use super::Root;
use super::inspect::{keeps_modes, read_whole, size};
use super::refusal::Refusal;
use crate::path::RelPath;
use crate::secret::Secret;

/// What stands in a temporary name between the file's own and the process: [`crate::env::names`] knows it.
const MARK: &[u8] = b".envward-";
const ENDING: &[u8] = b".tmp";

/// How long to wait for another envward that holds the directory, and how often to look: a write takes milliseconds, so
/// one that takes ten seconds is stuck or waits for a person.
const PATIENCE: (u32, Duration) = (200, Duration::from_millis(50));

/// A user and a group that a file is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The user.
    pub uid: u32,
    /// The group.
    pub gid: u32,
}

/// The state in which a private file was read: what it must still be in when it is replaced.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its mode.
    pub mode: u32,
    /// Its owner.
    pub owner: Owner,
    identity: Identity,
}

/// What tells one state of a file from another: device, inode, size, and the times of its content and of its inode.
type Identity = (u64, u64, i64, (i64, i64), (i64, i64));

/// A directory with private files. Locked, no other envward writes in it for as long as this lives.
#[derive(Debug)]
pub struct PrivateDir {
    fd: OwnedFd,
    locked: bool,
}

/// What a file is to be like.
struct Shape {
    mode: u32,
    owner: Option<Owner>,
    /// Whether its mode matters more than that it is written.
    private: bool,
}

impl PrivateDir {
    /// Opens a directory below a root, without following a link, waits for its lock, and removes what a killed run left.
    ///
    /// # Errors
    /// It is not there, is no directory, cannot be opened, or another envward keeps it.
    pub fn lock(root: &Root, dir: &RelPath) -> Result<Self, Refusal> {
        let locked = Self { fd: root.open_directory(dir)?, locked: true };
        locked.wait()?;
        locked.sweep()?;
        Ok(locked)
    }

    /// Opens one to read only, without a trace.
    ///
    /// # Errors
    /// It is not there, is no directory, or cannot be opened.
    pub fn view(root: &Root, dir: &RelPath) -> Result<Self, Refusal> {
        Ok(Self { fd: root.open_directory(dir)?, locked: false })
    }

    /// Reads a private file, and remembers its state, so that it can be replaced; `None` where there is none.
    ///
    /// # Errors
    /// Not a regular file, a link, a second name, too large, unreadable, or another user's.
    pub fn read(&self, name: &[u8]) -> Result<Option<(Secret, Held)>, Refusal> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let fd = match rustix::fs::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP) => return Err(Refusal::Link),
            Err(Errno::NXIO) => return Err(Refusal::NotAFile),
            Err(errno) => return Err(errno.into()),
        };
        let stat = rustix::fs::fstat(&fd)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => {}
            FileType::Directory => return Err(Refusal::Directory),
            _ => return Err(Refusal::NotAFile),
        }
        if stat.st_nlink > 1 {
            return Err(Refusal::HardLink);
        }
        let text = read_whole(fd, size(&stat), &RelPath::new(name)).map_err(|problem| match problem.cause {
            Some(cause) => io::Error::from_raw_os_error(cause.0).into(),
            None => Refusal::Unsteady,
        })?;
        let owner = Owner { uid: stat.st_uid, gid: stat.st_gid };
        let (mode, identity) = (stat.st_mode & 0o7777, identity(&stat));
        Ok(Some((Secret::new(text), Held { mode, owner, identity })))
    }

    /// Writes a private file: mode 0600, or the stricter one that the file had. `over` is what [`PrivateDir::read`] gave:
    /// with `None` nothing may stand there. The owner is the one named, else the one it had.
    ///
    /// # Errors
    /// As [`PrivateDir::read`]; also where everyone may write the directory, where the file changed since it was read,
    /// where its owner cannot be kept, and what the system says. The file is then what it was.
    #[expect(clippy::disallowed_methods, reason = "the file is written")]
    pub fn write(&self, name: &[u8], text: &Secret, over: Option<&Held>, owner: Option<Owner>) -> Result<(), Refusal> {
        if !self.locked {
            return Err(Refusal::Locked);
        }
        let directory = rustix::fs::fstat(&self.fd)?;
        // In a sticky directory nobody else can take the name away.
        if directory.st_mode & 0o002 != 0 && directory.st_mode & 0o1000 == 0 {
            return Err(Refusal::OpenDirectory);
        }
        let mode = over.map(|held| held.mode).filter(|mode| mode & !0o600 == 0).unwrap_or(0o600);
        let shape = Shape { mode, owner: owner.or(over.map(|held| held.owner)), private: true };
        let check = || match self.stat(name)? {
            now if now.as_ref().map(identity) == over.map(|held| held.identity) => Ok(()),
            Some(now) if FileType::from_raw_mode(now.st_mode).is_symlink() => Err(Refusal::Link),
            Some(now) if FileType::from_raw_mode(now.st_mode).is_dir() => Err(Refusal::Directory),
            _ => Err(Refusal::Changed),
        };
        self.put(name, text.expose(), &shape, over.is_some(), check)
    }

    /// Removes a file of it.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove(&self, name: &[u8]) -> Result<(), Refusal> {
        if !self.locked {
            return Err(Refusal::Locked);
        }
        rustix::fs::unlinkat(&self.fd, name, AtFlags::empty())?;
        Ok(rustix::fs::fsync(&self.fd)?)
    }

    /// Writes a file that others may read.
    fn write_open(&self, name: &[u8], bytes: &[u8], mode: Option<u32>) -> Result<(), Refusal> {
        let old = self.stat(name)?;
        if old.as_ref().is_some_and(|old| FileType::from_raw_mode(old.st_mode).is_symlink()) {
            return Err(Refusal::Link);
        }
        let root = rustix::process::geteuid().is_root();
        let owner = old.as_ref().filter(|_| root).map(|old| Owner { uid: old.st_uid, gid: old.st_gid });
        let mode = mode.or(old.as_ref().map(|old| old.st_mode & 0o777)).unwrap_or(0o644);
        self.put(name, bytes, &Shape { mode, owner, private: false }, old.is_some(), || Ok(()))
    }

    fn stat(&self, name: &[u8]) -> Result<Option<rustix::fs::Stat>, Refusal> {
        match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }

    fn put(
        &self,
        name: &[u8],
        bytes: &[u8],
        shape: &Shape,
        replaces: bool,
        still: impl FnOnce() -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let temporary = temporary_name(name);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&self.fd, &temporary, flags, Mode::RUSR | Mode::WUSR)?;
        let placed = shape.fill(fd, bytes).and_then(|()| still()).and_then(|()| {
            match if replaces { self.rename(&temporary, name) } else { self.place(&temporary, name) } {
                Err(Errno::EXIST) => Err(Refusal::Changed),
                Err(Errno::BUSY) => Err(Refusal::MountPoint),
                Err(Errno::ISDIR) => Err(Refusal::Directory),
                other => Ok(other?),
            }
        });
        if placed.is_err() {
            // The error that matters is the first one; what cannot be removed now is swept later.
            let _ = rustix::fs::unlinkat(&self.fd, &temporary, AtFlags::empty());
        }
        placed?;
        Ok(rustix::fs::fsync(&self.fd)?)
    }

    fn rename(&self, from: &OsStr, to: &[u8]) -> Result<(), Errno> {
        rustix::fs::renameat(&self.fd, from, &self.fd, to)
    }

    /// Gives the temporary file its name, if nothing has it.
    fn place(&self, from: &OsStr, to: &[u8]) -> Result<(), Errno> {
        match self.rename_if_free(from, to) {
            // Not every file system has that rename. A link refuses an existing name just the same.
            Err(Errno::INVAL | Errno::NOSYS) => {
                rustix::fs::linkat(&self.fd, from, &self.fd, to, AtFlags::empty())?;
                rustix::fs::unlinkat(&self.fd, from, AtFlags::empty())
            }
            other => other,
        }
    }

    #[cfg(target_os = "linux")]
    fn rename_if_free(&self, from: &OsStr, to: &[u8]) -> Result<(), Errno> {
        rustix::fs::renameat_with(&self.fd, from, &self.fd, to, rustix::fs::RenameFlags::NOREPLACE)
    }

    #[cfg(not(target_os = "linux"))]
    fn rename_if_free(&self, _: &OsStr, _: &[u8]) -> Result<(), Errno> {
        Err(Errno::NOSYS)
    }

    fn wait(&self) -> Result<(), Refusal> {
        let (times, pause) = PATIENCE;
        for _ in 0..times {
            match rustix::fs::flock(&self.fd, FlockOperation::NonBlockingLockExclusive) {
                Err(Errno::WOULDBLOCK) => std::thread::sleep(pause),
                Err(Errno::INTR) => {}
                other => return Ok(other?),
            }
        }
        Err(Refusal::Locked)
    }

    /// Removes the temporary names of runs that were killed: whoever holds the lock is alone, so every one is stale.
    fn sweep(&self) -> Result<(), Refusal> {
        let user = rustix::process::geteuid();
        for entry in Dir::read_from(&self.fd)? {
            let entry = entry?;
            let name = entry.file_name();
            if !is_temporary(name.to_bytes()) {
                continue;
            }
            let stat = match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => stat,
                Err(Errno::NOENT) => continue,
                Err(errno) => return Err(errno.into()),
            };
            let ours = user.is_root() || stat.st_uid == user.as_raw();
            if ours && FileType::from_raw_mode(stat.st_mode).is_file() {
                rustix::fs::unlinkat(&self.fd, name, AtFlags::empty())?;
            }
        }
        Ok(())
    }
}

impl Shape {
    fn fill(&self, fd: OwnedFd, bytes: &[u8]) -> Result<(), Refusal> {
        if self.private {
            // Before the first byte, and whatever the umask was.
            rustix::fs::fchmod(&fd, Mode::RUSR | Mode::WUSR)?;
            let stat = rustix::fs::fstat(&fd)?;
            if stat.st_mode & 0o077 != 0 || !keeps_modes(fd.as_fd()) {
                return Err(Refusal::NoModes);
            }
        }
        let mut file = File::from(fd);
        file.write_all(bytes)?;
        if let Some(owner) = self.owner {
            self.give(&file, owner)?;
        }
        // After fchown, which clears bits.
        rustix::fs::fchmod(&file, Mode::from_raw_mode(self.mode))?;
        Ok(file.sync_all()?)
    }

    fn give(&self, file: &File, owner: Owner) -> Result<(), Refusal> {
        let stat = rustix::fs::fstat(file)?;
        if (Owner { uid: stat.st_uid, gid: stat.st_gid }) == owner {
            return Ok(());
        }
        match rustix::fs::fchown(file, Some(Uid::from_raw(owner.uid)), Some(Gid::from_raw(owner.gid))) {
            Err(Errno::PERM | Errno::INVAL) => Err(Refusal::Owner),
            other => Ok(other?),
        }
    }
}

fn identity(stat: &rustix::fs::Stat) -> Identity {
    #[allow(clippy::useless_conversion, clippy::unnecessary_cast, reason = "the widths differ between systems")]
    let times = ((stat.st_mtime, stat.st_mtime_nsec as i64), (stat.st_ctime, stat.st_ctime_nsec as i64));
    (stat.st_dev, stat.st_ino, stat.st_size, times.0, times.1)
}

fn temporary_name(name: &[u8]) -> OsString {
    let mut temporary = OsString::from(OsStr::from_bytes(name));
    temporary.push(OsStr::from_bytes(MARK));
    temporary.push(std::process::id().to_string());
    temporary.push(OsStr::from_bytes(ENDING));
    temporary
}

fn is_temporary(name: &[u8]) -> bool {
    let Some(at) = memchr::memmem::rfind(name, MARK) else { return false };
    let process = name.get(at + MARK.len()..).and_then(|rest| rest.strip_suffix(ENDING)).unwrap_or_default();
    at > 0 && !process.is_empty() && process.iter().all(u8::is_ascii_digit)
}

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

/// Writes a file that others may read (an ignore file), so that nobody ever sees half of it. Mode and owner of an
/// existing file are kept; a new one gets mode 0644.
///
/// # Errors
/// The system's. A symbolic link at `path` is refused.
pub fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_open(path, bytes, None)
}

/// Writes a program (a hook) that everyone may run: mode 0755, otherwise as [`write_public`].
///
/// # Errors
/// As [`write_public`].
pub fn write_program(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_open(path, bytes, Some(0o755))
}

fn write_open(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    let (Some(dir), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let locked = PrivateDir::lock(&Root::open(dir)?, &RelPath::default())?;
    Ok(locked.write_open(name.as_bytes(), bytes, mode)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_name_is_known_again() {
        for name in [".env", "prod.env", "a.envward-1.tmp"] {
            assert!(is_temporary(temporary_name(name.as_bytes()).as_bytes()), "{name}");
        }
        for name in [".envward-1.tmp", ".env.envward-.tmp", ".env.envward-x.tmp", ".env.envward-1", ".env", "x.tmp"] {
            assert!(!is_temporary(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn a_temporary_name_counts_as_a_copy() {
        use crate::env::names::{Role, role};
        assert_eq!(role(temporary_name(b".env").as_bytes()), Some(Role::Copy));
    }
}
