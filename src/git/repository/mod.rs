//! One repository. git2's types do not leave `git/`.

pub(in crate::git) mod branches;
pub(in crate::git) mod indexes;
pub(in crate::git) mod modified;
pub(in crate::git) mod open;
pub(in crate::git) mod outgoing;
pub(in crate::git) mod owner;
pub(in crate::git) mod settings;
pub(in crate::git) mod stamp;
pub(in crate::git) mod submodules;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::config::{Config, upstream};
use super::refs::{self, Refs, Value};
use super::{Care, History, Index, Oid, Question, RulesHere, read};
use crate::files::READ_LIMIT;
use crate::git::history::examine::{self, Context};
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::object::tree;
use crate::git::odb::store::{Local, Store};
use crate::git::refs::revision::{self, Names};
use crate::git::refs::store::RefStore;
use crate::git::refs::{reftable, tips};
use crate::git::repository::open::Opened;
use crate::git::repository::settings::HooksDir;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::secret::Secret;

/// An open repository.
pub struct Repository {
    workdir: Option<PathBuf>,
    git_dir: PathBuf,
    common_dir: PathBuf,
    config: Config,
    /// The length of its ids.
    pub(super) id_len: usize,
    /// Whether its refs are not in files.
    pub(super) has_reftable: bool,
    pub(super) refs: RefStore,
    /// Where its objects lie.
    local: Local,
    /// What each commit that was asked about reaches.
    pasts: Mutex<HashMap<Oid, Arc<HashSet<Oid>>>>,
    /// The rule files that a sparse checkout left out.
    left_out: OnceLock<BTreeMap<RelPath, Oid>>,
}

impl Repository {
    /// The repository that `start` (a directory) is in: work tree, linked work tree, submodule, bare. `None` where
    /// there is none. No `GIT_` variable is obeyed.
    ///
    /// # Errors
    /// One that another user owns, that cannot be read, or whose configuration puts its work tree elsewhere.
    pub fn discover(start: &Path) -> Result<Option<Self>, Problem> {
        Ok(open::discover(start)?.map(Self::of))
    }

    /// The repository of which this is the git directory, as a bare one.
    ///
    /// # Errors
    /// One that another user owns, or that cannot be read.
    pub(super) fn of_git_dir(dir: &Path) -> Result<Self, Problem> {
        open::open_git_dir(dir).map(Self::of)
    }

    /// The repository of a git directory, as git tells a hook in `GIT_DIR`: with the work tree that `GIT_WORK_TREE`
    /// names, else, unless it is bare, the directory in which the hook runs.
    ///
    /// # Errors
    /// As [`Repository::discover`]; no repository is one, too.
    pub fn at(git_dir: &Path, directory: &Path, work_tree: Option<PathBuf>) -> Result<Self, Problem> {
        let found = Self::of_git_dir(git_dir)?;
        let workdir = match work_tree {
            None if found.is_bare() => None,
            None => Some(directory.to_path_buf()),
            Some(tree) => Some(tree.canonicalize().map_err(|error| Problem::io(RelPath::default(), &error))?),
        };
        Ok(Self { workdir, ..found })
    }

