//! The local branches, and what of each a remote has or had: what is to be done with them after a history was rewritten.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::git::config::upstream;
use crate::git::object::commit::Commit;
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::refs::store::RefStore;
use crate::git::{Oid, Repository, read};
use crate::problem::Problem;

/// What precedes the names of branches, and of those that follow a remote's.
const HEADS: &[u8] = b"refs/heads/";
const REMOTES: &[u8] = b"refs/remotes/";

/// A local branch.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name: `main`.
    pub name: Vec<u8>,
    /// The work tree that has it checked out.
    pub place: CheckedOut,
    /// The remote-tracking branch to which it belongs: `origin/main`.
    pub upstream: Option<Vec<u8>>,
    /// Its newest commit.
    pub tip: Oid,
    /// The commits of it that no remote has or had.
    pub own: Own,
}

/// Where a branch is checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckedOut {
    /// Nowhere.
    Nowhere,
    /// Here.
    Here,
    /// In another work tree of the repository.
    Linked(PathBuf),
}

/// The commits of a branch that no remote has or had, as far as the remote-tracking branches and their logs know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// None.
    Nothing,
    /// So many, behind this commit.
    Since(Oid, usize),
    /// All.
    All,
}

/// What the remotes of a repository have or had.
pub struct Remotes<'a> {
    repository: &'a Repository,
    /// The commits at which each remote-tracking branch is or was, by its full name, the newest first.
    tips: BTreeMap<Vec<u8>, Vec<Oid>>,
}

impl std::fmt::Debug for Remotes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.tips.iter().map(|(name, tips)| (String::from_utf8_lossy(name), tips))).finish()
    }
}

impl Repository {
    /// What its remotes have or had, by the remote-tracking branches and their logs. A ref that cannot be read knows nothing.
    #[must_use]
    pub fn remotes(&self) -> Remotes<'_> {
        let now = self.refs_below(REMOTES, &mut Vec::new());
        let tips = now.into_iter().map(|(name, id)| {
            let log = self.refs().log(&name).unwrap_or_default();
            let past = log.iter().rev().flat_map(|(old, new)| [*new, *old]).filter(|id| !id.is_zero());
            let mut seen = HashSet::new();
            let all: Vec<Oid> = std::iter::once(id).chain(past).filter(|id| seen.insert(*id)).collect();
            (name, all)
        });
        Remotes { repository: self, tips: tips.collect() }
    }

    /// Whether changes were put aside.
    #[must_use]
    pub fn has_stash(&self) -> bool {
        self.refs().id(b"refs/stash").is_ok_and(|id| id.is_some())
    }

    /// Whether HEAD names a commit and no branch.
    #[must_use]
    pub fn is_detached(&self) -> bool {
        self.head_branch().is_ok_and(|branch| branch.is_none())
    }

    /// The full name of the branch that is checked out here; `None` where HEAD is a commit.
    ///
    /// # Errors
    /// A HEAD that cannot be read.
    pub fn head_branch(&self) -> Result<Option<Vec<u8>>, Problem> {
        self.refs().branch()
    }

    /// The top of another work tree in which a branch is checked out. One that cannot be read is none.
    #[must_use]
    pub fn checked_out_at(&self, branch: &[u8]) -> Option<PathBuf> {
        match self.checked_out().remove(branch) {
            Some(CheckedOut::Linked(top)) => Some(top),
            _ => None,
        }
    }

    /// Where the branches are checked out, by their full names.
    fn checked_out(&self) -> BTreeMap<Vec<u8>, CheckedOut> {
        let common = self.common_dir();
        let branch =
            |git_dir: &Path| RefStore::new(git_dir, common, self.id_len, self.has_reftable).branch().ok().flatten();
        let mut places = BTreeMap::new();
        let linked = read::entries_if_there(&common.join("worktrees")).unwrap_or_default();
        for git_dir in linked.into_iter().map(|entry| entry.path()) {
            let text = read::if_there(&git_dir.join("gitdir"), read::REF).ok().flatten();
            let tree = text.and_then(|text| top(&git_dir, &text)).filter(|tree| tree.is_dir());
            places.extend(branch(&git_dir).zip(tree.map(CheckedOut::Linked)));
        }
        places.extend(branch(common).zip(self.main_workdir().map(CheckedOut::Linked)));
        places.extend(self.head_branch().ok().flatten().map(|name| (name, CheckedOut::Here)));
        places
    }
}

