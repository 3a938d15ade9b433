//! Looking at a file: open first, then ask the descriptor, so that what is judged is what was opened.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use zeroize::Zeroize;

use super::beneath::Links;
use super::system::{self, mode_of};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

/// The largest env file that is read, in bytes. Docker's own limit for one variable is 128 KiB (`MAX_ARG_STRLEN`), and
/// FACTS of the field know values of 70 kB: 4 MiB is far above what any reader needs and far below what hurts.
pub const READ_LIMIT: u64 = 4 << 20;

/// What a descriptor says about its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// The permission bits, `0o7777` at most.
    pub mode: u32,
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// How many names it has.
    pub links: u64,
    /// When its content was last changed, in seconds since 1970.
    pub written: i64,
    /// Whether a POSIX access ACL is on it, in force or masked.
    pub acl: bool,
}

/// Where a symbolic link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// To a file below the root: that file was judged.
    Inside,
    /// Out of the root: named, not opened.
    Outside,
    /// Nowhere.
    Dangling,
}

/// What was seen of one file.
#[derive(Debug)]
pub struct Inspected {
    /// What the descriptor says; `None` where the file was not opened (a link that leads out, or nowhere).
    pub stat: Option<Stat>,
    /// Set for a symbolic link.
    pub link: Option<Link>,
    /// The content; `None` where it was not read, and then a problem says why.
    pub text: Option<Secret>,
    /// What could not be examined.
    pub problems: Vec<Problem>,
}

/// A root below which files are opened, and never above.
#[derive(Debug)]
pub struct Root {
    path: PathBuf,
    fd: OwnedFd,
}

const READ: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

impl Root {
    /// Opens a directory as a root.
    ///
    /// # Errors
    /// The system's.
    pub fn open(path: &Path) -> io::Result<Self> {
        let fd = rustix::fs::open(path, OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self { path: path.to_path_buf(), fd })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens and judges one file; `None` for a directory (a virtual environment may be called `.env`).
    #[must_use]
    pub fn inspect(&self, path: &RelPath, wants_text: bool) -> Option<Inspected> {
        let mut seen = Inspected { stat: None, link: None, text: None, problems: Vec::new() };
        let opened = match self.open_below(path, READ, Links::Refuse) {
            Err(Errno::LOOP) => {
                let (link, opened) = self.follow(path);
                seen.link = Some(link);
                opened?
            }
            other => other.map(Some),
        };
        match opened {
            Ok(Some(fd)) => self.judge(path, fd, wants_text, &mut seen)?,
            Ok(None) => {}
            Err(Errno::ACCESS | Errno::PERM) => self.judge_unreadable(path, &mut seen)?,
            // A socket.
            Err(Errno::NXIO) => seen.problems.push(Problem::at(ProblemKind::NotAFile, path.clone())),
            Err(errno) => seen.problems.push(Problem::io(path.clone(), &errno.into())),
        }
        Some(seen)
    }

    /// Reads a file that is not an env file (`.dockerignore`, `envward.toml`): `None` where there is none.
    ///
    /// # Errors
    /// Not readable, not a regular file, or too large.
    pub fn read(&self, path: &RelPath) -> Result<Option<Vec<u8>>, Problem> {
        let fd = match self.open_below(path, READ, Links::Follow) {
            Ok(fd) => fd,
            Err(Errno::NOENT | Errno::NOTDIR) => return Ok(None),
            Err(errno) => return Err(Problem::io(path.clone(), &errno.into())),
        };
        let stat = rustix::fs::fstat(&fd).map_err(|errno| Problem::io(path.clone(), &errno.into()))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => read_whole(fd, size(&stat), path).map(Some),
            FileType::Directory => Ok(None),
            _ => Err(Problem::at(ProblemKind::NotAFile, path.clone())),
        }
    }

