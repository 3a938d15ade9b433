//! The walk: place after place, directory by directory, in two threads and more; no link is followed, nothing but a
//! regular file is opened.

use std::collections::{BTreeMap, BTreeSet};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::file;
use super::mounts::{Mount, Mounts};
use super::places::{Kinds, Place};
use super::reach::Judge;
use super::searcher::{Searcher, names};
use super::sighting::{Part, Sighting, Trouble};
use super::tally::{Found, Tally};
use super::watch::Watch;
use super::{process, stream};
use crate::files::{self, Access, Root};
use crate::guard::guarded;
use crate::leak::Values;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::secret::search::Needles;
use crate::threads;

/// What is to be searched, and for what.
pub struct Asked<'a> {
    /// The values.
    pub values: &'a Values,
    /// Files and folders.
    pub places: Vec<Place>,
    /// The project root: paths below it are shown from there on.
    pub project: Option<PathBuf>,
    /// The home directories of the host.
    pub homes: BTreeSet<PathBuf>,
    /// The files that have the values rightly, as device and inode.
    pub exempt: BTreeSet<(u64, u64)>,
    /// Whether a mount point ends the walk.
    pub one_file_system: bool,
    /// Whether processes are searched.
    pub processes: bool,
    /// Whether standard input is searched.
    pub stream: bool,
    /// Judges who can read a place.
    pub judge: Judge,
}

/// Searches everything.
#[must_use]
pub fn search(asked: &Asked<'_>, watch: &Watch) -> Found {
    let Some(needles) = asked.values.sought() else { return Found::default() };
    let walk = Walk::new(asked, needles, Mounts::read());
    let workers = threads::spread(
        threads::count().min(THREADS),
        Item::Start,
        || Worker::new(&walk, watch),
        |worker, item, more| {
            if !watch.is_stopped() {
                worker.item(item, more);
            }
        },
    );
    let mut all = Tally::default();
    let mut first = Worker::new(&walk, watch);
    if asked.processes {
        process::search(&mut first);
    }
    if asked.stream {
        stream::search(&mut first);
    }
    workers.into_iter().chain([first]).for_each(|worker| all.add(worker.tally));
    all.into_found(watch)
}

/// More threads wait for the disk and fill the memory.
const THREADS: usize = 2;
/// So many files of a directory are one piece of work.
const BATCH: usize = 64;

const READ: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// By what a walk is done.
pub(super) struct Walk<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) needles: &'a Needles,
    pub(super) mounts: Mounts,
    pub(super) kinds: Kinds,
    starts: Vec<Arc<Start>>,
}

/// A place, with what is mounted below it.
struct Start {
    place: Place,
    mounts: BTreeMap<PathBuf, Mount>,
}

impl<'a> Walk<'a> {
    fn new(asked: &'a Asked<'a>, needles: &'a Needles, mounts: Mounts) -> Self {
        let kinds = Kinds { project: asked.project.clone(), homes: asked.homes.clone() };
        let start = |place: Place| Arc::new(Start { mounts: mounts.below(&place.path), place });
        let starts = apart(asked.places.clone()).into_iter().map(start).collect();
        Self { asked, needles, mounts, kinds, starts }
    }

    /// A path as a report has it: below the project from there on.
    pub(super) fn shown(&self, path: &Path) -> RelPath {
        let project = self.asked.project.as_deref();
        let below = project.and_then(|root| RelPath::below(root, path)).filter(|below| !below.is_root());
        below.unwrap_or_else(|| RelPath::new(path.as_os_str().as_bytes()))
    }
}

/// The places without those that are in another one. What somebody named stays named.
fn apart(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_by(|one, other| one.path.cmp(&other.path).then(other.is_asked.cmp(&one.is_asked)));
    let mut apart: Vec<Place> = Vec::new();
    for place in places {
        let is_known = |known: &&Place| place.path.starts_with(&known.path) && (known.is_asked || !place.is_asked);
        if !apart.iter().any(|known| is_known(&known)) {
            apart.push(place);
        }
    }
    apart
}

/// A piece of work.
enum Item {
    /// All places.
    Start,
    /// A directory of a place.
    Directory(Arc<Start>, Arc<Root>, RelPath),
    /// Files of a directory, by their names.
    Files(Arc<Start>, Arc<OwnedFd>, PathBuf, Vec<Vec<u8>>),
}

