//! The entries of an index, wherever they were read.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::staged::{self, Comparer, Staged};
use crate::git::index::{self, Entry, IndexFault};
use crate::git::object::read::Objects;
use crate::git::{Change, Oid};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

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
    /// Only meant to be added (`git add -N`): the blob is the empty one, and a commit leaves the path out.
    pub intent_to_add: bool,
}

/// An index that can be read.
#[derive(Debug)]
pub struct Index {
    pub(in crate::git) content: Content,
}

#[derive(Debug)]
pub(in crate::git) enum Content {
    /// The file, by our own reader.
    File(index::Index),
    /// The entries of a split or sparse one, put together.
    Listed(Vec<IndexEntry>),
}

impl Index {
    /// One of these entries.
    pub(in crate::git) fn listed(entries: Vec<IndexEntry>) -> Self {
        Self { content: Content::Listed(entries) }
    }

    /// How many entries there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        match &self.content {
            Content::File(index) => index.count(),
            Content::Listed(entries) => u64::try_from(entries.len()).unwrap_or(u64::MAX),
        }
    }

    /// The blob at a path.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn blob_at(&self, path: &RelPath) -> Result<Option<Oid>, Problem> {
        let mut found = None;
        let ended = self.each(|entry: Entry<'_>| match entry.path.cmp(path.as_bytes()) {
            Ordering::Less => Ok(()),
            Ordering::Equal => {
                found = Oid::from_bytes(entry.blob);
                Err(End::Reached)
            }
            Ordering::Greater => Err(End::Reached),
        });
        match ended {
            Ok(()) | Err(End::Reached) => Ok(found),
            Err(End::Broken) => Err(broken()),
        }
    }

    /// Whether it says which entries a sparse checkout left out; of one that was put together it is not known.
    pub(in crate::git) fn says_what_is_left_out(&self) -> bool {
        matches!(self.content, Content::File(_))
    }

    /// The rule files that a sparse checkout may have left out of the work tree, and their blobs.
    pub(in crate::git) fn left_out_rules(&self) -> Result<BTreeMap<RelPath, Oid>, Problem> {
        let mut found = BTreeMap::new();
        self.each(|entry: Entry<'_>| -> Result<(), Problem> {
            let is_rules = entry.path.rsplit(|byte| *byte == b'/').next() == Some(b".gitignore");
            if is_rules && entry.is_left_out && entry.stage == 0 {
                found.insert(RelPath::new(entry.path), Oid::from_bytes(entry.blob).ok_or(broken())?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// All entries, every stage.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn into_entries(self) -> Result<Vec<IndexEntry>, Problem> {
        if let Content::Listed(entries) = self.content {
            return Ok(entries);
        }
        let mut entries = Vec::with_capacity(usize::try_from(self.count()).unwrap_or(0));
        self.each(|entry: Entry<'_>| -> Result<(), Problem> {
            let Entry { mode, stage, intent_to_add, .. } = entry;
            let blob = Oid::from_bytes(entry.blob).ok_or(broken())?;
            entries.push(IndexEntry { path: RelPath::new(entry.path), blob, mode, stage, intent_to_add });
            Ok(())
        })?;
        Ok(entries)
    }

    /// What differs from a tree (`None`: there is nothing yet), and what does not and `also` asks for.
    pub(in crate::git) fn against(
        &self,
        objects: &dyn Objects,
        tree: Option<Oid>,
        also: &dyn Fn(&[u8]) -> bool,
    ) -> Result<Vec<Staged>, Problem> {
        let trees = match &self.content {
            Content::File(index) => index.trees(),
            Content::Listed(_) => index::CacheTree::default(),
        };
        let mut comparer = Comparer::new(objects, &trees, tree)?;
        let mut found = Vec::new();
        self.each(|entry: Entry<'_>| -> Result<(), Problem> {
            let is_same = comparer.is_same(&entry);
            // Nearly all entries end here.
            if is_same && !also(entry.path) {
                return Ok(());
            }
            let compared = if is_same { staged::unchanged(&entry) } else { comparer.compare(&entry)? };
            let Some((change, head)) = compared else { return Ok(()) };
            if change != Change::Unchanged || also(entry.path) {
                let blob = Oid::from_bytes(entry.blob).ok_or(broken())?;
                found.push(Staged { path: RelPath::new(entry.path), blob, head, mode: entry.mode, change });
            }
            Ok(())
        })?;
        Ok(found)
    }

    pub(in crate::git) fn each<E: From<IndexFault>>(
        &self,
        mut sink: impl FnMut(Entry<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match &self.content {
            Content::File(index) => index.each(sink),
            Content::Listed(entries) => entries.iter().try_for_each(|entry| {
                let IndexEntry { path, blob, mode, stage, intent_to_add } = entry;
                sink(Entry {
                    path: path.as_bytes(),
                    blob: blob.as_bytes(),
                    mode: *mode,
                    stage: *stage,
                    intent_to_add: *intent_to_add,
                    // git lists them where it alone reads the index, and a sparse one is such.
                    is_left_out: true,
                    stamp: None,
                })
            }),
        }
    }
}

/// Why a search for a path ended.
enum End {
    Reached,
    Broken,
}

impl From<IndexFault> for End {
    fn from(_: IndexFault) -> Self {
        Self::Broken
    }
}

impl From<IndexFault> for Problem {
    fn from(_: IndexFault) -> Self {
        broken()
    }
}

/// The problem with the index.
pub(in crate::git) fn broken() -> Problem {
    Problem::whole(ProblemKind::BrokenIndex)
}