    /// Reads a file of at most `limit` bytes that may hold a secret; `None` where there is none, or no file, or where the
    /// way to it leads over a link.
    ///
    /// # Errors
    /// Not readable, or too large.
    pub fn read_secret(&self, path: &RelPath, limit: u64) -> Result<Option<Secret>, Problem> {
        let fd = match self.open_below(path, READ, Links::Refuse) {
            Ok(fd) => fd,
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NXIO) => return Ok(None),
            Err(errno) => return Err(Problem::io(path.clone(), &errno.into())),
        };
        let stat = rustix::fs::fstat(&fd).map_err(|errno| Problem::io(path.clone(), &errno.into()))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => read_within(fd, size(&stat), limit, path).map(|text| Some(Secret::new(text))),
            _ => Ok(None),
        }
    }

    /// A descriptor of a regular file, for a change by descriptor.
    ///
    /// # Errors
    /// The system's; `InvalidInput` for what is no regular file.
    pub fn open_regular(&self, path: &RelPath) -> io::Result<OwnedFd> {
        let fd = self.open_below(path, READ, Links::Refuse)?;
        match FileType::from_raw_mode(rustix::fs::fstat(&fd)?.st_mode) {
            FileType::RegularFile => Ok(fd),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// A directory below the root, or the root itself. No link is followed.
    ///
    /// # Errors
    /// The system's.
    pub fn open_directory(&self, dir: &RelPath) -> Result<OwnedFd, Errno> {
        let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        self.open_below(dir, flags, Links::Refuse)
    }

    /// The permission bits of a file or directory, where they can be had.
    #[must_use]
    pub fn mode(&self, path: &RelPath) -> Option<u32> {
        system::stat_beneath(&self.fd, path.as_bytes(), Links::Follow).ok().map(|stat| mode_of(&stat))
    }

    /// Who owns the root.
    #[must_use]
    pub fn owner(&self) -> Option<u32> {
        rustix::fs::fstat(&self.fd).ok().map(|stat| stat.st_uid)
    }

    fn open_below(&self, path: &RelPath, flags: OFlags, links: Links) -> Result<OwnedFd, Errno> {
        system::open_beneath(&self.fd, path.as_bytes(), flags, links)
    }

    fn follow(&self, path: &RelPath) -> (Link, Option<Result<Option<OwnedFd>, Errno>>) {
        match self.open_below(path, READ, Links::Follow) {
            Ok(fd) => (Link::Inside, Some(Ok(Some(fd)))),
            Err(Errno::XDEV) => {
                let target = rustix::fs::statat(&self.fd, path.as_bytes(), AtFlags::empty());
                let is_dir = target.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Directory);
                (Link::Outside, if is_dir { None } else { Some(Ok(None)) })
            }
            Err(Errno::NOENT | Errno::LOOP) => (Link::Dangling, Some(Ok(None))),
            Err(errno) => (Link::Inside, Some(Err(errno))),
        }
    }

    fn judge(&self, path: &RelPath, fd: OwnedFd, wants_text: bool, seen: &mut Inspected) -> Option<()> {
        let stat = match rustix::fs::fstat(&fd) {
            Ok(stat) => stat,
            Err(errno) => {
                seen.problems.push(Problem::io(path.clone(), &errno.into()));
                return Some(());
            }
        };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => return None,
            FileType::RegularFile => {}
            _ => {
                seen.problems.push(Problem::at(ProblemKind::NotAFile, path.clone()));
                return Some(());
            }
        }
        seen.stat = Some(Stat { acl: system::has_access_list(&fd), ..from_raw(&stat) });
        if !system::keeps_modes(&fd) {
            seen.problems.push(Problem::at(ProblemKind::ModesMeaningless, path.clone()));
        }
        if wants_text {
            match read_whole(fd, size(&stat), path) {
                Ok(text) => seen.text = Some(Secret::new(text)),
                Err(problem) => seen.problems.push(problem),
            }
        }
        Some(())
    }

    /// Where reading is refused, the mode can still be judged; the content is a problem.
    fn judge_unreadable(&self, path: &RelPath, seen: &mut Inspected) -> Option<()> {
        if let Ok(stat) = system::stat_beneath(&self.fd, path.as_bytes(), Links::Refuse) {
            if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
                return None;
            }
            seen.stat = Some(from_raw(&stat));
        }
        seen.problems.push(Problem::io(path.clone(), &io::Error::from(Errno::ACCESS)));
        Some(())
    }
}

#[allow(clippy::useless_conversion, reason = "the widths of these fields differ between systems")]
fn from_raw(stat: &rustix::fs::Stat) -> Stat {
    Stat {
        mode: mode_of(stat),
        uid: stat.st_uid,
        gid: stat.st_gid,
        links: u64::from(stat.st_nlink),
        written: i64::from(stat.st_mtime),
        acl: false,
    }
}

pub(super) fn size(stat: &rustix::fs::Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or(0)
}

/// Reads a whole file into one buffer sized beforehand: a `Vec` that grows leaves copies of a secret behind.
pub(super) fn read_whole(fd: OwnedFd, size: u64, path: &RelPath) -> Result<Vec<u8>, Problem> {
    read_within(fd, size, READ_LIMIT, path)
}