/// One thread.
pub(super) struct Worker<'a> {
    pub(super) walk: &'a Walk<'a>,
    pub(super) watch: &'a Watch,
    pub(super) searcher: Searcher<'a, 'a>,
    pub(super) tally: Tally,
}

impl<'a> Worker<'a> {
    fn new(walk: &'a Walk<'a>, watch: &'a Watch) -> Self {
        Self { walk, watch, searcher: Searcher::new(walk.needles, watch), tally: Tally::default() }
    }

    fn item(&mut self, item: Item, more: &mut Vec<Item>) {
        match item {
            Item::Start => {
                let starts = self.walk.starts.clone();
                starts.into_iter().rev().for_each(|start| self.start(start, more));
            }
            Item::Directory(start, root, dir) => self.directory(&start, &root, &dir, more),
            Item::Files(start, dir, path, names) => {
                for name in names.iter().filter(|_| !self.watch.is_stopped()) {
                    self.file(&start, &dir, &path, name);
                }
            }
        }
    }

    fn start(&mut self, start: Arc<Start>, more: &mut Vec<Item>) {
        let path = start.place.path.clone();
        if !start.place.is_asked && !start.place.is_own && self.walk.mounts.of_path(&path) == Some(Mount::Network) {
            return self.tally.trouble(false, Trouble::Network, self.walk.shown(&path));
        }
        // A device is not even opened: some act on that.
        match rustix::fs::lstat(&path).map(|stat| FileType::from_raw_mode(stat.st_mode)) {
            Ok(FileType::Directory) => match Root::open(&path) {
                Ok(root) => more.push(Item::Directory(start, Arc::new(root), RelPath::default())),
                Err(error) => self.failed(&start, &path, &error),
            },
            Ok(FileType::RegularFile) => {
                let (Some(dir), Some(name)) = (path.parent(), path.file_name()) else { return };
                match Root::open(dir).and_then(|root| Ok(root.open_directory(&RelPath::default())?)) {
                    Ok(fd) => {
                        let names = vec![name.as_bytes().to_vec()];
                        more.push(Item::Files(start.clone(), Arc::new(fd), dir.into(), names));
                    }
                    Err(error) => self.failed(&start, &path, &error),
                }
            }
            Ok(_) if start.place.is_asked => self.tally.trouble(true, Trouble::NoFile, self.walk.shown(&path)),
            Ok(_) => {}
            Err(errno) => self.failed(&start, &path, &errno.into()),
        }
    }

    fn failed(&mut self, start: &Start, path: &Path, error: &std::io::Error) {
        let code = error.raw_os_error().unwrap_or_default();
        // What vanished meanwhile has nothing any more.
        let is_gone = code == Errno::NOENT.raw_os_error();
        if !is_gone || (start.place.is_asked && start.place.path == path) {
            self.tally.trouble(start.place.is_asked, Trouble::Unreadable(code), self.walk.shown(path));
        }
    }

