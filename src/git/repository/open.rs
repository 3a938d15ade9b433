//! Finding the repository that a directory is in, and opening it.
//!
//! libgit2 says whether it belongs to the user and is in a format that it knows; it reads nothing of it after that.
//! What it opens on the way is examined before: it would wait for ever on a pipe, and read a file of any size.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::owner;
use crate::git::config::{Config, Home};
use crate::git::{libgit2, read};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// Where a repository is, and what it says of itself.
pub(in crate::git) struct Opened {
    /// The git directory (of a linked work tree: its own).
    pub(in crate::git) git_dir: PathBuf,
    /// The git directory that all work trees share.
    pub(in crate::git) common_dir: PathBuf,
    /// The directory that holds its `.git`; `None` of a bare one.
    pub(in crate::git) workdir: Option<PathBuf>,
    pub(in crate::git) config: Config,
    /// The length of its ids: 20 or 32 bytes.
    pub(in crate::git) id_len: usize,
    /// Whether refs and reflogs are in a reftable, and not in files.
    pub(in crate::git) has_reftable: bool,
}

/// A git directory that was found.
struct Found {
    git_dir: PathBuf,
    /// The directory that holds the `.git`, which is this git directory or names it.
    holder: Option<PathBuf>,
}

/// Opens the repository that a directory is in; `None` where there is none. No `GIT_` variable counts; the user's own
/// configuration does (`safe.directory`, `core.excludesFile`): those are git's own rules.
pub(in crate::git) fn discover(start: &Path) -> Result<Option<Opened>, Problem> {
    match start.canonicalize() {
        Ok(start) => find(&start)?.map(open).transpose(),
        Err(error) if read::is_absent(&error) => Ok(None),
        Err(error) => Err(Problem::io(RelPath::default(), &error)),
    }
}

/// Opens the repository of a git directory as a bare one, whether or not its work tree is there.
pub(in crate::git) fn open_git_dir(dir: &Path) -> Result<Opened, Problem> {
    let git_dir = dir.canonicalize().map_err(|error| Problem::io(RelPath::default(), &error))?;
    open(Found { git_dir, holder: None })
}

/// Looks upward, as far as the file system goes.
fn find(start: &Path) -> Result<Option<Found>, Problem> {
    let device = start.metadata().map_err(|error| Problem::io(RelPath::default(), &error))?.dev();
    for dir in start.ancestors() {
        if dir.metadata().is_ok_and(|found| found.dev() != device) {
            break;
        }
        if let Some(git_dir) = behind_dot_git(dir)? {
            return Ok(Some(Found { git_dir, holder: Some(dir.to_path_buf()) }));
        }
        if is_git_dir(dir) {
            let holder = dir.parent().filter(|_| dir.ends_with(".git")).map(Path::to_path_buf);
            return Ok(Some(Found { git_dir: dir.to_path_buf(), holder }));
        }
    }
    Ok(None)
}

/// The git directory that a directory's `.git` is or names. "None" must be true: a `.git` that cannot be read, or that
/// names no git directory, is a problem. (An empty `.git` directory is none to git either.)
fn behind_dot_git(dir: &Path) -> Result<Option<PathBuf>, Problem> {
    let (dot_git, name) = (dir.join(".git"), || RelPath::from(".git"));
    let unsupported = || Problem::at(ProblemKind::UnsupportedRepository, name());
    let found = match dot_git.metadata().or_else(|_| dot_git.symlink_metadata()) {
        Ok(found) => found,
        Err(error) if read::is_absent(&error) => return Ok(None),
        Err(error) => return Err(Problem::io(name(), &error)),
    };
    let git_dir = if found.is_dir() {
        match dot_git.join("HEAD").symlink_metadata() {
            Err(error) if read::is_absent(&error) => return Ok(None),
            Err(error) => return Err(Problem::io(name(), &error)),
            Ok(_) => dot_git,
        }
    } else {
        let text = read::bounded(&dot_git, read::REF).map_err(|error| read::problem(name(), &error, read::REF))?;
        let path = text.strip_prefix(b"gitdir:").map(<[u8]>::trim_ascii).filter(|path| !path.is_empty());
        dir.join(OsStr::from_bytes(path.ok_or_else(unsupported)?))
    };
    if !is_git_dir(&git_dir) {
        return Err(unsupported());
    }
    git_dir.canonicalize().map(Some).map_err(|error| Problem::io(name(), &error))
}

/// Whether a directory looks like a git directory, as git itself looks at it.
fn is_git_dir(dir: &Path) -> bool {
    let common = common_dir(dir).unwrap_or_else(|_| dir.to_path_buf());
    let has = |name: &str| common.join(name).metadata().is_ok_and(|found| found.is_dir());
    dir.join("HEAD").symlink_metadata().is_ok() && has("objects") && has("refs")
}

