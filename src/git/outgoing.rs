//! The commits that somebody else has not, and what each of them changes.

use std::collections::BTreeSet;

use super::objects::{self, Fault, Objects, Tree};
use super::store::{self, Store};
use super::{Change, Oid, Repository, Staged, refs};
use crate::finding::CommitRef;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// One commit changes no more files and directories than these: a few kilobytes of trees that name each other over and
/// over make more than fit into any memory.
const MOST: usize = 5_000_000;
/// Deeper directories than these are in no file system: Linux takes paths of 4,096 bytes.
const DEEPEST: usize = 2048;

impl Repository {
    /// The commits at the tips of the remote-tracking refs: what some remote has.
    ///
    /// # Errors
    /// Refs that cannot be read.
    pub fn remote_tips(&self) -> Result<Vec<Oid>, Problem> {
        self.tips_of("refs/remotes/*")
    }

    /// The commits at the tips of all refs.
    ///
    /// # Errors
    /// Refs that cannot be read.
    pub fn ref_tips(&self) -> Result<Vec<Oid>, Problem> {
        self.tips_of("refs/*")
    }

    fn tips_of(&self, glob: &str) -> Result<Vec<Oid>, Problem> {
        let found = self.repo.references_glob(glob).map_err(|_| refs::broken(b"refs"))?;
        let commits = found.flatten().filter_map(|tip| tip.peel_to_commit().ok());
        Ok(commits.filter_map(|commit| store::from_git2(commit.id())).collect())
    }

    /// The commits that `tips` (commits, or tags of them) reach and `known` does not, the oldest first. What is known
    /// and not here reaches nothing here.
    ///
    /// # Errors
    /// A tip that is no commit, or commits that cannot be read.
    pub fn commits(&self, tips: &[Oid], known: &[Oid]) -> Result<Vec<Oid>, Problem> {
        let unsupported = |_| Problem::whole(ProblemKind::UnsupportedRepository);
        let missing = |_| Problem::whole(ProblemKind::MissingObject);
        let mut walk = self.repo.revwalk().map_err(unsupported)?;
        walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE).map_err(unsupported)?;
        for tip in tips {
            let commit = self.peeled(*tip).ok_or_else(|| refs::broken(tip.to_string().as_bytes()))?;
            walk.push(commit).map_err(missing)?;
        }
        for commit in known.iter().filter_map(|id| self.peeled(*id)) {
            walk.hide(commit).map_err(missing)?;
        }
        walk.map(|id| id.map_err(missing).and_then(|id| store::from_git2(id).ok_or_else(|| refs::broken(b"HEAD"))))
            .collect()
    }

    fn peeled(&self, id: Oid) -> Option<git2::Oid> {
        let object = self.repo.find_object(store::to_git2(id).ok()?, None).ok()?;
        Some(object.peel_to_commit().ok()?.id())
    }

    /// The commit's name, and the files in it that no parent has so.
    ///
    /// # Errors
    /// Objects that cannot be read.
    pub fn changes_of(&self, id: Oid) -> Result<(CommitRef, Vec<Staged>), Problem> {
        let store = Store::open(&self.repo)?;
        let read = |id: Oid| store.commit(id).map_err(|fault| fault.at(id));
        let commit = read(id)?;
        // In a shallow clone the parents of its oldest commits are not here.
        let is_cut = self.shallow_commits(&mut Vec::new()).contains(&id);
        let parents = commit.parents.iter().filter(|_| !is_cut);
        let parents = parents.map(|parent| read(*parent).map(|parent| parent.tree)).collect::<Result<Vec<_>, _>>()?;
        let mut walk = Walk { objects: &store, path: Vec::new(), steps: 0, found: Vec::new() };
        walk.below(commit.tree, &parents, 0)?;
        Ok((commit.named(id), walk.found))
    }
}

/// A walk over what differs from all parents.
struct Walk<'a> {
    objects: &'a dyn Objects,
    path: Vec<u8>,
    steps: usize,
    found: Vec<Staged>,
}

impl Walk<'_> {
    /// The files below a tree; `parents` are the trees that the parents have in its place, those that have one.
    fn below(&mut self, tree: Oid, parents: &[Oid], depth: usize) -> Result<(), Problem> {
        if parents.contains(&tree) {
            return Ok(());
        }
        let theirs: Vec<Tree> = parents.iter().map(|parent| self.read(*parent)).collect::<Result<_, _>>()?;
        for (name, (id, mode)) in self.read(tree)? {
            self.steps += 1;
            if depth > DEEPEST || self.steps > MOST {
                return Err(Fault::TooLarge.at(tree));
            }
            let there = theirs.iter().filter_map(|tree| tree.get(&name));
            let there: BTreeSet<Oid> =
                there.filter(|(_, their)| objects::are_alike(*their, mode)).map(|(id, _)| *id).collect();
            let length = self.path.len();
            self.path.extend_from_slice(&name);
            if objects::is_directory_mode(mode) {
                self.path.push(b'/');
                self.below(id, &there.into_iter().collect::<Vec<_>>(), depth + 1)?;
            } else if objects::is_file_mode(mode) && !there.contains(&id) {
                let head = there.first().copied();
                let change = if head.is_some() { Change::Modified } else { Change::Added };
                self.found.push(Staged { path: RelPath::new(self.path.as_slice()), blob: id, head, mode, change });
            }
            self.path.truncate(length);
        }
        Ok(())
    }

    fn read(&self, id: Oid) -> Result<Tree, Problem> {
        objects::tree(self.objects, id)
    }
}
