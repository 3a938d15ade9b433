//! Files on Linux.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;

use rustix::fs::{Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;

use crate::files::beneath::{self, Links};

/// Whether this system's access lists are read.
pub const READS_ACCESS_LISTS: bool = true;

/// How a directory is opened that is only passed: with the permission to search it alone.
pub(in crate::files) const PASS: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// The permission bits of a file, `0o7777` at most.
#[must_use]
pub fn mode_of(stat: &Stat) -> u32 {
    stat.st_mode & 0o7777
}

/// A mode to give to a file.
#[must_use]
pub fn mode(bits: u32) -> Mode {
    Mode::from_bits_truncate(bits)
}

/// The device and the inode of a file: no other file of the host has both.
#[must_use]
pub fn identity(stat: &Stat) -> (u64, u64) {
    (stat.st_dev, stat.st_ino)
}

/// Opens what is below a root. The kernel does not leave the root even when a directory is replaced by a link meanwhile.
/// A kernel before 5.6, or a filter of system calls, has no such call.
pub(in crate::files) fn open_beneath(
    root: impl AsFd,
    path: &[u8],
    flags: OFlags,
    links: Links,
) -> Result<OwnedFd, Errno> {
    match by_the_kernel(&root, path, flags, links) {
        Err(Errno::NOSYS | Errno::PERM) => beneath::open(&root, path, flags, links),
        answer => answer,
    }
}

/// The state of what is below a root, also where it may not be read.
pub(in crate::files) fn stat_beneath(root: impl AsFd, path: &[u8], links: Links) -> Result<Stat, Errno> {
    match by_the_kernel(&root, path, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, links) {
        Err(Errno::NOSYS | Errno::PERM) => beneath::stat(&root, path, links),
        answer => rustix::fs::fstat(answer?),
    }
}

fn by_the_kernel(root: impl AsFd, path: &[u8], flags: OFlags, links: Links) -> Result<OwnedFd, Errno> {
    let (flags, resolve) = match links {
        Links::Refuse => (flags, ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS),
        Links::Follow => (flags.difference(OFlags::NOFOLLOW), ResolveFlags::BENEATH),
    };
    let path = if path.is_empty() { b"." } else { path };
    rustix::fs::openat2(root, path, flags, Mode::empty(), resolve)
}

/// Opens a directory to ask about it. A user who may not list a directory may still ask.
pub(in crate::files) fn open_directory(path: &Path) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty()).or_else(|_| rustix::fs::open(path, PASS, Mode::empty()))
}

/// Gives a directory of this user mode 0700, whatever the umask left of it: perhaps it may not even be opened. No link
/// is followed.
///
/// # Errors
/// The system's; `PERM` for a directory of another user.
pub fn make_private(dir: &Path) -> Result<(), Errno> {
    let fd = rustix::fs::open(dir, PASS | OFlags::NOFOLLOW, Mode::empty())?;
    let stat = rustix::fs::fstat(&fd)?;
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(Errno::PERM);
    }
    if mode_of(&stat) == 0o700 {
        return Ok(());
    }
    // A descriptor with O_PATH has no fchmod(2), and this way needs /proc.
    rustix::fs::chmod(format!("/proc/self/fd/{}", fd.as_raw_fd()), Mode::RWXU)
}

/// The access list of an open file in the kernel's form; `None` where it has none.
pub(in crate::files) fn access_list(fd: impl AsFd) -> Option<Vec<u8>> {
    with_room(|list| rustix::fs::fgetxattr(&fd, ACCESS_LIST, list))
}

/// The access list of what is at a path.
pub(in crate::files) fn access_list_at(path: &Path) -> Option<Vec<u8>> {
    with_room(|list| rustix::fs::getxattr(path, ACCESS_LIST, list))
}

/// Whether an open file has an access list.
pub(in crate::files) fn has_access_list(fd: impl AsFd) -> bool {
    let mut head = [0_u8; 4];
    // A list is longer than this, and then the kernel says so: there is one.
    match rustix::fs::fgetxattr(fd, ACCESS_LIST, &mut head) {
        Ok(size) => size > 0,
        Err(errno) => errno == Errno::RANGE,
    }
}

const ACCESS_LIST: &str = "system.posix_acl_access";

