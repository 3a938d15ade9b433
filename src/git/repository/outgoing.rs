//! What somebody else has not: commits, and what each of them changes; tags; files to which a ref leads without a commit.

use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

use crate::git::object::commit::Commit;
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::object::tag::{Peeled, peel};
use crate::git::object::tree::{self, Tree};
use crate::git::{Change, CommitRef, Oid, Repository, Staged};
use crate::path::RelPath;
use crate::problem::Problem;

/// One commit changes no more files and directories than these: a few kilobytes of trees that name each other over and
/// over make more than fit into any memory.
const MOST: usize = 5_000_000;
/// Deeper directories than these are in no file system: Linux takes paths of 4,096 bytes.
const DEEPEST: usize = 2048;
/// How far clocks may be apart, in seconds: a day, which git's own `name-rev` allows for.
const SKEW: i64 = 86_400;

/// What somebody has not.
#[derive(Debug, Default)]
pub struct Outgoing {
    /// Commits, the oldest first.
    pub commits: Vec<Oid>,
    /// Annotated tags.
    pub tags: Vec<Oid>,
    /// Files to which a tip leads without a commit, by that tip. One that is the file itself has no path.
    pub files: Vec<(Oid, Vec<Staged>)>,
}

impl Repository {
    /// The commits at the tips of the remote-tracking refs: what some remote has. A ref that cannot be read knows nothing.
    #[must_use]
    pub fn remote_tips(&self) -> Vec<Oid> {
        self.tips_below(b"refs/remotes/", &mut Vec::new())
    }

    /// The commits at the tips of all refs.
    ///
    /// # Errors
    /// A ref that cannot be read.
    pub fn ref_tips(&self) -> Result<Vec<Oid>, Problem> {
        let mut problems = Vec::new();
        let tips = self.tips_below(b"refs/", &mut problems);
        problems.into_iter().next().map_or(Ok(tips), Err)
    }

    /// What `tips` reach and `known` does not. What is known and not here reaches nothing here.
    ///
    /// # Errors
    /// Objects that cannot be read.
    pub fn outgoing(&self, tips: &[Oid], known: &[Oid]) -> Result<Outgoing, Problem> {
        let store = self.store();
        let mut range = Range::new(&store, self.shallow_commits(&mut Vec::new()));
        let mut outgoing = Outgoing::default();
        let tips: BTreeSet<Oid> = tips.iter().copied().collect();
        let known: BTreeSet<Oid> = known.iter().copied().collect();
        for tip in tips.difference(&known) {
            let Peeled { kind, id, tags } = peel(&store, *tip)?;
            outgoing.tags.extend(tags);
            match kind {
                Kind::Commit => range.see(id, false)?,
                Kind::Tree => outgoing.files.push((*tip, below(&store, id, &[])?)),
                Kind::Blob | Kind::Tag => outgoing.files.push((*tip, vec![alone(id)])),
            }
        }
        for id in known {
            if let Ok(Peeled { kind: Kind::Commit, id, .. }) = peel(&store, id) {
                range.see(id, true)?;
            }
        }
        outgoing.commits = range.walk()?;
        Ok(outgoing)
    }

    /// The commit that an id names, itself or through tags; `None` where there is none.
    #[must_use]
    pub fn commit_behind(&self, id: Oid) -> Option<Oid> {
        let peeled = peel(&self.store(), id).ok()?;
        (peeled.kind == Kind::Commit).then_some(peeled.id)
    }

    /// A commit's parents, those that are here.
    ///
    /// # Errors
    /// A commit that cannot be read.
    pub fn parents(&self, id: Oid) -> Result<Vec<Oid>, Problem> {
        let content = self.store().read_as(id, Kind::Commit).map_err(|fault| fault.at(id))?;
        let commit = Commit::parse(&content).ok_or_else(|| Fault::Corrupt.at(id))?;
        let is_cut = self.shallow_commits(&mut Vec::new()).contains(&id);
        Ok(if is_cut { Vec::new() } else { commit.parents })
    }

    /// The commit's name, and the files in it that no parent has so.
    ///
    /// # Errors
    /// Objects that cannot be read.
    pub fn changes_of(&self, id: Oid) -> Result<(CommitRef, Vec<Staged>), Problem> {
        let store = self.store();
        let content = store.read_as(id, Kind::Commit).map_err(|fault| fault.at(id))?;
        let commit = Commit::parse(&content).ok_or_else(|| Fault::Corrupt.at(id))?;
        // In a shallow clone the parents of its oldest commits are not here.
        let is_cut = self.shallow_commits(&mut Vec::new()).contains(&id);
        let parents = commit.parents.iter().filter(|_| !is_cut);
        let tree_of = |parent: &Oid| store.tree_of(*parent).map_err(|fault| fault.at(*parent));
        let parents = parents.map(tree_of).collect::<Result<Vec<_>, _>>()?;
        let found = below(&store, commit.tree, &parents)?;
        Ok((commit.named(id), found))
    }
}

