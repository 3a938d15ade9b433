//! One repository. git2's types do not leave `git/`.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::asked::Asked;
use super::entries::Content;
use super::examine::{self, Setting};
use super::index::{self, IndexFault};
use super::means::Means;
use super::objects::{self, Fault, Kind, Objects};
use super::store::{Local, Store};
use super::{
    History, Index, IndexEntry, Oid, Question, Staged, child, open, read, refs, revision, settings, staged, tips,
};
use crate::files::READ_LIMIT;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

const SHALLOW_LIMIT: u64 = 64 << 20;
const MERGE_LIMIT: u64 = 1 << 20;

/// An open repository.
pub struct Repository {
    means: Means,
    workdir: Option<PathBuf>,
    git_dir: PathBuf,
    common_dir: PathBuf,
    /// The length of its ids.
    id_len: usize,
    /// Where its objects lie.
    local: Local,
    /// What each commit that was asked about reaches.
    pasts: RefCell<HashMap<Oid, Rc<HashSet<Oid>>>>,
    /// The rule files that a sparse checkout left out.
    left_out: OnceCell<BTreeMap<RelPath, Oid>>,
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

    /// The repository of a git directory, as git tells a hook in `GIT_DIR`: with the work tree that `GIT_WORK_TREE`
    /// names, else, unless it is bare, the directory in which the hook runs.
    ///
    /// # Errors
    /// As [`Repository::discover`]; no repository is one, too.
    pub fn at(git_dir: &Path, directory: &Path, work_tree: Option<PathBuf>) -> Result<Self, Problem> {
        let found = Self::discover(git_dir)?.ok_or(Problem::whole(ProblemKind::NotARepository))?;
        let workdir = match work_tree {
            None if found.is_bare() => None,
            None => Some(directory.to_path_buf()),
            Some(tree) => Some(tree.canonicalize().map_err(|error| Problem::io(RelPath::default(), &error))?),
        };
        Ok(Self { workdir, ..found })
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
        let local = Local::new(common_dir.join("objects"), id_len);
        let (pasts, left_out) = (RefCell::default(), OnceCell::new());
        Self { means, workdir, git_dir, common_dir, id_len, local, pasts, left_out }
    }

    pub(super) fn means(&self) -> &Means {
        &self.means
    }

    /// Whether its refs are not in files.
    pub(super) fn has_reftable(&self) -> bool {
        matches!(&self.means, Means::Git(Asked { has_reftable: true, .. }))
    }

    /// A linked work tree of a bare repository is none.
    fn is_bare(&self) -> bool {
        self.git_dir == self.common_dir && self.means.is_true("core.bare")
    }

    /// Also reads objects from this directory: where a server keeps those of a push until it is taken.
    ///
    /// # Errors
    /// A directory that cannot be read.
    pub fn add_objects(&mut self, directory: Option<&Path>) -> Result<(), Problem> {
        let Some(directory) = directory else { return Ok(()) };
        let unsupported = || Problem::whole(ProblemKind::UnsupportedRepository);
        if let Means::Libgit2(repo) = &self.means {
            let text = directory.to_str().ok_or_else(unsupported)?;
            repo.odb().and_then(|odb| odb.add_disk_alternate(text)).map_err(|_| unsupported())?;
        }
        self.local.add(directory);
        Ok(())
    }

    /// Its objects.
    pub(super) fn store(&self) -> Result<Store<'_>, Problem> {
        let theirs = match &self.means {
            Means::Libgit2(repo) => Some(repo.odb().map_err(|_| Problem::whole(ProblemKind::UnsupportedRepository))?),
            Means::Git(_) => None,
        };
        Ok(Store::new(theirs, &self.local))
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

