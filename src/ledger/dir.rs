//! The state directory: where it is, and that nobody else looks into it.

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rand::TryRng;
use rand::rngs::SysRng;
use rustix::fs::{Access, AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::fault::Fault;
use crate::files::{self, PrivateDir, Refusal, Root};
use crate::ledger::fingerprint::{FingerprintKey, KEY_SIZE};
use crate::path::RelPath;
use crate::secret::Secret;

/// The ledger's file name.
pub(super) const LEDGER: &str = "ledger.sqlite";
/// The key's file name.
const KEY: &str = "fingerprint.key";

/// Where the state is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatePlace {
    /// The directory; absolute.
    pub dir: PathBuf,
    /// The home directory (`/` for root) whose usual place this is; `None` where `ENVWARD_STATE_DIR` names it.
    pub home: Option<PathBuf>,
}

impl StatePlace {
    /// Whether it lies inside a project whose root is `root`. A home directory may be a project, too: the usual place
    /// of its owner's state is below it, and is fine.
    #[must_use]
    pub fn is_inside(&self, root: &Path) -> bool {
        let is_home = self.home.as_ref().is_some_and(|home| existing(home).starts_with(root));
        existing(&self.dir).starts_with(root) && !is_home
    }
}

/// A path with its links resolved, as far as it exists.
fn existing(path: &Path) -> PathBuf {
    let found = path.ancestors().find_map(|up| Some((up.canonicalize().ok()?, path.strip_prefix(up).ok()?)));
    found.map_or_else(|| path.to_path_buf(), |(real, rest)| real.join(rest))
}

fn fault(error: &std::io::Error) -> Fault {
    error.raw_os_error().map_or(Fault::Refused, |code| Errno::from_raw_os_error(code).into())
}

/// The open state directory: it is the caller's own, and nobody else may enter.
#[derive(Debug)]
pub struct StateDir {
    path: PathBuf,
    fd: OwnedFd,
}

impl StateDir {
    /// Opens it; `None` where there is none.
    ///
    /// # Errors
    /// It is not the caller's own, or open to others.
    pub fn open(dir: &Path) -> Result<Option<Self>, Fault> {
        let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
        let path = match dir.canonicalize() {
            Ok(path) => path,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fault(&error)),
        };
        let fd = rustix::fs::open(&path, flags | OFlags::NOFOLLOW, Mode::empty())?;
        private(&rustix::fs::fstat(&fd)?)?;
        Ok(Some(Self { path, fd }))
    }

    /// Makes it where there is none: 0700, also what is missing above it.
    ///
    /// # Errors
    /// As [`StateDir::open`], and where it cannot be made.
    pub fn make(dir: &Path) -> Result<Self, Fault> {
        if let Some(open) = Self::open(dir)? {
            return Ok(open);
        }
        use std::os::unix::fs::DirBuilderExt;
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
        made.map_err(|error| fault(&error))?;
        // Whatever the umask took away: of this very directory, which may not even be opened without it.
        files::make_private(dir).map_err(|errno| match errno {
            Errno::PERM => Fault::ForeignOwner,
            errno => errno.into(),
        })?;
        Self::open(dir)?.ok_or(Fault::Refused)
    }

    /// Whether something can be written there: into the directory, or where it would be made.
    ///
    /// # Errors
    /// The user may not, the file system takes no writes, or it is full.
    pub fn takes_writes(dir: &Path) -> Result<(), Fault> {
        let place = dir.ancestors().find(|up| up.symlink_metadata().is_ok()).unwrap_or(dir);
        // A file in the place of a directory is refused as well.
        let fd = rustix::fs::open(place, OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        rustix::fs::accessat(&fd, ".", Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)?;
        let space = rustix::fs::fstatvfs(&fd)?;
        // A file system that keeps nothing has no blocks at all.
        if space.f_blocks > 0 && space.f_bavail == 0 { Err(Fault::Full) } else { Ok(()) }
    }

    /// Where it is, without a link in the path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a file of it is there, and private.
    ///
    /// # Errors
    /// It is there and open to others, somebody else's, or no file.
    pub(super) fn has(&self, name: &str) -> Result<bool, Fault> {
        let stat = match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => return Ok(false),
            Err(errno) => return Err(errno.into()),
        };
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile || stat.st_nlink != 1 {
            return Err(Fault::NotAFile);
        }
        private(&stat).map(|()| true)
    }

    /// An empty file, 0600 from the start; anyone who comes second finds it there.
    pub(super) fn reserve(&self, name: &str) -> Result<(), Fault> {
        match self.create(name) {
            Ok(_) => Ok(rustix::fs::fsync(&self.fd)?),
            Err(Errno::EXIST) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// The key under which fingerprints are made; `None` where there is none (any more).
    ///
    /// # Errors
    /// A file that is no key, or that cannot be read.
    pub fn key(&self) -> Result<Option<FingerprintKey>, Fault> {
        Ok(self.master(KEY)?.map(|master| FingerprintKey::new(&master)))
    }

    /// The bytes of a key file; `None` where there is none.
    pub(super) fn master(&self, name: &str) -> Result<Option<Zeroizing<[u8; KEY_SIZE]>>, Fault> {
        if !self.has(name)? {
            return Ok(None);
        }
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&self.fd, name, flags, Mode::empty())?;
        let mut bytes = Zeroizing::new([0; KEY_SIZE + 1]);
        let count = rustix::io::read(&fd, bytes.as_mut_slice())?;
        let master: Option<&[u8; KEY_SIZE]> = bytes.get(..count).and_then(|bytes| bytes.try_into().ok());
        master.map(|master| Some(Zeroizing::new(*master))).ok_or(Fault::BadKey)
    }

    /// The key, made now where there is none: whole or not at all, and of two processes that make one the second takes
    /// the first's.
    ///
    /// # Errors
    /// As [`StateDir::key`], and where it cannot be made.
    pub fn key_or_new(&self) -> Result<FingerprintKey, Fault> {
        let master = self.master_or_new(KEY)?;
        Ok(FingerprintKey::new(&master))
    }

    /// The bytes of a key file, made now where there is none.
    pub(super) fn master_or_new(&self, name: &str) -> Result<Zeroizing<[u8; KEY_SIZE]>, Fault> {
        if let Some(key) = self.master(name)? {
            return Ok(key);
        }
        let mut master = Zeroizing::new([0; KEY_SIZE]);
        SysRng.try_fill_bytes(master.as_mut_slice()).map_err(|_| Fault::Refused)?;
        let root = Root::open(&self.path).map_err(|_| Fault::Refused)?;
        let dir = PrivateDir::lock(&root, &RelPath::default())?;
        match dir.write(name.as_bytes(), &Secret::copy_of(master.as_slice()), None, None) {
            // Somebody was faster.
            Ok(()) | Err(Refusal::Changed) => {}
            Err(refusal) => return Err(refusal.into()),
        }
        self.master(name)?.ok_or(Fault::Refused)
    }

    fn create(&self, name: &str) -> Result<OwnedFd, Errno> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&self.fd, name, flags, Mode::RUSR | Mode::WUSR)?;
        rustix::fs::fchmod(&fd, Mode::RUSR | Mode::WUSR)?;
        Ok(fd)
    }
}

/// The caller's own, and closed to everybody else.
fn private(stat: &rustix::fs::Stat) -> Result<(), Fault> {
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(Fault::ForeignOwner);
    }
    match files::mode_of(stat) {
        mode if mode & 0o077 != 0 => Err(Fault::Loose(mode)),
        _ => Ok(()),
    }
}
