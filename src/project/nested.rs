//! What git says about files of the work tree: tracked, ignored. A nested repository (a submodule, a clone within a
//! clone) answers for its own files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::walk::Listing;
use crate::env::{Cipher, Document};
use crate::git::{Oid, Repository, is_ignored_below};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::env_file::{GitView, Upstream};

pub(super) struct Views<'a> {
    own: Option<(&'a Repository, View)>,
    nested: Vec<(RelPath, Repository, View)>,
    /// The root, where it is in no repository and has a `.gitignore` all the same: an unpacked release.
    unpacked: Option<PathBuf>,
}

/// A repository inside the project's work tree: a submodule, a clone within a clone.
pub struct Nested {
    /// Its directory, below the project root.
    pub dir: RelPath,
    /// The repository.
    pub repository: Repository,
}

impl std::fmt::Debug for Nested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Nested({})", self.dir)
    }
}

struct View {
    tracked: BTreeMap<RelPath, Oid>,
    /// What is only meant to be added (`git add -N`).
    meant: BTreeSet<RelPath>,
    /// Where the project root is, seen from the top of the work tree.
    prefix: RelPath,
    /// The commit that the branch's upstream was at, where there is one.
    upstream: Option<Oid>,
}

impl<'a> Views<'a> {
    /// Opens what the walk found. A repository that cannot be opened or read is a problem, and its files have no view.
    pub(super) fn new(
        root: &Path,
        repository: Option<&'a Repository>,
        listing: &Listing,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let is_unpacked =
            repository.is_none() && root.join(".gitignore").is_file() && root.join(".git").symlink_metadata().is_err();
        let unpacked = is_unpacked.then(|| root.to_path_buf());
        let mut views = Self { own: None, nested: Vec::new(), unpacked };
        if let Some(repository) = repository {
            views.own = keep(View::of(repository, root), problems).flatten().map(|view| (repository, view));
        }
        for dir in &listing.repositories {
            let found = keep(Repository::discover(&dir.under(root)), problems).flatten();
            let Some(repository) = found else { continue };
            let view = keep(View::of(&repository, &dir.under(root)), problems).flatten();
            if let Some(view) = view {
                views.nested.push((dir.clone(), repository, view));
            }
        }
        // The innermost first.
        views.nested.sort_by_key(|(dir, ..)| std::cmp::Reverse(dir.as_bytes().len()));
        views
    }

    /// The nested repositories, to be looked into themselves.
    pub(super) fn into_nested(self) -> Vec<Nested> {
        let mut nested: Vec<Nested> =
            self.nested.into_iter().map(|(dir, repository, _)| Nested { dir, repository }).collect();
        nested.sort_by(|a, b| a.dir.cmp(&b.dir));
        nested
    }

    /// What git says about a path below the project root.
    pub(super) fn of(&self, path: &RelPath, problems: &mut Vec<Problem>) -> Option<GitView> {
        let inner = self
            .nested
            .iter()
            .find_map(|(dir, repository, view)| path.strip_dir(dir).map(|below| (repository, view, below)));
        let own = self.own.as_ref().map(|(repository, view)| (*repository, view, path.clone()));
        let Some((repository, view, below)) = inner.or(own) else {
            let ignored = keep(is_ignored_below(self.unpacked.as_ref()?, path), problems)?;
            return Some(GitView { ignored, ..GitView::default() });
        };
        let in_repository = view.prefix.join(below.as_bytes());
        if view.meant.contains(&in_repository) {
            // `git commit -a` takes it, whatever the rules say.
            return Some(GitView::default());
        }
        let ignored = keep(repository.is_ignored(&in_repository), problems)?;
        let in_index = view.tracked.get(&in_repository);
        let is_sealed = in_index.is_some_and(|id| is_sealed(repository, *id));
        let tracked = in_index.is_some();
        // What of it cannot be read is told where the history is examined.
        let upstream = view.upstream.filter(|_| !tracked).map(|tip| at_upstream(repository, tip, &in_repository));
        Some(GitView { tracked, is_sealed, ignored, upstream: upstream.unwrap_or_default() })
    }
}

impl View {
    fn of(repository: &Repository, dir: &Path) -> Result<Option<Self>, Problem> {
        let Some(prefix) = repository.workdir().and_then(|top| RelPath::below(top, dir)) else { return Ok(None) };
        let (meant, tracked): (Vec<_>, Vec<_>) =
            repository.index(None)?.into_iter().partition(|entry| entry.intent_to_add);
        let tracked = tracked.into_iter().map(|entry| (entry.path, entry.blob)).collect();
        let meant = meant.into_iter().map(|entry| entry.path).collect();
        let upstream = repository.resolve("@{upstream}").ok();
        Ok(Some(Self { tracked, meant, prefix, upstream }))
    }
}

/// What the upstream of the branch, at this commit, has of a file that is not in the index.
fn at_upstream(repository: &Repository, tip: Oid, path: &RelPath) -> Upstream {
    let version = |commit: Oid| repository.at_commit(commit, path).ok().flatten();
    let Some(theirs) = version(tip) else { return Upstream::Nothing };
    let Ok(Some(head)) = repository.head() else { return Upstream::Incoming };
    let between = |from: Oid, to: Oid| repository.outgoing(&[to], &[from]).map(|outgoing| outgoing.commits);
    if !between(head, tip).is_ok_and(|missing| missing.is_empty()) {
        return Upstream::Incoming;
    }
    let is_new = |commit: &Oid| version(*commit).is_some_and(|version| version != theirs);
    match between(tip, head) {
        Ok(unpushed) if unpushed.iter().any(is_new) => Upstream::VersionsUnpushed,
        _ if version(head).is_some() => Upstream::RemovalStaged,
        _ => Upstream::RemovalCommitted { is_plain: repository.pushes_to_upstream() },
    }
}

/// No env file is larger.
const LARGEST: u64 = 1 << 20;

/// Whether a file in the index is ciphertext as a whole. What cannot be read is told where the index is examined.
fn is_sealed(repository: &Repository, id: Oid) -> bool {
    let text = repository.blob(id, LARGEST);
    text.is_ok_and(|text| Document::parse(text).cipher() == Some(Cipher::GitCrypt))
}

fn keep<T>(answer: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    match answer {
        Ok(value) => Some(value),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}