    /// The top of the main work tree, of which this one is a linked one; `None` in the main one itself, and where a bare
    /// repository has none.
    #[must_use]
    pub fn main_workdir(&self) -> Option<PathBuf> {
        if self.git_dir == self.common_dir || self.means.is_true("core.bare") {
            return None;
        }
        let beside = || self.common_dir.parent().filter(|_| self.common_dir.ends_with(".git")).map(Path::to_path_buf);
        self.configured_worktree().or_else(beside).filter(|dir| dir.is_dir())
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
            Some(places) => places.is_ignored(path, &|rules| self.left_out_rules(rules)),
            None => Ok(false),
        }
    }

    /// The text of a rule file that a sparse checkout left out; the index is read once for all of them.
    #[expect(clippy::disallowed_methods, reason = "ignore rules are no secret")]
    fn left_out_rules(&self, path: &RelPath) -> Result<Option<Vec<u8>>, Problem> {
        let known = match self.left_out.get() {
            Some(known) => known,
            None => {
                let index = self.read_index(None)?;
                // Of entries that git listed it is not known which a sparse checkout left out.
                let is_known = !index.hides_intents() || self.means.is_true("core.sparsecheckout");
                let found = if is_known { index.left_out_rules()? } else { BTreeMap::new() };
                self.left_out.get_or_init(|| found)
            }
        };
        let text = known.get(path).map(|blob| self.blob(*blob, READ_LIMIT)).transpose()?;
        Ok(text.map(|text| text.expose().to_vec()))
    }

    /// The entries of the index (every stage), or of another index file. No file is an empty index.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn index(&self, file: Option<&Path>) -> Result<Vec<IndexEntry>, Problem> {
        self.index_entries(file, &|_| true)
    }

    /// The index, or another index file, to be compared with HEAD. No file is an empty index.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn read_index(&self, file: Option<&Path>) -> Result<Index, Problem> {
        let path = file.map_or_else(|| self.git_dir.join("index"), Path::to_path_buf);
        self.index_at(&path, file)
    }

    /// What a commit of the index would add or change, and unchanged entries whose path `also` asks for. In a conflict
    /// every stage counts; in a merge (of `heads`, and those that git wrote down) what a parent that was published has,
    /// too, is no change.
    ///
    /// # Errors
    /// An index, a HEAD or a tree that cannot be read.
    pub fn changes(&self, index: &Index, heads: &[Oid], also: &dyn Fn(&[u8]) -> bool) -> Result<Vec<Staged>, Problem> {
        let store = self.store()?;
        let tree = |id: Oid| store.tree_of(id).map_err(|fault| fault.at(id));
        let head = self.head()?.map(tree).transpose()?;
        let mut changes = index.against(&store, head, also)?;
        for parent in self.published_merge_heads(heads)? {
            let theirs = index.against(&store, Some(tree(parent)?), also)?;
            staged::without_common(&mut changes, theirs);
        }
        if index.hides_intents() && changes.iter().any(Staged::is_added_empty) {
            let added = child::staged_paths(&self.git_dir, index.file.as_deref())?;
            changes.retain(|change| !change.is_added_empty() || added.contains(&change.path));
        }
        Ok(changes)
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
        Index::listed(entries, None).against(&store, head, &|_| true)
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

    /// The whole text of a commit or of an annotated tag: message, names, times.
    ///
    /// # Errors
    /// Missing, corrupt, or another kind of object.
    pub fn text(&self, id: Oid) -> Result<Secret, Problem> {
        match self.store()?.read(id) {
            Ok((Kind::Commit | Kind::Tag, text)) => Ok(Secret::new(text)),
            Ok(_) => Err(Fault::Corrupt.at(id)),
            Err(fault) => Err(fault.at(id)),
        }
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
        match &self.means {
            Means::Git(asked) => asked.resolve(spec),
            Means::Libgit2(repo) => revision::resolve(repo, &self.store()?, spec),
        }
    }

    /// Whether `ancestor` is `of` or reachable from it.
    ///
    /// # Errors
    /// Objects that cannot be read.
    pub fn is_ancestor(&self, ancestor: Oid, of: Oid) -> Result<bool, Problem> {
        Ok(self.past(of)?.contains(&ancestor))
    }

    fn commit_is_known(&self, id: Oid, known: &[Oid]) -> Result<bool, Problem> {
        Ok(known.contains(&id) || !self.outgoing(&[id], known)?.commits.contains(&id))
    }

    /// A commit and everything that it reaches; found out once.
    fn past(&self, of: Oid) -> Result<Rc<HashSet<Oid>>, Problem> {
        if let Some(known) = self.pasts.borrow().get(&of) {
            return Ok(Rc::clone(known));
        }
        let past = Rc::new(revision::past(&self.store()?, of, &self.shallow_commits(&mut Vec::new()))?);
        self.pasts.borrow_mut().insert(of, Rc::clone(&past));
        Ok(past)
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
        let tips = match self.has_reftable() {
            true => tips::ask_all(&self.common_dir, &mut problems),
            false => tips::read_all(&self.common_dir, &mut problems),
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

    /// Of the commits that are being merged those that a remote has: what they bring is out already. `git merge` names
    /// them in a file where it stops, and in variables where it goes on to a hook.
    fn published_merge_heads(&self, named: &[Oid]) -> Result<Vec<Oid>, Problem> {
        let broken = |_| refs::broken(b"MERGE_HEAD");
        let text = read::if_there(&self.git_dir.join("MERGE_HEAD"), MERGE_LIMIT).map_err(broken)?.unwrap_or_default();
        let mut heads: Vec<Oid> = text.split(|byte| *byte == b'\n').filter_map(refs::leading_id).collect();
        heads.extend(named);
        let remote = if heads.is_empty() { Vec::new() } else { self.remote_tips()? };
        let mut published = Vec::new();
        for head in heads {
            if self.commit_is_known(head, &remote)? {
                published.push(head);
            }
        }
        Ok(published)
    }

    /// The blobs in the indexes of all work trees. One that cannot be read is a problem elsewhere.
    fn staged_blobs(&self) -> HashSet<Oid> {
        let linked = self.common_dir.join("worktrees").read_dir().into_iter().flatten().flatten();
        let dirs = std::iter::once(self.common_dir.clone()).chain(linked.map(|entry| entry.path()));
        let entries = dirs.flat_map(|dir| self.entries_of(&dir.join("index"), None, &|_| true).unwrap_or_default());
        entries.map(|entry| entry.blob).collect()
    }

    pub(super) fn shallow_commits(&self, problems: &mut Vec<Problem>) -> HashSet<Oid> {
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
        let mut entries = self.index_at(path, file)?.into_entries()?;
        entries.retain(|entry| wanted(&entry.path));
        Ok(entries)
    }

    fn index_at(&self, path: &Path, file: Option<&Path>) -> Result<Index, Problem> {
        let broken = || Problem::whole(ProblemKind::BrokenIndex);
        let other = file.map(Path::to_path_buf);
        let (opened, size) = match read::regular(path) {
            Ok(opened) => opened,
            Err(error) if read::is_absent(&error) => return Ok(Index::listed(Vec::new(), other)),
            Err(_) => return Err(broken()),
        };
        let content = match index::Index::open(opened, size, self.id_len) {
            Ok(index) => Content::File(index),
            Err(IndexFault::Broken) => return Err(broken()),
            Err(IndexFault::Unsupported) => Content::Listed(child::index(&self.git_dir, file)?),
        };
        Ok(Index { content, file: other })
    }
}
