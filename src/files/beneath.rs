//! Opening what is below a root and never above it, where the kernel does not do that: each part of a path is opened from
//! the directory before it, and a link is read and followed here. So nothing changes when somebody replaces a directory
//! by a link meanwhile.
//!
//! The answers are those of openat2(2) with `RESOLVE_BENEATH`: `XDEV` for a path that leads out of the root, also an
//! absolute link that leads back into it; `LOOP` for a link where none may be, and for too many.

use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::system::PASS;

/// What becomes of links on the way to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// A link anywhere is an error.
    Refuse,
    /// Links are followed as long as they stay below the root.
    Follow,
}

/// As many links as Linux follows (`MAXSYMLINKS`).
const MOST_LINKS: usize = 40;

/// Opens a file or directory.
///
/// # Errors
/// The system's, and those above.
pub(super) fn open(root: impl AsFd, path: &[u8], flags: OFlags, links: Links) -> Result<OwnedFd, Errno> {
    let last = |dir: BorrowedFd<'_>, name: &CStr| match is_link(dir, name) {
        true if links == Links::Refuse && flags.contains(OFlags::DIRECTORY) => Err(Errno::NOTDIR),
        true => Err(Errno::LOOP),
        false => rustix::fs::openat(dir, name, flags | OFlags::NOFOLLOW, Mode::empty()),
    };
    Way::new(root.as_fd(), path, links).walk(last)
}

/// The state of a file or directory.
///
/// # Errors
/// The system's, and those above.
pub(super) fn stat(root: impl AsFd, path: &[u8], links: Links) -> Result<Stat, Errno> {
    let last = |dir: BorrowedFd<'_>, name: &CStr| {
        let stat = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
        if FileType::from_raw_mode(stat.st_mode).is_symlink() { Err(Errno::LOOP) } else { Ok(stat) }
    };
    Way::new(root.as_fd(), path, links).walk(last)
}

/// A way from a root down to something.
struct Way<'a> {
    root: BorrowedFd<'a>,
    /// The directories that were entered, from the root's own entries on.
    entered: Vec<OwnedFd>,
    /// The parts that are still to go, the next one last.
    rest: Vec<CString>,
    links: Links,
    followed: usize,
}

impl<'a> Way<'a> {
    fn new(root: BorrowedFd<'a>, path: &[u8], links: Links) -> Self {
        Self { root, entered: Vec::new(), rest: parts(path), links, followed: 0 }
    }

    /// Goes to the end, and gives what is said of it there.
    fn walk<T>(mut self, last: impl Fn(BorrowedFd<'_>, &CStr) -> Result<T, Errno>) -> Result<T, Errno> {
        while let Some(part) = self.rest.pop() {
            match part.as_bytes() {
                b"." => {}
                b".." => drop(self.entered.pop().ok_or(Errno::XDEV)?),
                _ if !self.rest.is_empty() => self.enter(&part)?,
                _ => match last(self.here(), &part) {
                    Err(Errno::LOOP) => self.follow(&part)?,
                    answer => return answer,
                },
            }
        }
        last(self.here(), c".")
    }

    fn here(&self) -> BorrowedFd<'_> {
        self.entered.last().map_or(self.root, AsFd::as_fd)
    }

    fn enter(&mut self, part: &CStr) -> Result<(), Errno> {
        if is_link(self.here(), part) {
            return self.follow(part);
        }
        let dir = rustix::fs::openat(self.here(), part, PASS | OFlags::NOFOLLOW, Mode::empty())?;
        self.entered.push(dir);
        Ok(())
    }

    /// Puts the parts of a link's target before those that are still to go.
    fn follow(&mut self, link: &CStr) -> Result<(), Errno> {
        self.followed += 1;
        if self.links == Links::Refuse || self.followed > MOST_LINKS {
            return Err(Errno::LOOP);
        }
        let target = rustix::fs::readlinkat(self.here(), link, Vec::new())?;
        if target.as_bytes().starts_with(b"/") {
            return Err(Errno::XDEV);
        }
        self.rest.extend(parts(target.as_bytes()));
        Ok(())
    }
}

/// A name that is replaced by a link right after this is not followed either: every open has `NOFOLLOW`.
fn is_link(dir: BorrowedFd<'_>, name: &CStr) -> bool {
    let stat = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW);
    stat.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode).is_symlink())
}

