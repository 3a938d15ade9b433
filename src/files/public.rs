//! Files that others may read, and modes: written as private files are, but for the mode.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{FileType, Stat};

use super::inspect::Root;
use super::refusal::Refusal;
use super::system::{self, mode_of};
use super::write::{Owner, PrivateDir, Shape, identity};
use crate::path::RelPath;

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
    rustix::fs::fchmod(&fd, system::mode(mode))?;
    Ok(())
}

/// Writes a file that others may read, so that nobody ever sees half of it. Mode and owner of an existing file are kept;
/// a new one gets mode 0644.
///
/// # Errors
/// The system's. A symbolic link at `path` is refused.
pub fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_to(path, bytes, None)
}

/// Writes a program (a hook) that everyone may run: mode 0755, otherwise as [`write_public`].
///
/// # Errors
/// As [`write_public`].
pub fn write_program(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_to(path, bytes, Some(0o755))
}

/// Changes a file that others may read (an ignore file): `change` is given its content, or nothing where there is none,
/// and gives the new one, or `None` to leave it. That is read under the lock, so that of two runs at once none loses the
/// other's line, and the second sees it. A new one is given to `owner`; where that says nothing, root gives it to the
/// owner of its directory, who could not change it otherwise.
///
/// # Errors
/// As [`write_public`]; `ResourceBusy` where somebody else wrote it meanwhile; `InvalidInput` for what is no regular
/// file, or too large.
pub fn change_public(
    root: &Root,
    path: &RelPath,
    owner: Option<Owner>,
    change: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>,
) -> io::Result<()> {
    let dir = PrivateDir::lock(root, &path.parent())?;
    let before = dir.stat(path.file_name())?;
    let old = root.read(path).map_err(|problem| match problem.cause {
        Some(cause) => io::Error::from_raw_os_error(cause.errno()),
        None => io::ErrorKind::InvalidInput.into(),
    })?;
    match change(old.unwrap_or_default()) {
        Some(new) => {
            let owner = if before.is_some() { None } else { owner.or(dir.owner_of_new()?) };
            Ok(dir.write_open(path.file_name(), &new, (None, owner), before.as_ref())?)
        }
        None => Ok(()),
    }
}

fn write_to(path: &Path, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    let (Some(dir), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let locked = PrivateDir::lock(&Root::open(dir)?, &RelPath::default())?;
    let before = locked.stat(name.as_bytes())?;
    Ok(locked.write_open(name.as_bytes(), bytes, (mode, None), before.as_ref())?)
}

impl PrivateDir {
    /// Whom root gives a new file to; `None` for anybody else, who can give away nothing.
    fn owner_of_new(&self) -> io::Result<Option<Owner>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let directory = self.own_stat()?;
        Ok(Some(Owner { uid: directory.st_uid, gid: directory.st_gid }))
    }

    /// With the mode and the owner given, else those that it had.
    fn write_open(
        &self,
        name: &[u8],
        bytes: &[u8],
        (mode, owner): (Option<u32>, Option<Owner>),
        before: Option<&Stat>,
    ) -> Result<(), Refusal> {
        if before.is_some_and(|before| FileType::from_raw_mode(before.st_mode).is_symlink()) {
            return Err(Refusal::Link);
        }
        let root = rustix::process::geteuid().is_root();
        let kept = before.filter(|_| root).map(|before| Owner { uid: before.st_uid, gid: before.st_gid });
        let mode = mode.or(before.map(|before| mode_of(before) & 0o777)).unwrap_or(0o644);
        let still = || match self.stat(name)?.as_ref().map(identity) == before.map(identity) {
            true => Ok(()),
            false => Err(Refusal::Changed),
        };
        self.put(name, bytes, &Shape { mode, owner: owner.or(kept), private: false }, before.is_some(), still)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "somebody else's editor")]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, symlink};
    use std::path::PathBuf;

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().mode() & 0o7777
    }

    /// A directory with a file of mode 0640.
    fn directory() -> (tempfile::TempDir, PathBuf, Root) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "one\n").unwrap();
        rustix::fs::chmod(&file, system::mode(0o640)).unwrap();
        let root = Root::open(dir.path()).unwrap();
        (dir, file, root)
    }

    #[test]
    fn the_mode_is_kept_and_that_of_a_new_file_is_for_everyone() {
        let (dir, file, _) = directory();
        write_public(&file, b"two\n").unwrap();
        assert_eq!((std::fs::read(&file).unwrap(), mode(&file)), (b"two\n".to_vec(), 0o640));
        write_program(&file, b"three\n").unwrap();
        assert_eq!((std::fs::read(&file).unwrap(), mode(&file)), (b"three\n".to_vec(), 0o755));
        write_public(&dir.path().join("new"), b"").unwrap();
        assert_eq!(mode(&dir.path().join("new")), 0o644);
        symlink("file", dir.path().join("link")).unwrap();
        let refused = write_public(&dir.path().join("link"), b"four\n").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&file).unwrap(), b"three\n");
    }

    #[test]
    fn a_change_is_made_of_what_is_there() {
        let (_dir, file, root) = directory();
        let add = |old: Vec<u8>| Some([old, b"two\n".to_vec()].concat());
        change_public(&root, &RelPath::from("file"), None, add).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"one\ntwo\n");
        change_public(&root, &RelPath::from("new"), None, add).unwrap();
        assert_eq!(root.read(&RelPath::from("new")).unwrap().unwrap(), b"two\n");
        change_public(&root, &RelPath::from("none"), None, |_| None).unwrap();
        assert_eq!(root.read(&RelPath::from("none")), Ok(None));
    }

    /// The owner of the directory could not change it otherwise.
    #[test]
    fn root_gives_a_new_file_to_the_owner_of_the_directory() {
        let (dir, file, root) = directory();
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(dir.path(), Some(4711), Some(4712)).unwrap();
        }
        change_public(&root, &RelPath::from("new"), None, |_| Some(Vec::new())).unwrap();
        change_public(&root, &RelPath::from("file"), None, |_| Some(Vec::new())).unwrap();
        let owner = |path: &Path| path.metadata().map(|found| (found.uid(), found.gid())).unwrap();
        assert_eq!(owner(&dir.path().join("new")), owner(dir.path()));
        assert_eq!(owner(&file).0, rustix::process::geteuid().as_raw());
    }

    #[test]
    fn what_changed_in_the_meantime_is_not_replaced() {
        let (dir, file, root) = directory();
        let changed = change_public(&root, &RelPath::from("file"), None, |_| {
            std::fs::write(&file, "theirs\n").unwrap();
            Some(Vec::new())
        });
        assert_eq!(Refusal::of(&changed.unwrap_err()), Refusal::Changed);
        assert_eq!(std::fs::read(dir.path().join("file")).unwrap(), b"theirs\n");
    }

    /// A second name, or another owner: root would change a file that somebody else linked here.
    #[test]
    fn only_the_mode_of_the_file_that_was_judged_is_set() {
        let (dir, file, root) = directory();
        let (path, own) = (RelPath::from("file"), file.metadata().unwrap().uid());
        let denied = |owner| set_mode(&root, &path, 0o600, owner).err().map(|error| error.kind());
        assert_eq!(denied(own + 1), Some(io::ErrorKind::PermissionDenied));
        std::fs::hard_link(&file, dir.path().join("second")).unwrap();
        assert_eq!(denied(own), Some(io::ErrorKind::PermissionDenied));
        assert_eq!(mode(&file), 0o640);
        std::fs::remove_file(dir.path().join("second")).unwrap();
        assert_eq!((denied(own), mode(&file)), (None, 0o600));
    }
}