    fn directory(&mut self, start: &Arc<Start>, root: &Arc<Root>, dir: &RelPath, more: &mut Vec<Item>) {
        let full = dir.under(root.path());
        let opened = root.open_directory(dir).and_then(|fd| Ok((rustix::fs::Dir::read_from(&fd)?, fd)));
        let (entries, fd) = match opened {
            Ok(opened) => opened,
            // A link that took its place.
            Err(Errno::LOOP | Errno::NOTDIR) => return,
            Err(errno) => return self.failed(start, &full, &errno.into()),
        };
        let fd = Arc::new(fd);
        let mut files: Vec<Vec<u8>> = Vec::new();
        let mut directories: Vec<Vec<u8>> = Vec::new();
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(errno) => return self.failed(start, &full, &errno.into()),
            };
            let name = entry.file_name().to_bytes();
            // The object store is compressed in a way of its own: `scan` reads it.
            if matches!(name, b"." | b".." | b".git") {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => rustix::fs::statat(&*fd, name, AtFlags::SYMLINK_NOFOLLOW)
                    .map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode)),
                kind => kind,
            };
            match kind {
                FileType::RegularFile => files.push(name.to_vec()),
                FileType::Directory => directories.push(name.to_vec()),
                // Pipes, sockets, devices and links have nothing of their own.
                _ => {}
            }
        }
        directories.sort_unstable();
        files.sort_unstable();
        for name in directories.into_iter().rev() {
            let below = dir.join(&name);
            if self.enters(start, &below.under(root.path())) {
                self.name(&full, &name);
                more.push(Item::Directory(start.clone(), root.clone(), below));
            }
        }
        let batch = |names: &[Vec<u8>]| Item::Files(start.clone(), fd.clone(), full.clone(), names.to_vec());
        more.extend(files.chunks(BATCH).rev().map(batch));
    }

    /// Whether the walk goes into a directory: not into what the kernel makes up, and not over a network.
    fn enters(&mut self, start: &Start, path: &Path) -> bool {
        match start.mounts.get(path) {
            None => true,
            Some(Mount::Kernel) => false,
            Some(_) if self.walk.asked.one_file_system => false,
            Some(Mount::Disk) => true,
            Some(Mount::Network) => {
                self.tally.trouble(start.place.is_asked, Trouble::Network, self.walk.shown(path));
                false
            }
        }
    }

    fn file(&mut self, start: &Start, dir: &OwnedFd, above: &Path, name: &[u8]) {
        let path = || above.join(std::ffi::OsStr::from_bytes(name));
        let fd = match rustix::fs::openat(dir, name, READ, Mode::empty()) {
            Ok(fd) => fd,
            // Something else took its place.
            Err(Errno::LOOP | Errno::NXIO) => return,
            Err(errno) => return self.failed(start, &path(), &errno.into()),
        };
        let stat = match rustix::fs::fstat(&fd) {
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile => stat,
            Ok(_) => return,
            Err(errno) => return self.failed(start, &path(), &errno.into()),
        };
        if self.walk.asked.exempt.contains(&files::identity(&stat)) {
            return;
        }
        let size = u64::try_from(stat.st_size).unwrap_or(0);
        let blocks = u64::try_from(stat.st_blocks).unwrap_or(0);
        let content = file::Content { fd: &fd, size, is_sparse: blocks.saturating_mul(512) < size };
        // A decoder may break on what somebody made to break it: that ends the work on this file alone.
        let searcher = &mut self.searcher;
        let searched = match guarded(None, || file::search(searcher, &content)) {
            Ok(searched) => searched,
            Err(fault) => {
                let path = Some(self.walk.shown(&path()));
                return self.tally.faults.push(Problem { path, ..fault });
            }
        };
        self.watch.searched(usize::from(!searched.hits.is_empty()));
        if let Some(error) = searched.error {
            self.failed(start, &path(), &error);
        }
        if searched.is_partly && !self.watch.is_stopped() {
            self.tally.trouble(start.place.is_asked, Trouble::Archive, self.walk.shown(&path()));
        }
        if !searched.hits.is_empty() {
            let path = path();
            let access = Access::of(&fd);
            let sightings = file::sightings(self.walk, &path, access.as_ref(), searched.hits);
            self.tally.sightings.extend(sightings);
        }
        self.name(above, name);
    }

    /// The values in the name of a file or a directory.
    fn name(&mut self, above: &Path, name: &[u8]) {
        let found = names(self.walk.needles, name);
        if found.is_empty() {
            return;
        }
        let path = above.join(std::ffi::OsStr::from_bytes(name));
        // Who lists the directory reads the name.
        let access = Access::of_directory(above);
        for (value, sighted) in found {
            let sighting = file::sighting(self.walk, &path, access.as_ref(), value, sighted.form);
            self.tally.sightings.extend(sighting.map(|one| Sighting { part: Part::Name, ..one }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_within_places_are_searched_once() {
        let place = |path: &str, is_asked| Place { path: path.into(), is_asked, is_own: false };
        let all = vec![
            place("/a/b", false),
            place("/a", false),
            place("/ab", false),
            place("/a/c", true),
            place("/a/c", false),
        ];
        assert_eq!(apart(all), [place("/a", false), place("/a/c", true), place("/ab", false)]);
    }

    #[test]
    fn a_mount_point_of_a_network_is_passed_by_and_told() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("net")).unwrap();
        let line = format!("1 1 0:1 / {}/net rw - nfs4 host:/x rw\n", root.display());
        let mounts = Mounts::of(line.as_bytes());
        assert_eq!(mounts.below(&root).len(), 1);
    }
}