/// The parts of a path, the first one last. A name with a NUL byte becomes the empty name, which no file has.
fn parts(path: &[u8]) -> Vec<CString> {
    let named = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty());
    // What ends with a slash is a directory.
    let directory = path.ends_with(b"/").then_some(&b"."[..]);
    directory.into_iter().chain(named.rev()).map(|part| CString::new(part).unwrap_or_default()).collect()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use proptest::prelude::*;
    use rustix::fs::ResolveFlags;

    use super::*;

    const READ: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

    /// A root with files, directories, and links of every kind; beside it what no path may reach.
    #[expect(clippy::disallowed_methods, reason = "empty files of a test")]
    fn tree(dir: &Path) {
        let root = dir.join("root");
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::create_dir_all(dir.join("outside")).unwrap();
        for file in ["root/file", "root/a/file", "root/a/b/file", "outside/file"] {
            std::fs::File::create(dir.join(file)).unwrap();
        }
        let absolute = root.join("a").into_os_string().into_string().unwrap();
        let links = [
            ("in", "a/b"),
            ("a/up", "../a/file"),
            ("a/b/out", "../../../outside"),
            ("a/b/back", "../../../root/file"),
            ("absolute", absolute.as_str()),
            ("nowhere", "a/none"),
            ("circle", "a/circle"),
            ("a/circle", "../circle"),
            ("dot", "."),
            ("a/chain", "../dot/in/file"),
            ("a/slash", "../file/"),
        ];
        for (link, target) in links {
            symlink(target, root.join(link)).unwrap();
        }
    }

    /// What the kernel says, as the identity of the file that is opened.
    fn kernel(root: &OwnedFd, path: &[u8], flags: OFlags, links: Links) -> Result<(u64, u64), Errno> {
        let (flags, resolve) = match links {
            Links::Refuse => (flags | OFlags::NOFOLLOW, ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS),
            Links::Follow => (flags, ResolveFlags::BENEATH),
        };
        let fd = rustix::fs::openat2(root, path, flags, Mode::empty(), resolve)?;
        rustix::fs::fstat(fd).map(|stat| (stat.st_dev, stat.st_ino))
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an empty file of a test")]
    fn as_many_links_as_the_kernel_follows() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::File::create(dir.path().join("0")).unwrap();
        for link in 1..=MOST_LINKS + 1 {
            symlink((link - 1).to_string(), dir.path().join(link.to_string())).unwrap();
        }
        let root = rustix::fs::open(dir.path(), OFlags::DIRECTORY | OFlags::RDONLY, Mode::empty()).unwrap();
        for (links, is_open) in [(MOST_LINKS, true), (MOST_LINKS + 1, false)] {
            let path = links.to_string();
            let opened = open(&root, path.as_bytes(), READ, Links::Follow).map(|_| ());
            let by_kernel = kernel(&root, path.as_bytes(), READ, Links::Follow).map(|_| ());
            assert_eq!((opened, opened.is_ok()), (by_kernel, is_open), "{links}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn the_answers_of_the_kernel(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "a", "b", "file", "in", "up", "out", "back", "absolute", "nowhere", "circle", "dot", "chain", "slash", "..",
                    ".", "", "none", "outside",
                ]),
                1..7,
            ),
            follows: bool,
            wants_directory: bool,
        ) {
            let dir = tempfile::tempdir().unwrap();
            tree(dir.path());
            let root = rustix::fs::open(dir.path().join("root"), OFlags::DIRECTORY | OFlags::RDONLY, Mode::empty()).unwrap();
            let path = parts.join("/");
            // A path that begins with a slash is asked for nowhere.
            prop_assume!(!path.is_empty() && !path.starts_with('/'));
            let links = if follows { Links::Follow } else { Links::Refuse };
            let flags = if wants_directory { READ | OFlags::DIRECTORY } else { READ };
            let identity = |stat: Stat| (stat.st_dev, stat.st_ino);
            let opened = open(&root, path.as_bytes(), flags, links).and_then(|fd| rustix::fs::fstat(fd).map(identity));
            prop_assert_eq!(opened, kernel(&root, path.as_bytes(), flags, links), "{}", path);
            let stated = stat(&root, path.as_bytes(), links).map(identity);
            prop_assert_eq!(stated, kernel(&root, path.as_bytes(), READ, links), "{}", path);
        }
    }
}