/// The work tree whose `.git` file this names; since git 2.48 by a path from the git directory.
fn top(git_dir: &Path, gitdir: &[u8]) -> Option<PathBuf> {
    git_dir.join(OsStr::from_bytes(gitdir.trim_ascii())).parent().map(Path::to_path_buf)
}

impl Remotes<'_> {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tips.is_empty()
    }

    /// Whether a remote has or had a commit.
    #[must_use]
    pub fn had(&self, commit: Oid) -> bool {
        self.new_commits(commit).is_ok_and(|commits| !commits.contains(&commit))
    }

    /// The local branches of these full names.
    ///
    /// # Errors
    /// Refs or objects that cannot be read.
    pub fn branches(&self, names: &BTreeSet<Vec<u8>>) -> Result<Vec<Branch>, Problem> {
        let places = self.repository.checked_out();
        let mut branches = Vec::new();
        for full in names {
            let (Some(name), Some(tip)) = (full.strip_prefix(HEADS), self.repository.refs().id(full)?) else {
                continue;
            };
            let own = self.own(tip)?;
            let base = match own {
                Own::Nothing => Some(tip),
                Own::Since(base, _) => Some(base),
                Own::All => None,
            };
            let upstream = upstream::of(self.repository.config(), full).filter(|name| self.tips.contains_key(name));
            let upstream = upstream.or_else(|| self.holder(base?, own));
            branches.push(Branch {
                name: name.to_vec(),
                place: places.get(full).cloned().unwrap_or(CheckedOut::Nowhere),
                upstream: upstream.and_then(|name| name.strip_prefix(REMOTES).map(<[u8]>::to_vec)),
                tip,
                own,
            });
        }
        Ok(branches)
    }

    /// The commits that `tip` reaches and no remote has or had.
    fn new_commits(&self, tip: Oid) -> Result<Vec<Oid>, Problem> {
        // What a log names may be gone already: it knows nothing then.
        let known: Vec<Oid> = self.tips.values().flatten().copied().collect();
        Ok(self.repository.outgoing(&[tip], &known)?.commits)
    }

    fn own(&self, tip: Oid) -> Result<Own, Problem> {
        let new: HashSet<Oid> = self.new_commits(tip)?.into_iter().collect();
        if !new.contains(&tip) {
            return Ok(Own::Nothing);
        }
        let store = self.repository.store();
        let mut at = tip;
        for _ in 0..=new.len() {
            let content = store.read_as(at, Kind::Commit).map_err(|fault| fault.at(at))?;
            let commit = Commit::parse(&content).ok_or_else(|| Fault::Corrupt.at(at))?;
            match commit.parents.first() {
                Some(parent) if new.contains(parent) => at = *parent,
                Some(parent) => return Ok(Own::Since(*parent, new.len())),
                None => break,
            }
        }
        Ok(Own::All)
    }

    /// The remote-tracking branch that a branch without an upstream goes to: the one that was at this commit, or, for what
    /// has commits of its own, one that contained it.
    fn holder(&self, base: Oid, own: Own) -> Option<Vec<u8>> {
        let named = self.tips.iter().filter(|(name, _)| !name.ends_with(b"/HEAD"));
        let was_at = named.clone().find(|(_, tips)| tips.contains(&base));
        let contains = |tips: &[Oid]| tips.iter().any(|tip| self.repository.is_ancestor(base, *tip).unwrap_or(false));
        let found = was_at.or_else(|| (own != Own::Nothing).then(|| named.clone().find(|(_, tips)| contains(tips)))?);
        found.map(|(name, _)| name.clone())
    }
}
