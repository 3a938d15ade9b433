//! One repository. git2's types do not leave `git/`.

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::asked::Asked;
use super::examine::{self, Setting};
use super::index::{self, IndexFault};
use super::means::Means;
use super::objects::{self, Objects};
use super::odb::Odb;
use super::odb::reader::Reader;
use super::store::Store;
use super::{History, Oid, Question, Staged, child, open, read, refs, settings, staged, tips};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

const INDEX_LIMIT: u64 = 1 << 30;
const SHALLOW_LIMIT: u64 = 64 << 20;
/// The blocks of packs that are kept for reading one object after the other.
const FEW_BLOCKS: usize = 64;

/// An entry of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// Its path.
    pub path: RelPath,
    /// Its blob.
    pub blob: Oid,
    /// Its mode: 0o100644, 0o100755, 0o120000 (a symlink), 0o160000 (a submodule).
    pub mode: u32,
    /// 0; in a conflict 1 (the common ancestor), 2 (ours) or 3 (theirs).
    pub stage: u8,
    /// Only meant to be added (`git add -N`): the blob is the empty one, and a commit leaves the path out. Not known
    /// (and `false`) where git itself had to read the index.
    pub intent_to_add: bool,
}

/// An open repository.
pub struct Repository {
    means: Means,
    workdir: Option<PathBuf>,
    git_dir: PathBuf,
    common_dir: PathBuf,
    /// The length of its ids.
    id_len: usize,
    /// Our own object store, where libgit2 has none.
    own: OnceCell<Odb>,
}

impl Repository {
    /// The repository that `start` (a directory) is in: work tree, linked work tree, submodule, bare. `None` where
    /// there is none. No `GIT_` variable is obeyed.
    ///
    /// # Errors
    /// One that another user owns, or that cannot be read.
    pub fn discover(start: &Path) -> Result<Option<Self>, Problem> {
        Ok(Means::discover(start)?.map(Self::of))
    }

    /// The repository of which this is the git directory, as a bare one.
    ///
    /// # Errors
    /// One that another user owns, or that cannot be read.
    pub(super) fn of_git_dir(dir: &Path) -> Result<Self, Problem> {
        Means::of_git_dir(dir).map(Self::of)
    }

    fn of(means: Means) -> Self {
        let (workdir, git_dir, common_dir, id_len) = match &means {
            Means::Libgit2(repo) => (repo.workdir(), repo.path(), repo.commondir(), 20),
            Means::Git(asked) => {
                (asked.workdir.as_deref(), asked.git_dir.as_path(), asked.common_dir.as_path(), asked.id_len)
            }
        };
        let (workdir, git_dir) = (workdir.map(open::tidy), open::tidy(git_dir));
        let common_dir = open::tidy(common_dir);
        Self { means, workdir, git_dir, common_dir, id_len, own: OnceCell::new() }
    }

    pub(super) fn means(&self) -> &Means {
        &self.means
    }

