//! Whether anything changed that decides what a scan finds.
//!
//! The stamp of a bare repository is a hash of all that is in its git directory: the names, sizes, inodes and times of all
//! files, and of those that are small and decide (refs, logs, HEADs, indexes, configuration) the content, too; of objects
//! and packs also those of alternates. Two equal stamps say that a second scan would read the same bytes, and one before and
//! one after a scan that nothing was written meanwhile.
//!
//! Wherever that is not certain there is no stamp, and the repository is scanned.

use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::git::{Repository, odb, read};

/// Within so many seconds a second change may leave the times as they are: those of vfat have two seconds, those of the
/// Linux kernel a few milliseconds.
const TOO_NEW: i64 = 2;
/// Directories in directories: git's own go no deeper than the names of refs.
const DEEPEST: usize = 128;
/// Every fetch writes it, mostly with what it said before.
const FETCHED: &[u8] = b"FETCH_HEAD";
/// What is in these directories of git's decides nothing.
const WITHOUT_EFFECT: [&[u8]; 3] = [b"hooks", b"branches", b"lfs"];

impl Repository {
    /// The stamp, at this second since 1970; `None` where a repository has a work tree or submodules, where a part of it is
    /// a link or cannot be read, and where a file was changed so lately that it may change again unnoticed.
    #[must_use]
    pub fn stamp(&self, now: i64) -> Option<[u8; 32]> {
        if self.workdir().is_some() || self.git_dir() != self.common_dir() {
            return None;
        }
        let mut stamp = Stamp { hash: Sha256::new(), now };
        stamp.add(b"git directory", self.git_dir().as_os_str().as_bytes());
        // Also what the user's files say, and files that they include.
        for line in self.config().lines() {
            stamp.add(b"setting", &line.name);
            stamp.add(b"is", line.value.as_deref().unwrap_or(b"(set)"));
        }
        stamp.directory(self.git_dir(), b"", 0)?;
        let own = self.common_dir().join("objects");
        let mut problems = Vec::new();
        let directories = odb::directories(&[own], &mut problems);
        if !problems.is_empty() {
            return None;
        }
        for alternate in directories.get(1..).unwrap_or_default() {
            stamp.add(b"alternate", alternate.as_os_str().as_bytes());
            stamp.directory(alternate, b"objects", 0)?;
        }
        Some(stamp.hash.finalize().into())
    }
}

/// One that is being made.
struct Stamp {
    hash: Sha256,
    now: i64,
}

impl Stamp {
    /// Each part is framed, so that no two lists of parts look alike.
    fn add(&mut self, what: &[u8], bytes: &[u8]) {
        for part in [what, bytes] {
            self.hash.update((part.len() as u64).to_be_bytes());
            self.hash.update(part);
        }
    }

    /// Everything in a directory of the git directory, of which `name` is the path there.
    fn directory(&mut self, dir: &Path, name: &[u8], depth: usize) -> Option<()> {
        let entries = dir.read_dir().ok()?;
        let mut all: Vec<_> = entries.collect::<Result<_, _>>().ok().filter(|_| depth < DEEPEST)?;
        all.sort_by_key(std::fs::DirEntry::file_name);
        for entry in all {
            let own = entry.file_name();
            let path = if name.is_empty() { own.as_bytes().to_vec() } else { [name, b"/", own.as_bytes()].concat() };
            if WITHOUT_EFFECT.contains(&path.as_slice()) {
                continue;
            }
            // Of the entry itself: a link leads elsewhere.
            let found = entry.metadata().ok()?;
            let kind = found.file_type();
            if kind.is_dir() && path != b"modules" {
                self.add(b"directory", &path);
                self.directory(&entry.path(), &path, depth + 1)?;
            } else if kind.is_file() {
                self.add(b"file", &path);
                self.file(&entry.path(), &path, &found)?;
            } else {
                return None;
            }
        }
        Some(())
    }

    fn file(&mut self, path: &Path, name: &[u8], found: &Metadata) -> Option<()> {
        if !name.starts_with(b"objects/") {
            self.add(b"content", &read::bounded(path, read::REFS).ok()?);
        }
        if name == FETCHED {
            return Some(());
        }
        if found.mtime().max(found.ctime()) > self.now - TOO_NEW {
            return None;
        }
        self.add(b"inode", &found.ino().to_be_bytes());
        self.add(b"size", &found.size().to_be_bytes());
        for number in [found.mtime(), found.mtime_nsec(), found.ctime(), found.ctime_nsec()] {
            self.add(b"time", &number.to_be_bytes());
        }
        Some(())
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test changes a repository")]
mod tests {
    use std::fs;

    use super::*;
    use crate::git;

    /// Long after everything was written.
    const LATER: i64 = 1 << 40;

    fn mirror(dir: &Path) -> std::path::PathBuf {
        let work = dir.join("work");
        fs::create_dir_all(&work).unwrap();
        let git = |arguments: &[&str]| git::make(&work, "2026-01-05T09:00:00+00:00", arguments).unwrap();
        git(&["init", "--quiet", "--initial-branch=main"]);
        fs::write(work.join("README"), "x").unwrap();
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "start"]);
        git(&["config", "core.bare", "true"]);
        fs::rename(work.join(".git"), dir.join("mirror.git")).unwrap();
        fs::create_dir_all(dir.join("other/objects/pack")).unwrap();
        dir.join("mirror.git")
    }