    fn of(opened: Opened) -> Self {
        let Opened { git_dir, common_dir, workdir, config, id_len, has_reftable } = opened;
        let refs = RefStore::new(&git_dir, &common_dir, id_len, has_reftable);
        let local = Local::new(common_dir.join("objects"), id_len);
        let (pasts, left_out) = (Mutex::default(), OnceLock::new());
        Self { workdir, git_dir, common_dir, config, id_len, has_reftable, refs, local, pasts, left_out }
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn refs(&self) -> &RefStore {
        &self.refs
    }

    /// The refs below a prefix that name an object themselves. A symbolic one (`origin/HEAD`) points at another of them.
    pub(super) fn refs_below(&self, prefix: &[u8], problems: &mut Vec<Problem>) -> Vec<(Vec<u8>, Oid)> {
        let refs = match self.has_reftable {
            true => reftable::read(&self.common_dir, self.id_len).map(|stack| stack.refs).unwrap_or_else(|problem| {
                problems.push(problem);
                Refs::new()
            }),
            false => refs::read_all(&self.common_dir, b"", problems),
        };
        let named = refs.into_iter().filter(|(name, _)| name.starts_with(prefix));
        named.filter_map(|(name, value)| if let Value::Id(id) = value { Some((name, id)) } else { None }).collect()
    }

    /// The ids at the tips of the refs below a prefix.
    pub(super) fn tips_below(&self, prefix: &[u8], problems: &mut Vec<Problem>) -> Vec<Oid> {
        self.refs_below(prefix, problems).into_iter().map(|(_, id)| id).collect()
    }

    /// A linked work tree of a bare repository is none.
    fn is_bare(&self) -> bool {
        self.git_dir == self.common_dir && self.config.is_true("core.bare")
    }

    /// Also reads objects from this directory: where a server keeps those of a push until it is taken.
    pub fn add_objects(&mut self, directory: Option<&Path>) {
        if let Some(directory) = directory {
            self.local.add(directory);
        }
    }

    /// Its objects.
    pub(super) fn store(&self) -> Store<'_> {
        Store::new(&self.local)
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

    /// Where git runs hooks from: `core.hooksPath`, else `hooks` in the common directory.
    #[must_use]
    pub fn hooks_dir(&self) -> HooksDir {
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
        if self.git_dir == self.common_dir || self.config.is_true("core.bare") {
            return None;
        }
        let beside = || self.common_dir.parent().filter(|_| self.common_dir.ends_with(".git")).map(Path::to_path_buf);
        // A configuration alone leads nowhere: the directory must know the repository, too.
        let is_its = |dir: &PathBuf| {
            open::discover(dir).is_ok_and(|found| {
                found.is_some_and(|found| found.git_dir == self.common_dir && found.workdir.as_ref() == Some(dir))
            })
        };
        self.configured_worktree().or_else(beside).filter(is_its)
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
        match settings::ignore_places(self) {
            Some(places) => places.is_ignored(path, &|rules| self.left_out_rules(rules)),
            None => Ok(false),
        }
    }

    /// git's ignore rules in a directory of the work tree; `None` if git ignores the directory, or if there is no work
    /// tree.
    ///
    /// # Errors
    /// Rules that cannot be read.
    pub fn ignore_rules(&self, dir: &RelPath) -> Result<Option<RulesHere>, Problem> {
        let places = settings::ignore_places(self);
        places.map_or(Ok(None), |places| places.rules_in(dir, &|rules| self.left_out_rules(rules)))
    }

    /// The same, from the rules of the directory in which it is.
    ///
    /// # Errors
    /// Rules that cannot be read.
    pub fn ignore_rules_below(&self, above: &RulesHere, dir: &RelPath) -> Result<Option<RulesHere>, Problem> {
        let places = settings::ignore_places(self);
        places.map_or(Ok(None), |places| places.rules_below(above, dir, &|rules| self.left_out_rules(rules)))
    }

    /// The text of a rule file that a sparse checkout left out; the index is read once for all of them.
    #[expect(clippy::disallowed_methods, reason = "ignore rules are no secret")]
    fn left_out_rules(&self, path: &RelPath) -> Result<Option<Vec<u8>>, Problem> {
        let known = match self.left_out.get() {
            Some(known) => known,
            None => {
                let index = self.read_index(None, Care::Whole)?;
                let is_known = index.says_what_is_left_out() || self.config.is_true("core.sparsecheckout");
                let found = if is_known { index.left_out_rules()? } else { BTreeMap::new() };
                self.left_out.get_or_init(|| found)
            }
        };
        let text = known.get(path).map(|blob| self.blob(*blob, READ_LIMIT)).transpose()?;
        Ok(text.map(|text| text.expose().to_vec()))
    }

    /// HEAD's commit; `None` before the first one.
    ///
    /// # Errors
    /// A HEAD that names nothing.
    pub fn head(&self) -> Result<Option<Oid>, Problem> {
        self.refs.head()
    }

    /// A blob's content.
    ///
    /// # Errors
    /// Missing, corrupt, no blob, or larger than `limit` bytes (found out before it is read).
    pub fn blob(&self, id: Oid, limit: u64) -> Result<Secret, Problem> {
        self.store().blob(id, limit)
    }

    /// The whole text of a commit or of an annotated tag: message, names, times.
    ///
    /// # Errors
    /// Missing, corrupt, or another kind of object.
    pub fn text(&self, id: Oid) -> Result<Secret, Problem> {
        match self.store().read(id) {
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
        let store = self.store();
        let tree = store.tree_of(commit).map_err(|fault| fault.at(commit))?;
        let found = tree::entry_at(&store, tree, path.as_bytes())?;
        Ok(found.filter(|(_, mode)| tree::is_file_mode(*mode)).map(|(id, _)| id))
    }

    /// The commit that `spec` (an id, an abbreviated id, a ref, with `~n` and the like behind it) names.
    ///
    /// # Errors
    /// None or several.
    pub fn resolve(&self, spec: &str) -> Result<Oid, Problem> {
        let store = self.store();
        Names { refs: &self.refs, store: &store, config: &self.config }.commit(spec)
    }

    /// Whether a plain `git push` of the current branch goes to its upstream.
    #[must_use]
    pub fn pushes_to_upstream(&self) -> bool {
        let branch = self.refs.branch().ok().flatten();
        branch.is_some_and(|branch| upstream::is_pushed(&self.config, &branch))
    }

    /// Whether `ancestor` is `of` or reachable from it.
    ///
    /// # Errors
    /// Objects that cannot be read.
    pub fn is_ancestor(&self, ancestor: Oid, of: Oid) -> Result<bool, Problem> {
        Ok(self.past(of)?.contains(&ancestor))
    }

    pub(super) fn commit_is_known(&self, id: Oid, known: &[Oid]) -> Result<bool, Problem> {
        Ok(known.contains(&id) || !self.outgoing(&[id], known)?.commits.contains(&id))
    }

    /// A commit and everything that it reaches; found out once.
    fn past(&self, of: Oid) -> Result<Arc<HashSet<Oid>>, Problem> {
        let pasts = || self.pasts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = pasts().get(&of) {
            return Ok(Arc::clone(known));
        }
        let past = Arc::new(revision::past(&self.store(), of, &self.shallow_commits(&mut Vec::new()))?);
        pasts().insert(of, Arc::clone(&past));
        Ok(past)
    }

    /// Whether the commit `through` (an abbreviated id, a tag) is `commit` or comes after it.
    #[must_use]
    pub fn covers(&self, through: &str, commit: Oid) -> bool {
        self.resolve(through).is_ok_and(|through| self.is_ancestor(commit, through).unwrap_or(false))
    }

    /// Every path that is asked for, in every commit of the store, reachable or not, and in trees without a commit;
    /// and contents without a path.
    #[must_use]
    pub fn history(&self, question: &Question<'_>) -> History {
        let mut problems = Vec::new();
        // Before the objects: what is written meanwhile is not named yet.
        let tips = match self.has_reftable {
            true => tips::read_tables(&self.common_dir, self.id_len, &mut problems),
            false => tips::read_all(&self.common_dir, &mut problems),
        };
        let shallow = self.shallow_commits(&mut problems);
        let setting = Context {
            objects: &self.common_dir.join("objects"),
            id_len: self.id_len,
            tips: &tips,
            staged: &self.staged_blobs(&mut problems),
            shallow: &shallow,
            is_partial: settings::is_partial(self),
        };
        let mut history = examine::history(&setting, question);
        history.problems.append(&mut problems);
        history.problems.sort();
        history.problems.dedup();
        history
    }

    /// The blobs in the indexes of all work trees.
    fn staged_blobs(&self, problems: &mut Vec<Problem>) -> HashSet<Oid> {
        let mut blobs = HashSet::new();
        for (dir, _) in tips::git_dirs(&self.common_dir, problems) {
            match self.index_at(&dir, None, Care::Whole).and_then(Index::into_entries) {
                Ok(entries) => blobs.extend(entries.into_iter().map(|entry| entry.blob)),
                Err(problem) => problems.push(problem),
            }
        }
        blobs
    }

    pub(super) fn shallow_commits(&self, problems: &mut Vec<Problem>) -> HashSet<Oid> {
        match read::if_there(&self.common_dir.join("shallow"), read::LIST) {
            Ok(text) => {
                let text = text.unwrap_or_default();
                text.split(|byte| *byte == b'\n').filter_map(refs::leading_id).collect()
            }
            Err(error) => {
                problems.push(read::problem(RelPath::from("shallow"), &error, read::LIST));
                HashSet::new()
            }
        }
    }
}