    fn store(&self) -> Result<Store<'_>, Problem> {
        match &self.means {
            Means::Libgit2(repo) => {
                let odb = repo.odb().map_err(|_| Problem::whole(ProblemKind::UnsupportedRepository))?;
                Ok(Store::Libgit2(odb))
            }
            Means::Git(_) => {
                // What cannot be listed is a problem of the sweep; here it is missing.
                let load = || Odb::load(&self.common_dir.join("objects"), self.id_len, &mut Vec::new());
                let reader = Reader::new(self.own.get_or_init(load), FEW_BLOCKS);
                Ok(Store::Own(Box::new(RefCell::new(reader))))
            }
        }
    }

    /// The top of the work tree; `None` in a bare repository.
    #[must_use]
    pub fn workdir(&self) -> Option<&Path> {
        self.workdir.as_deref()
    }

    /// The git directory (of a linked work tree: its own).
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The git directory that all work trees of the repository share.
    #[must_use]
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// Where hooks are run from: `core.hooksPath`, else `hooks` in the common directory.
    ///
    /// # Errors
    /// A configuration that cannot be read.
    pub fn hooks_dir(&self) -> Result<PathBuf, Problem> {
        settings::hooks_dir(self)
    }

    /// The work tree that a submodule's configuration names, there or not.
    pub(super) fn configured_worktree(&self) -> Option<PathBuf> {
        settings::worktree(self)
    }

    /// What is known to be missing: a shallow or partial clone.
    #[must_use]
    pub fn gaps(&self) -> Vec<Problem> {
        settings::gaps(self)
    }

    /// Whether git's own ignore rules hide this untracked path (a file) of the work tree. Nothing is hidden in a bare
    /// repository.
    ///
    /// # Errors
    /// Rules that cannot be read.
    pub fn is_ignored(&self, path: &RelPath) -> Result<bool, Problem> {
        match settings::ignore_places(self)? {
            Some(places) => places.is_ignored(path),
            None => Ok(false),
        }
    }

    /// The entries of the index (every stage), or of another index file. No file is an empty index.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn index(&self, file: Option<&Path>) -> Result<Vec<IndexEntry>, Problem> {
        self.index_entries(file, &|_| true)
    }

    /// The index's entries that `wanted` asks for, each compared with HEAD at the same path. In a conflict every stage
    /// counts. What is only meant to be added (`git add -N`) is left out: a commit leaves it out, too.
    ///
    /// # Errors
    /// An index or a HEAD that cannot be read.
    pub fn staged(&self, file: Option<&Path>, wanted: &dyn Fn(&RelPath) -> bool) -> Result<Vec<Staged>, Problem> {
        self.compare(self.index_entries(file, wanted)?)
    }

    /// Entries of an index, each compared with HEAD as [`Repository::staged`] does.
    ///
    /// # Errors
    /// A HEAD that cannot be read.
    pub fn compare(&self, entries: Vec<IndexEntry>) -> Result<Vec<Staged>, Problem> {
        let store = self.store()?;
        let tree = |id: Oid| store.tree_of(id).map_err(|fault| fault.at(id));
        let head = self.head()?.map(tree).transpose()?;
        staged::compare(&store, head, entries)
    }

    /// HEAD's commit; `None` before the first one.
    ///
    /// # Errors
    /// A HEAD that names nothing.
    pub fn head(&self) -> Result<Option<Oid>, Problem> {
        self.means.head()
    }

    /// A blob's content.
    ///
    /// # Errors
    /// Missing, corrupt, no blob, or larger than `limit` bytes (found out before it is read).
    pub fn blob(&self, id: Oid, limit: u64) -> Result<Secret, Problem> {
        self.store()?.blob(id, limit)
    }

    /// The blob that stands at `path` in a commit, for a configuration read there.
    ///
    /// # Errors
    /// Objects that cannot be read.
    pub fn at_commit(&self, commit: Oid, path: &RelPath) -> Result<Option<Oid>, Problem> {
        let store = self.store()?;
        let tree = store.tree_of(commit).map_err(|fault| fault.at(commit))?;
        let found = objects::entry_at(&store, tree, path.as_bytes())?;
        Ok(found.filter(|(_, mode)| objects::is_file_mode(*mode)).map(|(id, _)| id))
    }

    /// The commit that `spec` (an id, an abbreviated id, a ref) names.
    ///
    /// # Errors
    /// None or several.
    pub fn resolve(&self, spec: &str) -> Result<Oid, Problem> {
        self.means.resolve(spec)
    }

    /// Whether `ancestor` is `of` or reachable from it.
    ///
    /// # Errors
    /// Objects that cannot be read.
    pub fn is_ancestor(&self, ancestor: Oid, of: Oid) -> Result<bool, Problem> {
        self.means.is_ancestor(ancestor, of)
    }

    /// Whether the commit `through` (an abbreviated id, a tag) is `commit` or comes after it.
    #[must_use]
    pub fn covers(&self, through: &str, commit: Oid) -> bool {
        self.resolve(through).is_ok_and(|through| self.is_ancestor(commit, through).unwrap_or(false))
    }

    /// Every path that is asked for, in every commit of the store, whoever reaches it, and in trees without a commit;
    /// and contents without a path.
    #[must_use]
    pub fn history(&self, question: &Question<'_>) -> History {
        let mut problems = Vec::new();
        // Before the objects: what is written meanwhile is not named yet.
        let tips = match &self.means {
            Means::Git(Asked { has_reftable: true, .. }) => tips::ask_all(&self.common_dir, &mut problems),
            _ => tips::read_all(&self.common_dir, &mut problems),
        };
        let shallow = self.shallow_commits(&mut problems);
        let setting = Setting {
            objects: &self.common_dir.join("objects"),
            id_len: self.id_len,
            tips: &tips,
            staged: &self.staged_blobs(),
            shallow: &shallow,
            is_partial: settings::is_partial(self).unwrap_or(false),
        };
        let mut history = examine::history(&setting, question);
        history.problems.append(&mut problems);
        history.problems.sort();
        history.problems.dedup();
        history
    }

    /// The blobs in the indexes of all work trees. One that cannot be read is a problem elsewhere.
    fn staged_blobs(&self) -> HashSet<Oid> {
        let linked = self.common_dir.join("worktrees").read_dir().into_iter().flatten().flatten();
        let dirs = std::iter::once(self.common_dir.clone()).chain(linked.map(|entry| entry.path()));
        let entries = dirs.flat_map(|dir| self.entries_of(&dir.join("index"), None, &|_| true).unwrap_or_default());
        entries.map(|entry| entry.blob).collect()
    }

    fn shallow_commits(&self, problems: &mut Vec<Problem>) -> HashSet<Oid> {
        match read::if_there(&self.common_dir.join("shallow"), SHALLOW_LIMIT) {
            Ok(text) => {
                let text = text.unwrap_or_default();
                text.split(|byte| *byte == b'\n').filter_map(refs::leading_id).collect()
            }
            Err(_) => {
                problems.push(refs::broken(b"shallow"));
                HashSet::new()
            }
        }
    }

    fn index_entries(
        &self,
        file: Option<&Path>,
        wanted: &dyn Fn(&RelPath) -> bool,
    ) -> Result<Vec<IndexEntry>, Problem> {
        let path = file.map_or_else(|| self.git_dir.join("index"), Path::to_path_buf);
        self.entries_of(&path, file, wanted)
    }

    fn entries_of(
        &self,
        path: &Path,
        file: Option<&Path>,
        wanted: &dyn Fn(&RelPath) -> bool,
    ) -> Result<Vec<IndexEntry>, Problem> {
        let broken = || Problem::whole(ProblemKind::BrokenIndex);
        let bytes = read::if_there(path, INDEX_LIMIT).map_err(|_| broken())?;
        let Some(bytes) = bytes else { return Ok(Vec::new()) };
        let mut entries = Vec::new();
        let read = index::read(&bytes, self.id_len, &mut |entry| {
            let path = RelPath::new(entry.path);
            if wanted(&path) {
                let index::Entry { blob, mode, stage, intent_to_add, .. } = entry;
                entries.push(IndexEntry { path, blob, mode, stage, intent_to_add });
            }
        });
        match read {
            Ok(()) => Ok(entries),
            Err(IndexFault::Broken) => Err(broken()),
            Err(IndexFault::Unsupported) => {
                let entries = child::index(&self.git_dir, file)?;
                Ok(entries.into_iter().filter(|entry| wanted(&entry.path)).collect())
            }
        }
    }
}
