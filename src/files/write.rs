//! Writing files: whole or not at all, and private ones private from their first byte.
//!
//! Under a lock on the directory: a temporary name made again (`O_EXCL`, mode 0600), its mode and owner set by
//! descriptor, the content written and synced, then renamed into place, and the directory synced. At any moment the
//! file is the old one or the new one. What a killed run leaves behind is a temporary name, private where the file is,
//! which the next run removes.
//!
//! The lock keeps the runs of one machine apart. On a network file system the other machine's run does not see it: there
//! the file is examined once more just before the rename, and so is the temporary name, which that run may have swept.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use rustix::fs::{AtFlags, FileType, FlockOperation, Gid, Mode, OFlags, Uid};
use rustix::io::{Errno, retry_on_intr};

use super::inspect::{Root, read_whole, size};
use super::refusal::Refusal;
use super::system::{self, mode_of};
use super::temporary;
use crate::path::RelPath;
use crate::problem::Cause;
use crate::secret::Secret;

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
#[derive(Debug)]
pub struct Held {
    /// Its mode.
    pub mode: u32,
    /// Its owner.
    pub owner: Owner,
    identity: Identity,
    /// Before Linux 6.13 the times are only as fine as the timer's tick: two states within one differ in content alone.
    text: Secret,
}

/// What tells one state of a file from another: device, inode, size, and the times of its content and of its inode.
pub(super) type Identity = (u64, u64, i64, (i64, i64), (i64, i64));

/// A directory with private files. Locked, no other envward writes in it for as long as this lives.
#[derive(Debug)]
pub struct PrivateDir {
    fd: OwnedFd,
    locked: bool,
}

/// What a file is to be like.
pub(super) struct Shape {
    pub(super) mode: u32,
    pub(super) owner: Option<Owner>,
    /// Whether its mode matters more than that it is written.
    pub(super) private: bool,
}

impl PrivateDir {
    /// Opens a directory below a root, without following a link, waits for its lock, and removes what a killed run left.
    ///
    /// # Errors
    /// It is not there, is no directory, cannot be opened, or another envward keeps it.
    pub fn lock(root: &Root, dir: &RelPath) -> Result<Self, Refusal> {
        let locked = Self { fd: root.open_directory(dir)?, locked: true };
        locked.wait()?;
        temporary::sweep(&locked.fd)?;
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
    /// Not a regular file, a link, a second name, too large, or unreadable.
    #[expect(clippy::disallowed_methods, reason = "the state of a file is its content, too")]
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
        // Anyone who holds the lock has swept: what is left then is a link.
        if stat.st_nlink > 1 && (self.locked || !temporary::is_second_name_of(&self.fd, &stat)?) {
            return Err(Refusal::HardLink);
        }
        let text = read_whole(fd, size(&stat), &RelPath::new(name)).map_err(|problem| match problem.cause {
            Some(cause) => io::Error::from_raw_os_error(cause.errno()).into(),
            None => Refusal::Unsteady,
        })?;
        let text = Secret::new(text);
        let owner = Owner { uid: stat.st_uid, gid: stat.st_gid };
        let (mode, identity) = (mode_of(&stat), identity(&stat));
        let held = Held { mode, owner, identity, text: Secret::copy_of(text.expose()) };
        Ok(Some((text, held)))
    }

    /// Whether a private file may stand here: nobody else can put another one in its place.
    ///
    /// # Errors
    /// Everyone may write the directory; or, where it is sticky, so that nobody can take a name away, what is there
    /// is somebody else's, who may have put it there to be given what root writes.
    pub fn admits(&self, over: Option<&Held>) -> Result<(), Refusal> {
        let directory = rustix::fs::fstat(&self.fd)?;
        let trusted = [rustix::process::geteuid().as_raw(), directory.st_uid];
        let is_open = directory.st_mode & 0o002 != 0;
        let is_sticky = directory.st_mode & 0o1000 != 0;
        let is_planted = over.is_some_and(|held| !trusted.contains(&held.owner.uid));
        if is_open && (!is_sticky || is_planted) { Err(Refusal::OpenDirectory) } else { Ok(()) }
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
        self.admits(over)?;
        let mode = over.map(|held| held.mode).filter(|mode| mode & !0o600 == 0).unwrap_or(0o600);
        let shape = Shape { mode, owner: owner.or(over.map(|held| held.owner)), private: true };
        self.put(name, text.expose(), &shape, over.is_some(), || self.is_still(name, over))
    }

    /// Writes another content into a file that a container reads as it is: mode and owner stay what they are, for a
    /// stricter mode would take the file from anyone who reads it.
    ///
    /// # Errors
    /// As [`PrivateDir::write`].
    #[expect(clippy::disallowed_methods, reason = "the file is written")]
    pub fn rewrite(&self, name: &[u8], text: &Secret, over: &Held) -> Result<(), Refusal> {
        if !self.locked {
            return Err(Refusal::Locked);
        }
        self.admits(Some(over))?;
        let shape = Shape { mode: over.mode & 0o777, owner: Some(over.owner), private: true };
        self.put(name, text.expose(), &shape, true, || self.is_still(name, Some(over)))
    }

    fn is_still(&self, name: &[u8], over: Option<&Held>) -> Result<(), Refusal> {
        match (self.read(name)?, over) {
            (None, None) => Ok(()),
            (Some((text, now)), Some(held)) if now.identity == held.identity && text.ct_eq(&held.text) => Ok(()),
            _ => Err(Refusal::Changed),
        }
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
        self.settled(None)
    }

