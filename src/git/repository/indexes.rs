//! The indexes of a repository, and what a commit of one would change.

use std::path::Path;

use crate::git::index::{self, staged};
use crate::git::object::read::Objects as _;
use crate::git::{Care, Index, IndexEntry, Oid, Repository, Staged, read, refs};
use crate::path::RelPath;
use crate::problem::Problem;

impl Repository {
    /// The entries of the index (every stage), or of another index file. No file is an empty index.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn index(&self, file: Option<&Path>) -> Result<Vec<IndexEntry>, Problem> {
        self.index_at(self.git_dir(), file, Care::Whole)?.into_entries()
    }

    /// The index, or another index file, to be compared with HEAD. No file is an empty index.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn read_index(&self, file: Option<&Path>, care: Care) -> Result<Index, Problem> {
        self.index_at(self.git_dir(), file, care)
    }

    /// What a commit of the index would add or change, and unchanged entries whose path `also` asks for. In a conflict
    /// every stage counts; in a merge (of `heads`, and those that git wrote down) what a parent that was published has,
    /// too, is no change.
    ///
    /// # Errors
    /// An index, a HEAD or a tree that cannot be read.
    pub fn changes(&self, index: &Index, heads: &[Oid], also: &dyn Fn(&[u8]) -> bool) -> Result<Vec<Staged>, Problem> {
        let store = self.store();
        let tree = |id: Oid| store.tree_of(id).map_err(|fault| fault.at(id));
        let head = self.head()?.map(tree).transpose()?;
        let mut changes = index.against(&store, head, also)?;
        for parent in self.published_merge_heads(heads)? {
            let theirs = index.against(&store, Some(tree(parent)?), also)?;
            staged::without_common(&mut changes, theirs);
        }
        Ok(changes)
    }

    /// Entries of an index, each compared with HEAD at the same path. In a conflict every stage counts. What is only
    /// meant to be added (`git add -N`) is left out: a commit leaves it out, too.
    ///
    /// # Errors
    /// A HEAD that cannot be read.
    pub fn compare(&self, entries: Vec<IndexEntry>) -> Result<Vec<Staged>, Problem> {
        let store = self.store();
        let tree = |id: Oid| store.tree_of(id).map_err(|fault| fault.at(id));
        let head = self.head()?.map(tree).transpose()?;
        Index::listed(entries).against(&store, head, &|_| true)
    }

    /// Of the commits that are being merged those that a remote has: what they bring is out already. `git merge` names
    /// them in a file where it stops, and in variables where it goes on to a hook.
    fn published_merge_heads(&self, named: &[Oid]) -> Result<Vec<Oid>, Problem> {
        let broken = |error| read::problem(RelPath::from("MERGE_HEAD"), &error, read::LIST);
        let text = read::if_there(&self.git_dir().join("MERGE_HEAD"), read::LIST).map_err(broken)?.unwrap_or_default();
        let mut heads: Vec<Oid> = text.split(|byte| *byte == b'\n').filter_map(refs::leading_id).collect();
        heads.extend(named);
        let remote = if heads.is_empty() { Vec::new() } else { self.remote_tips() };
        let mut published = Vec::new();
        for head in heads {
            if self.commit_is_known(head, &remote)? {
                published.push(head);
            }
        }
        Ok(published)
    }

    /// The index of a work tree's git directory, or this other file of it.
    pub(in crate::git) fn index_at(&self, git_dir: &Path, file: Option<&Path>, care: Care) -> Result<Index, Problem> {
        index::read(git_dir, file, (self.id_len, care), &self.store())
    }
}