/// The directory that `commondir` names, else the git directory itself.
fn common_dir(git_dir: &Path) -> Result<PathBuf, Problem> {
    let name = || RelPath::from(".git/commondir");
    let text = read::if_there(&git_dir.join("commondir"), read::REF);
    let Some(text) = text.map_err(|error| read::problem(name(), &error, read::REF))? else {
        return Ok(git_dir.to_path_buf());
    };
    let path = git_dir.join(OsStr::from_bytes(text.trim_ascii_end()));
    path.canonicalize().map_err(|_| Problem::at(ProblemKind::UnsupportedRepository, name()))
}

fn open(Found { git_dir, holder }: Found) -> Result<Opened, Problem> {
    let common_dir = common_dir(&git_dir)?;
    look(&git_dir, &common_dir)?;
    let config = Config::read(&git_dir, &common_dir, Home::of_user())?;
    let format = Format::of(&config)?;
    match libgit2::open(&git_dir, holder.as_deref()) {
        Ok(()) => {}
        // It does not know SHA-256 ids and reftables, and then it says nothing of the owner.
        Err(ProblemKind::UnsupportedRepository) if format.is_news() => {
            owner::check(&git_dir, holder.as_deref(), config.home())?;
        }
        Err(kind) => return Err(Problem::whole(kind)),
    }
    let workdir = work_tree(&git_dir, &common_dir, holder, &config)?;
    let Format { id_len, has_reftable } = format;
    Ok(Opened { git_dir, common_dir, workdir, config, id_len, has_reftable })
}

/// What libgit2 opens beside the configuration, as it is.
fn look(git_dir: &Path, common_dir: &Path) -> Result<(), Problem> {
    let own = [("HEAD", read::REF), ("gitdir", read::REF)].map(|(name, limit)| (git_dir, name, limit));
    let lists = ["shallow", "info/grafts", "objects/info/alternates"].map(|name| (common_dir, name, read::LIST));
    let all = own.into_iter().chain(lists).chain([(common_dir, "packed-refs", read::REFS)]);
    for (dir, name, limit) in all {
        let found = match dir.join(name).metadata() {
            Ok(found) => found,
            Err(_) => continue,
        };
        let shown = || RelPath::from(format!(".git/{name}").as_str());
        if !found.is_file() {
            return Err(Problem::at(ProblemKind::NotAFile, shown()));
        }
        if found.len() > limit {
            return Err(read::problem(shown(), &std::io::ErrorKind::FileTooLarge.into(), limit));
        }
    }
    Ok(())
}

/// The directory that holds the `.git`. A configuration that names another one would lead out of what the user asked
/// for: nothing is read or written there. (In a submodule it names the same one, from the other side.)
fn work_tree(
    git_dir: &Path,
    common_dir: &Path,
    holder: Option<PathBuf>,
    config: &Config,
) -> Result<Option<PathBuf>, Problem> {
    let is_linked = git_dir != common_dir;
    let Some(holder) = holder.filter(|_| is_linked || !config.is_true("core.bare")) else { return Ok(None) };
    let named = config.path("core.worktree").filter(|_| !is_linked);
    match named.map(|path| git_dir.join(path).canonicalize()) {
        Some(Ok(named)) if named == holder => Ok(Some(holder)),
        Some(_) => Err(Problem::whole(ProblemKind::ForeignWorkTree)),
        None => Ok(Some(holder)),
    }
}

/// How a repository keeps its ids and refs.
struct Format {
    id_len: usize,
    has_reftable: bool,
}

impl Format {
    /// The extensions that do not change what is read here (gitformat-repository, "Specification of version 1").
    const HARMLESS: [&[u8]; 5] =
        [b"noop", b"partialclone", b"preciousobjects", b"relativeworktrees", b"worktreeconfig"];

    /// git's rule: in version 1 an extension that is not known means that the repository cannot be read.
    fn of(config: &Config) -> Result<Self, Problem> {
        let unsupported = || Problem::whole(ProblemKind::UnsupportedRepository);
        let version = config.value("core.repositoryformatversion").map_or(&b"0"[..], <[u8]>::trim_ascii);
        let mut format = Self { id_len: 20, has_reftable: false };
        match version {
            b"" | b"0" => return Ok(format),
            b"1" => {}
            _ => return Err(unsupported()),
        }
        for name in config.below("extensions.") {
            match name {
                b"objectformat" => format.id_len = id_len(config).ok_or_else(unsupported)?,
                b"refstorage" => format.has_reftable = has_reftable(config).ok_or_else(unsupported)?,
                name if Self::HARMLESS.contains(&name) => {}
                _ => return Err(unsupported()),
            }
        }
        Ok(format)
    }

    /// Whether it is one that libgit2 does not know.
    fn is_news(&self) -> bool {
        self.id_len != 20 || self.has_reftable
    }
}

fn id_len(config: &Config) -> Option<usize> {
    match config.value("extensions.objectformat")? {
        b"sha1" => Some(20),
        b"sha256" => Some(32),
        _ => None,
    }
}

fn has_reftable(config: &Config) -> Option<bool> {
    match config.value("extensions.refstorage")? {
        b"files" => Some(false),
        b"reftable" => Some(true),
        _ => None,
    }
}