    /// The names in it that are text, without those of the directories.
    ///
    /// # Errors
    /// What the system says.
    pub fn names(&self) -> Result<Vec<String>, Refusal> {
        let names =
            rustix::fs::Dir::read_from(&self.fd)?.map(|entry| Ok(entry?.file_name().to_str().ok().map(str::to_owned)));
        let names: Vec<Option<String>> = names.collect::<Result<_, Errno>>()?;
        Ok(names.into_iter().flatten().filter(|name| name != "." && name != "..").collect())
    }

    pub(super) fn stat(&self, name: &[u8]) -> Result<Option<rustix::fs::Stat>, Refusal> {
        match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Puts a file in place, if what is there is still what it should be.
    pub(super) fn put(
        &self,
        name: &[u8],
        bytes: &[u8],
        shape: &Shape,
        replaces: bool,
        still: impl FnOnce() -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let temporary = temporary::name(name);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = retry_on_intr(|| rustix::fs::openat(&self.fd, &temporary, flags, Mode::RUSR | Mode::WUSR))?;
        let placed = shape.fill(fd, bytes).and_then(|file| {
            still()?;
            self.is_the(&temporary, &file)?;
            self.place(&temporary, name, replaces)
        });
        match placed {
            // The file is there, whole: what fails from here on does not take it back.
            Ok(second_name) => self.settled(second_name),
            Err(why) => {
                // The error that matters is the first one; what cannot be removed now is swept later.
                let _ = rustix::fs::unlinkat(&self.fd, &temporary, AtFlags::empty());
                Err(why)
            }
        }
    }

    pub(super) fn own_stat(&self) -> Result<rustix::fs::Stat, Errno> {
        rustix::fs::fstat(&self.fd)
    }

    fn is_the(&self, temporary: &OsStr, file: &File) -> Result<(), Refusal> {
        let (made, named) = (rustix::fs::fstat(file)?, self.stat(temporary.as_encoded_bytes())?);
        match named {
            Some(named) if system::identity(&named) == system::identity(&made) => Ok(()),
            _ => Err(Refusal::Changed),
        }
    }

    /// Gives the temporary file its name. Where a link did that, the temporary name is still there.
    fn place<'a>(&self, from: &'a OsStr, to: &[u8], replaces: bool) -> Result<Option<&'a OsStr>, Refusal> {
        let placed = match replaces {
            true => rustix::fs::renameat(&self.fd, from, &self.fd, to).map(|()| None),
            false => match self.rename_if_free(from, to) {
                // Not every file system has that rename, nor every filter of system calls (which says so by PERM). A
                // link refuses an existing name just the same.
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::PERM) => {
                    rustix::fs::linkat(&self.fd, from, &self.fd, to, AtFlags::empty()).map(|()| Some(from))
                }
                other => other.map(|()| None),
            },
        };
        placed.map_err(|errno| match errno {
            Errno::EXIST => Refusal::Changed,
            Errno::BUSY => Refusal::MountPoint,
            Errno::ISDIR => Refusal::Directory,
            errno => errno.into(),
        })
    }

    fn settled(&self, second_name: Option<&OsStr>) -> Result<(), Refusal> {
        self.settle(second_name).map_err(|errno| Refusal::Unsettled(Cause::System(errno.raw_os_error())))
    }

    fn settle(&self, second_name: Option<&OsStr>) -> Result<(), Errno> {
        if let Some(temporary) = second_name {
            rustix::fs::unlinkat(&self.fd, temporary, AtFlags::empty())?;
        }
        match retry_on_intr(|| rustix::fs::fsync(&self.fd)) {
            // A file system that has nothing to sync there.
            Err(Errno::INVAL) => Ok(()),
            other => other,
        }
    }

    fn rename_if_free(&self, from: &OsStr, to: &[u8]) -> Result<(), Errno> {
        rustix::fs::renameat_with(&self.fd, from, &self.fd, to, rustix::fs::RenameFlags::NOREPLACE)
    }

    fn wait(&self) -> Result<(), Refusal> {
        let (times, pause) = PATIENCE;
        for _ in 0..times {
            match rustix::fs::flock(&self.fd, FlockOperation::NonBlockingLockExclusive) {
                Err(Errno::WOULDBLOCK) => std::thread::sleep(pause),
                Err(Errno::INTR) => {}
                Err(Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS) => return Err(Refusal::NoLocks),
                other => return Ok(other?),
            }
        }
        Err(Refusal::Locked)
    }
}

impl Shape {
    fn fill(&self, fd: OwnedFd, bytes: &[u8]) -> Result<File, Refusal> {
        if self.private {
            // Before the first byte, and whatever the umask was.
            rustix::fs::fchmod(&fd, Mode::RUSR | Mode::WUSR)?;
            let stat = rustix::fs::fstat(&fd)?;
            if stat.st_mode & 0o077 != 0 || !system::keeps_modes(fd.as_fd()) {
                return Err(Refusal::NoModes);
            }
        }
        let mut file = File::from(fd);
        file.write_all(bytes)?;
        if let Some(owner) = self.owner {
            self.give(&file, owner)?;
        }
        // After fchown, which clears bits.
        rustix::fs::fchmod(&file, system::mode(self.mode))?;
        retry_on_intr(|| rustix::fs::fsync(&file))?;
        Ok(file)
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

pub(super) fn identity(stat: &rustix::fs::Stat) -> Identity {
    #[allow(clippy::useless_conversion, clippy::unnecessary_cast, reason = "the widths differ between systems")]
    let times = ((stat.st_mtime, stat.st_mtime_nsec as i64), (stat.st_ctime, stat.st_ctime_nsec as i64));
    let (device, inode) = system::identity(stat);
    (device, inode, stat.st_size, times.0, times.1)
}

#[cfg(test)]
mod tests;