    fn stamp(path: &Path, now: i64) -> Option<[u8; 32]> {
        Repository::discover(path).unwrap().unwrap().stamp(now)
    }

    #[test]
    fn whatever_changes_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let mirror = mirror(dir.path());
        let other = dir.path().join("other/objects");
        let mut last = stamp(&mirror, LATER).unwrap();
        assert_eq!(stamp(&mirror, LATER), Some(last));
        let id = fs::read_to_string(mirror.join("refs/heads/main")).unwrap();
        let alternates = format!("{}\n", other.display());
        let changes: [(&str, &str); 14] = [
            ("refs/heads/other", &id),
            ("packed-refs", "# pack-refs with: peeled fully-peeled sorted \n"),
            ("HEAD", "ref: refs/heads/other\n"),
            ("logs/refs/heads/main", "x"),
            ("logs/HEAD", "x"),
            ("FETCH_HEAD", "x"),
            ("shallow", ""),
            ("index", "x"),
            ("worktrees/x/HEAD", "ref: refs/heads/main\n"),
            ("objects/aa/00000000000000000000000000000000000000", "x"),
            ("objects/pack/pack-x.pack", "x"),
            ("objects/pack/pack-x.pack", "y"),
            ("objects/info/alternates", &alternates),
            ("config", "[core]\nrepositoryformatversion = 0\nbare = true\n[a]\nb = c\n"),
        ];
        for (path, text) in changes {
            let path = mirror.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            let now = stamp(&mirror, LATER).unwrap();
            assert_ne!(now, last, "{}", path.display());
            assert_eq!(stamp(&mirror, LATER), Some(now));
            last = now;
        }
        fs::write(other.join("pack/pack-z.pack"), "z").unwrap();
        assert_ne!(stamp(&mirror, LATER), Some(last), "an alternate");
        last = stamp(&mirror, LATER).unwrap();
        fs::remove_file(mirror.join("logs/HEAD")).unwrap();
        assert_ne!(stamp(&mirror, LATER), Some(last), "a file less");
        last = stamp(&mirror, LATER).unwrap();
        // What decides nothing.
        fs::create_dir_all(mirror.join("hooks")).unwrap();
        fs::write(mirror.join("hooks/update"), "x").unwrap();
        fs::write(mirror.join("FETCH_HEAD"), "x").unwrap();
        assert_eq!(stamp(&mirror, LATER), Some(last));
        // A ref that was another one in between.
        let main = mirror.join("refs/heads/main");
        let text = fs::read(&main).unwrap();
        fs::remove_file(&main).unwrap();
        fs::write(mirror.join("refs/heads/takes-the-inode"), &text).unwrap();
        fs::remove_file(mirror.join("refs/heads/takes-the-inode")).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&main, &text).unwrap();
        assert_ne!(stamp(&mirror, LATER), Some(last), "a ref that came back");
    }

    #[test]
    fn where_it_is_not_certain_there_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let mirror = mirror(dir.path());
        let now = fs::metadata(mirror.join("objects")).unwrap().mtime();
        assert!(stamp(&mirror, now + 60).is_some());
        assert_eq!(stamp(&mirror, now), None, "written just now");
        let tree = dir.path().join("tree");
        fs::create_dir(&tree).unwrap();
        fs::rename(&mirror, tree.join(".git")).unwrap();
        fs::write(tree.join(".git/config"), "[core]\nrepositoryformatversion = 0\n").unwrap();
        assert_eq!(stamp(&tree, LATER), None, "a work tree");
        fs::write(tree.join(".git/config"), "[core]\nbare = true\n").unwrap();
        fs::rename(tree.join(".git"), &mirror).unwrap();
        for (name, make) in [
            ("modules", (|path| fs::create_dir(path)) as fn(&Path) -> std::io::Result<()>),
            ("refs/heads/link", |path| std::os::unix::fs::symlink("main", path)),
            ("objects/pack/link", |path| std::os::unix::fs::symlink("/tmp", path)),
            ("pipe", |path| Ok(nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRUSR)?)),
        ] {
            let path = mirror.join(name);
            make(&path).unwrap();
            assert_eq!(stamp(&mirror, LATER), None, "{name}");
            fs::remove_dir(&path).or_else(|_| fs::remove_file(&path)).unwrap();
            assert!(stamp(&mirror, LATER).is_some(), "{name}");
        }
        fs::write(mirror.join("objects/info/alternates"), "/nowhere\n").unwrap();
        assert_eq!(stamp(&mirror, LATER), None, "an alternate that is gone");
    }
}
