//! Repositories made by real git, with nothing of the machine's own configuration.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use envward::git::{History, Oid, PathHistory, Question, Repository, Span, Staged};
use envward::name::Name;
use envward::path::RelPath;
use envward::problem::Problem;
use envward::terminal::progress::Progress;

pub struct Fixture {
    home: tempfile::TempDir,
    pub root: PathBuf,
    clock: std::cell::Cell<u64>,
}

impl Fixture {
    /// An empty directory, no repository yet.
    pub fn bare_ground() -> Self {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().canonicalize().unwrap().join("repo");
        std::fs::create_dir(&root).unwrap();
        Self { home, root, clock: std::cell::Cell::new(1_700_000_000) }
    }

    /// A repository without commits.
    pub fn new() -> Self {
        let fixture = Self::bare_ground();
        fixture.git(&["init", "-q", "-b", "main"]);
        fixture
    }

    /// The directory around the repository.
    pub fn outside(&self) -> PathBuf {
        self.root.parent().unwrap().to_path_buf()
    }

    pub fn command(&self, dir: &Path) -> Command {
        let mut command = Command::new("git");
        command.current_dir(dir).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.env("HOME", self.home.path()).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        let now = format!("{} +0000", self.clock.get());
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), format!("An {who}"));
            command.env(format!("GIT_{who}_EMAIL"), "someone@example.com");
            command.env(format!("GIT_{who}_DATE"), &now);
        }
        command.args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-c", "maintenance.auto=false"]);
        command
    }

    pub fn try_git_in<S: AsRef<OsStr>>(&self, dir: &Path, args: &[S]) -> Output {
        self.clock.set(self.clock.get() + 60);
        self.command(dir).args(args).output().unwrap()
    }

    pub fn git_in<S: AsRef<OsStr> + std::fmt::Debug>(&self, dir: &Path, args: &[S]) -> Vec<u8> {
        let output = self.try_git_in(dir, args);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    pub fn git<S: AsRef<OsStr> + std::fmt::Debug>(&self, args: &[S]) -> Vec<u8> {
        self.git_in(&self.root, args)
    }

    /// What git wrote, as one trimmed line.
    pub fn line(&self, args: &[&str]) -> String {
        String::from_utf8_lossy(&self.git(args)).trim().to_owned()
    }

    pub fn id(&self, spec: &str) -> Oid {
        Oid::from_hex(self.line(&["rev-parse", spec]).as_bytes()).unwrap()
    }

    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Stages everything, commits it, and gives the commit.
    pub fn commit(&self, message: &str) -> Oid {
        self.git(&["add", "-A", "-f"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.id("HEAD")
    }

    /// Writes one file and commits it.
    pub fn commit_file(&self, path: &str, text: &str) -> Oid {
        self.write(path, text);
        self.commit(path)
    }

    /// Removes one file and commits that.
    pub fn commit_removal(&self, path: &str) -> Oid {
        std::fs::remove_file(self.root.join(path)).unwrap();
        self.commit("remove")
    }

    pub fn open(&self) -> Repository {
        open(&self.root)
    }

    pub fn history(&self) -> History {
        history_of(&self.open())
    }

    /// The history, complete.
    pub fn whole_history(&self) -> History {
        let history = self.history();
        assert_eq!(history.problems, []);
        history
    }

    /// The wanted paths that git itself sees in all commits that refs, reflogs and HEADs reach.
    pub fn paths_by_git(&self) -> BTreeSet<RelPath> {
        let args = ["log", "--all", "--reflog", "-m", "--root", "--raw", "-z", "--no-renames", "--format="];
        let output = self.git(&args);
        output
            .split(|byte| *byte == 0)
            .filter(|word| !word.is_empty() && !word.starts_with(b":"))
            .map(RelPath::new)
            .filter(wanted)
            .collect()
    }
}

pub fn open(dir: &Path) -> Repository {
    Repository::discover(dir).unwrap().unwrap()
}

/// The history of every file that is wanted, not of its content's other names; of what has no name all is wanted.
pub fn history_of(repository: &Repository) -> History {
    history_in(repository, None)
}

/// The same, of some of the commits.
pub fn history_in(repository: &Repository, span: Option<Span>) -> History {
    let (follows, shaped) = (|_: &RelPath| false, |_: &[u8]| true);
    let progress = Progress::default();
    repository.history(&Question {
        beside: None,
        wanted: &wanted,
        follows: &follows,
        shaped: &shaped,
        sought: None,
        span,
        progress: &progress,
    })
}

/// The entries of an index that are wanted, compared with HEAD.
pub fn staged(
    open: &Repository,
    file: Option<&Path>,
    wanted: &dyn Fn(&RelPath) -> bool,
) -> Result<Vec<Staged>, Problem> {
    let mut entries = open.index(file)?;
    entries.retain(|entry| wanted(&entry.path));
    open.compare(entries)
}

/// Stands in for the real list of names.
pub fn wanted(path: &RelPath) -> bool {
    path.file_name().to_ascii_lowercase().starts_with(b".env")
}

pub fn paths(history: &History) -> BTreeSet<RelPath> {
    history.paths.iter().map(|path| path.path.clone()).collect()
}

#[track_caller]
pub fn at<'a>(history: &'a History, path: &str) -> &'a PathHistory {
    history.paths.iter().find(|found| found.path == RelPath::from(path)).expect("the path is in the history")
}

pub fn added(path: &PathHistory) -> Option<Oid> {
    path.added.as_ref().map(|commit| commit.id)
}

pub fn changed(path: &PathHistory) -> Option<Oid> {
    path.last_changed.as_ref().map(|commit| commit.id)
}

pub fn removed(path: &PathHistory) -> Option<Oid> {
    path.removed.as_ref().map(|commit| commit.id)
}

pub fn names(path: &PathHistory) -> Vec<String> {
    path.refs.iter().map(Name::to_string).collect()
}

pub fn os(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}

/// Where a loose object is.
pub fn loose(git_dir: &Path, id: Oid) -> PathBuf {
    let hex = id.to_string();
    git_dir.join("objects").join(&hex[..2]).join(&hex[2..])
}
