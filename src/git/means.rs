//! Who says what a repository means: libgit2, or where that cannot open it, git.

use std::path::{Path, PathBuf};

use git2::ErrorCode;

use super::asked::Asked;
use super::{Oid, open, refs, store};
use crate::problem::{Problem, ProblemKind};

/// A setting's full name, and its value.
pub(super) type Setting = (Vec<u8>, Vec<u8>);

/// One of the two.
pub(super) enum Means {
    Libgit2(git2::Repository),
    Git(Asked),
}

impl Means {
    /// The repository that a directory is in.
    pub(super) fn discover(start: &Path) -> Result<Option<Self>, Problem> {
        match open::open(start) {
            Ok(found) => Ok(found.map(Self::Libgit2)),
            Err(problem) if problem.kind == ProblemKind::UnsupportedRepository && problem.path.is_none() => {
                Asked::discover(start).map(|asked| Some(Self::Git(asked)))
            }
            Err(problem) => Err(problem),
        }
    }

    /// The repository of which this is the git directory, as a bare one.
    pub(super) fn of_git_dir(dir: &Path) -> Result<Self, Problem> {
        match open::open_git_dir(dir) {
            Ok(found) => Ok(Self::Libgit2(found)),
            // git looks for the owner only where it looks for the repository.
            Err(problem) if problem.kind == ProblemKind::UnsupportedRepository => {
                Asked::discover(dir).map(|asked| Self::Git(Asked { workdir: None, ..asked }))
            }
            Err(problem) => Err(problem),
        }
    }

    /// A path of the configuration, `~/` expanded.
    pub(super) fn path(&self, name: &str) -> Result<Option<PathBuf>, Problem> {
        match self {
            Self::Git(asked) => asked.path(name),
            Self::Libgit2(repo) => match repo.config().and_then(|config| config.get_path(name)) {
                Ok(path) => Ok(Some(path)),
                Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
                Err(_) => Err(unreadable()),
            },
        }
    }

    /// Whether a setting is there and true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        match self {
            Self::Git(asked) => asked.is_true(name).unwrap_or(false),
            Self::Libgit2(repo) => repo.config().and_then(|config| config.get_bool(name)).unwrap_or(false),
        }
    }

    /// All settings; one without a value is true.
    pub(super) fn settings(&self) -> Result<Vec<Setting>, Problem> {
        let repo = match self {
            Self::Git(asked) => return asked.settings(),
            Self::Libgit2(repo) => repo,
        };
        let mut settings = Vec::new();
        let read = |settings: &mut Vec<Setting>| {
            repo.config()?.entries(None)?.for_each(|entry| {
                let value = if entry.has_value() { entry.value_bytes() } else { b"true" };
                settings.push((entry.name_bytes().to_vec(), value.to_vec()));
            })
        };
        read(&mut settings).map_err(|_: git2::Error| unreadable())?;
        Ok(settings)
    }

    /// HEAD's commit; `None` before the first one.
    pub(super) fn head(&self) -> Result<Option<Oid>, Problem> {
        let broken = || refs::broken(b"HEAD");
        match self {
            Self::Git(asked) => asked.head(),
            Self::Libgit2(repo) => match repo.head() {
                Ok(head) => head.target().and_then(store::from_git2).map(Some).ok_or_else(broken),
                Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
                Err(_) => Err(broken()),
            },
        }
    }
}

/// The problem with the configuration.
pub(super) fn unreadable() -> Problem {
    Problem::whole(ProblemKind::UnreadableGitConfig)
}