fn read_within(fd: OwnedFd, size: u64, limit: u64, path: &RelPath) -> Result<Vec<u8>, Problem> {
    if size > limit {
        return Err(Problem::at(ProblemKind::TooLarge, path.clone()));
    }
    let room = usize::try_from(size).unwrap_or(0).saturating_add(1);
    let mut buffer = vec![0; room];
    let mut file = File::from(fd);
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => {
                buffer.truncate(filled);
                return Ok(buffer);
            }
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                buffer.zeroize();
                return Err(Problem::io(path.clone(), &error));
            }
        }
    }
    // It grew while it was read: what is in the buffer is no state the file ever promised.
    buffer.zeroize();
    Err(Problem::at(ProblemKind::VanishedFile, path.clone()))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "somebody else's editor, and a made-up value")]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, symlink};

    use super::*;

    /// A root with a file of five bytes and everything else that may have its name; beside it what is outside.
    fn root(dir: &Path) -> Root {
        let root = dir.join("root");
        std::fs::create_dir_all(root.join("directory")).unwrap();
        std::fs::create_dir(dir.join("outside")).unwrap();
        for file in ["root/file", "root/directory/below", "outside/file"] {
            std::fs::write(dir.join(file), "A=one").unwrap();
            rustix::fs::chmod(dir.join(file), system::mode(0o640)).unwrap();
        }
        nix::unistd::mkfifo(&root.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        for (link, target) in [
            ("in", "file"),
            ("over", "directory"),
            ("out", "../outside/file"),
            ("away", "../outside"),
            ("nowhere", "none"),
        ] {
            symlink(target, root.join(link)).unwrap();
        }
        Root::open(&root).unwrap()
    }

    #[test]
    fn a_file_a_directory_and_what_is_neither() {
        let dir = tempfile::tempdir().unwrap();
        let root = root(dir.path());
        let read = |path: &str| root.read(&RelPath::from(path)).map_err(|problem| problem.kind);
        let secret = |path: &str, limit| {
            let read = root.read_secret(&RelPath::from(path), limit).map_err(|problem| problem.kind);
            read.map(|text| text.map(|text| text.expose().to_vec()))
        };
        for path in ["file", "in", "over/below"] {
            assert_eq!(read(path), Ok(Some(b"A=one".to_vec())), "{path}");
        }
        for path in ["none", "directory", "file/below", "nowhere"] {
            assert_eq!((read(path), secret(path, 5)), (Ok(None), Ok(None)), "{path}");
        }
        assert_eq!((read("pipe"), secret("pipe", 5)), (Err(ProblemKind::NotAFile), Ok(None)));
        assert_eq!(secret("file", 5), Ok(Some(b"A=one".to_vec())));
        assert_eq!(secret("file", 4), Err(ProblemKind::TooLarge));
        for link in ["in", "out", "over/below"] {
            assert_eq!(secret(link, 5), Ok(None), "{link}");
        }
        assert!(secret("../outside/file", 5).is_err() && read("../outside/file").is_err() && read("out").is_err());
        assert!(root.open_regular(&RelPath::from("file")).is_ok());
        for path in ["directory", "pipe", "in", "none"] {
            assert!(root.open_regular(&RelPath::from(path)).is_err(), "{path}");
        }
        assert!(root.open_directory(&RelPath::from("directory")).is_ok());
        for path in ["over", "away", "file"] {
            assert!(root.open_directory(&RelPath::from(path)).is_err(), "{path}");
        }
        assert!(Root::open(&root.path().join("file")).is_err());
        assert_eq!((root.mode(&RelPath::from("file")), root.mode(&RelPath::from("out"))), (Some(0o640), None));
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(root.path(), Some(4711), None).unwrap();
        }
        assert_eq!(root.owner(), Some(root.path().metadata().unwrap().uid()));
    }

    #[test]
    fn an_env_file_and_where_a_link_in_its_place_leads() {
        let dir = tempfile::tempdir().unwrap();
        let root = root(dir.path());
        let seen = |path: &str| {
            let seen = root.inspect(&RelPath::from(path), true)?;
            let text = seen.text.is_some_and(|text| text.expose() == b"A=one");
            Some((seen.link, seen.stat.map(|stat| stat.mode), text, seen.problems.len()))
        };
        assert_eq!(seen("file"), Some((None, Some(0o640), true, 0)));
        assert_eq!(seen("in"), Some((Some(Link::Inside), Some(0o640), true, 0)));
        assert_eq!(seen("out"), Some((Some(Link::Outside), None, false, 0)));
        assert_eq!(seen("nowhere"), Some((Some(Link::Dangling), None, false, 0)));
        assert_eq!(seen("pipe"), Some((None, None, false, 1)));
        // A virtual environment, here or elsewhere.
        assert_eq!((seen("directory"), seen("away")), (None, None));
        assert!(root.inspect(&RelPath::from("file"), false).unwrap().text.is_none());
    }
}