fn with_room(read: impl FnOnce(&mut [u8]) -> Result<usize, Errno>) -> Option<Vec<u8>> {
    // XATTR_SIZE_MAX of linux/limits.h.
    const MOST: usize = 64 << 10;
    let mut list = vec![0; MOST];
    let size = read(&mut list).ok()?;
    list.truncate(size);
    Some(list)
}

/// Whether the file system keeps modes. Those that invent them: vfat, exfat, 9p (WSL's drives), CIFS and SMB. Numbers:
/// linux/magic.h and the kernels' own sources.
pub(in crate::files) fn keeps_modes(fd: impl AsFd) -> bool {
    const INVENTS_MODES: [u32; 6] = [0x4d44, 0x2011_bab0, 0x0102_1997, 0xff53_4d42, 0xfe53_4d42, 0x517b];
    rustix::fs::fstatfs(fd).map_or(true, |fs| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the magic numbers are 32 bits")]
        let magic = fs.f_type as u32;
        !INVENTS_MODES.contains(&magic)
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, chown, symlink};

    use super::*;
    use crate::files::{Access, Directory, Listed, Root, Who};
    use crate::path::RelPath;

    /// One account may read and write, besides the owner.
    #[test]
    fn an_access_list_as_the_kernel_keeps_it() {
        let dir = tempfile::tempdir().unwrap();
        rustix::fs::chmod(dir.path(), Mode::RWXU).unwrap();
        let seen = || {
            let file = rustix::fs::open(dir.path(), OFlags::RDONLY, Mode::empty()).unwrap();
            let readers = Access::of(&file).unwrap().readers();
            (has_access_list(&file), readers, Directory::at(dir.path()).unwrap().listed)
        };
        assert_eq!(seen(), (false, Who::default(), Vec::new()));
        let entries = [(1, 7, u32::MAX), (2, 7, 4711), (4, 0, u32::MAX), (16, 7, u32::MAX), (32, 0, u32::MAX)];
        let entry = |(tag, permissions, id): (u16, u16, u32)| {
            [&tag.to_le_bytes()[..], &permissions.to_le_bytes(), &id.to_le_bytes()].concat()
        };
        let list = [2_u32.to_le_bytes().to_vec(), entries.into_iter().flat_map(entry).collect()].concat();
        let file = tempfile::NamedTempFile::new_in(dir.path()).unwrap();
        let name = RelPath::below(dir.path(), file.path()).unwrap();
        for path in [dir.path(), file.path()] {
            match rustix::fs::setxattr(path, ACCESS_LIST, &list, rustix::fs::XattrFlags::empty()) {
                // A file system without access lists.
                Err(Errno::NOTSUP) => return,
                set => set.unwrap(),
            }
        }
        let who = Who { users: vec![4711], ..Who::default() };
        assert_eq!(seen(), (true, who, vec![Listed::User(4711)]));
        let inspected = Root::open(dir.path()).unwrap().inspect(&name, false);
        assert_eq!(inspected.and_then(|seen| seen.stat).map(|stat| stat.acl), Some(true));
    }

    #[test]
    fn a_directory_of_this_user_is_made_private_and_no_link_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let mode = |name: &str| path(name).metadata().unwrap().mode() & 0o7777;
        for name in ["open", "closed", "other"] {
            std::fs::create_dir(path(name)).unwrap();
        }
        rustix::fs::chmod(path("open"), Mode::from_raw_mode(0o755)).unwrap();
        rustix::fs::chmod(path("closed"), Mode::empty()).unwrap();
        rustix::fs::chmod(path("other"), Mode::from_raw_mode(0o755)).unwrap();
        symlink("other", path("link")).unwrap();
        for name in ["open", "closed"] {
            make_private(&path(name)).unwrap();
            assert_eq!(mode(name), 0o700, "{name}");
        }
        assert!(make_private(&path("link")).is_err());
        if rustix::process::geteuid().is_root() {
            chown(path("other"), Some(4711), None).unwrap();
            assert_eq!(make_private(&path("other")), Err(Errno::PERM));
        }
        assert_eq!(mode("other"), 0o755);
        assert_eq!(Root::open(dir.path()).unwrap().mode(&RelPath::from("open")), Some(0o700));
    }
}