/// A file without a path.
fn alone(blob: Oid) -> Staged {
    Staged { path: RelPath::default(), blob, head: None, mode: 0o100_644, change: Change::Added }
}

/// The files below a tree that none of the parents' trees has so.
fn below(objects: &dyn Objects, tree: Oid, parents: &[Oid]) -> Result<Vec<Staged>, Problem> {
    let mut walk = Walk { objects, path: Vec::new(), steps: 0, found: Vec::new() };
    walk.below(tree, parents, 0)?;
    Ok(walk.found)
}

/// The commits between some and others, from the newest to the oldest, as git's own walk does it: it ends when every
/// commit that waits is known. Clocks differ: a commit that was taken for new before a known one turned out to be its
/// descendant is struck out again, and the walk goes on for [`SKEW`]. With clocks that are further apart a commit may be
/// judged once too often, never once too few.
struct Range<'a> {
    objects: &'a dyn Objects,
    shallow: HashSet<Oid>,
    /// Every commit that was seen, its parents, and whether it is known.
    seen: HashMap<Oid, (Vec<Oid>, bool)>,
    waiting: BinaryHeap<(i64, Oid)>,
    /// How many that wait are new.
    new: usize,
    order: Vec<Oid>,
    /// The time of the oldest of those.
    oldest: i64,
}

impl<'a> Range<'a> {
    fn new(objects: &'a dyn Objects, shallow: HashSet<Oid>) -> Self {
        let (seen, waiting) = (HashMap::new(), BinaryHeap::new());
        Self { objects, shallow, seen, waiting, new: 0, order: Vec::new(), oldest: i64::MAX }
    }

    fn see(&mut self, id: Oid, is_known: bool) -> Result<(), Problem> {
        if let Some((_, known)) = self.seen.get(&id) {
            if is_known && !known {
                self.strike(id);
            }
            return Ok(());
        }
        let read = |content: Vec<u8>| {
            let commit = Commit::parse(&content).ok_or(Fault::Corrupt)?;
            Ok((commit.parents, commit.time))
        };
        let (parents, time) = match self.objects.read_as(id, Kind::Commit).and_then(read) {
            Ok(read) => read,
            // The past of what is known need not be here.
            Err(Fault::Missing) if is_known => return Ok(()),
            Err(fault) => return Err(fault.at(id)),
        };
        let parents = if self.shallow.contains(&id) { Vec::new() } else { parents };
        self.seen.insert(id, (parents, is_known));
        self.waiting.push((time, id));
        self.new += usize::from(!is_known);
        Ok(())
    }

    /// A commit that was taken for new is known, and so are its ancestors.
    fn strike(&mut self, id: Oid) {
        let mut ids = vec![id];
        while let Some(id) = ids.pop() {
            let Some((parents, known)) = self.seen.get_mut(&id).filter(|(_, known)| !known) else { continue };
            *known = true;
            ids.extend_from_slice(parents);
        }
        let is_new = |id: &Oid| self.seen.get(id).is_some_and(|(_, known)| !known);
        self.new = self.waiting.iter().filter(|(_, id)| is_new(id)).count();
    }

    fn walk(mut self) -> Result<Vec<Oid>, Problem> {
        while let Some((time, id)) = self.waiting.pop() {
            if self.new == 0 && (self.order.is_empty() || time < self.oldest.saturating_sub(SKEW)) {
                break;
            }
            let Some((parents, is_known)) = self.seen.get(&id).cloned() else { continue };
            self.new -= usize::from(!is_known);
            if !is_known {
                self.order.push(id);
                self.oldest = self.oldest.min(time);
            }
            for parent in parents {
                self.see(parent, is_known)?;
            }
        }
        let seen = self.seen;
        self.order.retain(|id| seen.get(id).is_some_and(|(_, known)| !known));
        self.order.reverse();
        Ok(self.order)
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
                there.filter(|(_, their)| tree::are_alike(*their, mode)).map(|(id, _)| *id).collect();
            let length = self.path.len();
            self.path.extend_from_slice(&name);
            if tree::is_directory_mode(mode) {
                self.path.push(b'/');
                self.below(id, &there.into_iter().collect::<Vec<_>>(), depth + 1)?;
            } else if tree::is_file_mode(mode) && !there.contains(&id) {
                let head = there.first().copied();
                let change = if head.is_some() { Change::Modified } else { Change::Added };
                self.found.push(Staged { path: RelPath::new(self.path.as_slice()), blob: id, head, mode, change });
            }
            self.path.truncate(length);
        }
        Ok(())
    }

    fn read(&self, id: Oid) -> Result<Tree, Problem> {
        tree::tree(self.objects, id)
    }
}
