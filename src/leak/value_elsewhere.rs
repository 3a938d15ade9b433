//! Values in use that stand in another place: in git history and names, in the index, in a commit that is about to be
//! pushed, in a tracked file.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use super::live::{Owner, Values};
use super::staged::Holder;
use crate::env::Key;
use crate::files::Root;
use crate::finding::Origin;
use crate::git::{Blob, Change, CommitRef, Message, Occurrences, Oid, PathHistory, Reach, Repository, Staged, Unnamed};
use crate::name::Name;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::secret::search::Spot;
use crate::secret::{Form, Secret, Tag};

/// The largest blob that is searched: GitHub takes files of 100 MiB, GitLab's default for a push is 100 MiB, too.
pub const BLOB_LIMIT: u64 = 256 << 20;

/// A value in use that is in another place.
#[derive(Clone)]
pub struct Found {
    /// The key that has it, where it may be printed.
    pub key: Option<Key>,
    /// The env file that has it.
    pub in_use: RelPath,
    /// How it is written there.
    pub form: Form,
    /// Where it stands.
    pub place: Place,
    pub(crate) tag: Tag,
}

/// Where a value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// In what.
    pub origin: Origin,
    /// The line of its first place; `None` in an archive, and where there are no lines.
    pub line: Option<NonZeroU32>,
    /// In what part of it.
    pub part: Part,
    /// Since when, and for how long.
    pub presence: Presence,
}

/// In what part of its place a value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// In the content.
    Content,
    /// Packed in it.
    Archive,
    /// In the name: the last part of the path, or a ref's.
    Name,
    /// In a commit's message, or a person's name in it.
    Message,
    /// In an annotated tag's.
    Tag,
}

impl Part {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Archive => "archive",
            Self::Name => "name",
            Self::Message | Self::Tag => "message",
        }
    }
}

/// How firmly a value stands where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// A commit, or a push, would bring it.
    Coming {
        /// Whether what it was made from does not have it.
        is_new: bool,
        /// The commit, where a push brings it.
        commit: Option<CommitRef>,
    },
    /// A file of the work tree has it, which git tracks.
    Tracked,
    /// A file of the work tree has it, which git neither tracks nor ignores.
    Untracked,
    /// Git history has it.
    Past {
        /// The first commit that had it there; `None` where none has.
        commit: Option<CommitRef>,
        /// The strongest hold on a commit that has it.
        reach: Reach,
        /// The full names of the refs that reach one, sorted.
        refs: Vec<Name>,
    },
}

/// Where a repository's paths are in the project.
pub struct Mapping<'a> {
    /// The repository itself.
    pub dir: RelPath,
    /// One of its paths; `None` outside the project.
    pub path: &'a dyn Fn(&RelPath) -> Option<RelPath>,
    /// Whether it is told already that a value is in a file, or in a content without a path.
    pub is_told: &'a dyn Fn(&RelPath, Option<Oid>, Tag) -> bool,
}

impl Found {
    /// The values in use that stand in an entry of the index, or of a commit, or in its name. What the version before
    /// has, too, is not new.
    ///
    /// # Errors
    /// A blob that cannot be read.
    pub fn in_entry(
        values: &Values,
        repository: &Repository,
        entry: &Staged,
        holder: &Holder,
    ) -> Result<Vec<Self>, Problem> {
        let read = |blob| {
            let at = |problem| Problem { path: Some(entry.path.clone()), ..problem };
            repository.blob(blob, BLOB_LIMIT).map_err(at)
        };
        let spots = values.find(&read(entry.blob)?);
        let before = match entry.head.filter(|_| !spots.is_empty()) {
            Some(head) => values.find(&read(head)?),
            None => Vec::new(),
        };
        let found = spots.iter().filter_map(|spot| {
            let is_new = before.iter().all(|old| old.value != spot.value);
            Self::new(values, spot, holder.origin(entry), Presence::Coming { is_new, commit: holder.commit() })
        });
        let mut found: Vec<Self> = found.collect();
        if entry.change == Change::Added {
            found.extend(Self::in_name(values, entry.path.as_bytes(), &holder.origin(entry)));
        }
        Ok(found)
    }

    /// The values in use that stand in a name that a commit or a push would bring.
    pub fn in_name(values: &Values, name: &[u8], origin: &Origin) -> Vec<Self> {
        let coming = Presence::Coming { is_new: true, commit: None };
        let spots = values.find_in(name);
        let found = spots.iter().filter_map(|spot| Self::new(values, spot, origin.clone(), coming.clone()));
        found.map(|found| found.within(Part::Name)).collect()
    }

    /// The values in use that stand in the message of a commit or of a tag that a push would bring, or in the names of
    /// who made it.
    ///
    /// # Errors
    /// An object that cannot be read.
    #[expect(clippy::disallowed_methods, reason = "looks at the first word, which git writes")]
    pub fn in_message(values: &Values, repository: &Repository, object: Oid) -> Result<Vec<Self>, Problem> {
        let text = repository.text(object)?;
        let part = if text.expose().starts_with(b"object ") { Part::Tag } else { Part::Message };
        let spots = values.find(&text);
        let origin = || Origin::Message { dir: RelPath::default(), object };
        let coming = Presence::Coming { is_new: true, commit: None };
        let found = spots.iter().filter_map(|spot| Self::new(values, spot, origin(), coming.clone()));
        Ok(found.map(|found| found.within(part)).collect())
    }

    /// The values in use that a tracked file of the work tree has, and what is `staged` of it has not; its path below
    /// `root`, and as the project sees it.
    ///
    /// # Errors
    /// A file or a blob that cannot be read.
    pub fn in_file(
        values: &Values,
        root: &Root,
        (path, shown): (&RelPath, &RelPath),
        staged: &dyn Fn() -> Result<Option<Secret>, Problem>,
    ) -> Result<Vec<Self>, Problem> {
        let at = |problem| Problem { path: Some(shown.clone()), ..problem };
        let Some(text) = root.read_secret(path, BLOB_LIMIT).map_err(at)? else { return Ok(Vec::new()) };
        let spots = values.find(&text);
        if spots.is_empty() {
            return Ok(Vec::new());
        }
        let known = staged().map_err(at)?.map(|text| values.find(&text)).unwrap_or_default();
        let new = spots.iter().filter(|spot| known.iter().all(|known| known.value != spot.value));
        let origin = || Origin::Worktree(shown.clone());
        Ok(new.filter_map(|spot| Self::new(values, spot, origin(), Presence::Tracked)).collect())
    }

    /// The values in use that an untracked file of at most `limit` bytes has. What cannot be read has none: it is not git's
    /// yet.
    pub(crate) fn in_untracked(
        values: &Values,
        root: &Root,
        (path, shown): (&RelPath, &RelPath),
        limit: u64,
    ) -> Vec<Self> {
        let Ok(Some(text)) = root.read_secret(path, limit) else { return Vec::new() };
        let origin = || Origin::Worktree(shown.clone());
        let spots = values.find(&text);
        spots.iter().filter_map(|spot| Self::new(values, spot, origin(), Presence::Untracked)).collect()
    }

    /// Whether what it was made from has it, too.
    #[must_use]
    pub fn is_as_before(&self) -> bool {
        matches!(self.place.presence, Presence::Coming { is_new: false, .. })
    }

    /// The values in use that git history has: in contents, messages and names.
    #[must_use]
    pub fn in_history(values: &Values, sightings: &Occurrences, located: &Mapping<'_>) -> Vec<Self> {
        let mut found = Vec::new();
        let is_told = |path: &RelPath, blob, spot: &Spot| {
            values.owner(spot.value).is_some_and(|owner| (located.is_told)(path, blob, owner.tag))
        };
        for history in &sightings.paths {
            let Some(path) = (located.path)(&history.path) else { continue };
            let is_new = |spot: &Spot| !is_told(&path, None, spot);
            found.extend(at_path(values, history, &path, &|blob| sightings.of(blob), &is_new));
        }
        for Unnamed { id, refs, reach } in &sightings.nameless {
            let origin = Origin::Object { dir: located.dir.clone(), blob: *id };
            let past = Presence::Past { commit: None, reach: *reach, refs: refs.clone() };
            let spots = sightings.of(*id).iter().filter(|spot| !is_told(&located.dir, Some(*id), spot));
            found.extend(spots.filter_map(|spot| Self::new(values, spot, origin.clone(), past.clone())));
        }
        for (history, spots) in &sightings.names {
            let Some(path) = (located.path)(&history.path) else { continue };
            let in_name = at_path(values, history, &path, &|_| spots, &|_| true);
            found.extend(in_name.into_iter().map(|found| found.within(Part::Name)));
        }
        for Message { id, commit, spots, refs, reach } in &sightings.messages {
            let origin = Origin::Message { dir: located.dir.clone(), object: *id };
            let past = Presence::Past { commit: commit.clone(), reach: *reach, refs: refs.clone() };
            let found_here = spots.iter().filter_map(|spot| Self::new(values, spot, origin.clone(), past.clone()));
            found.extend(found_here.map(|found| found.within(Part::Message)));
        }
        for (name, reach, spots) in &sightings.refs {
            let origin = Origin::Ref { dir: located.dir.clone(), name: name.clone() };
            let past = Presence::Past { commit: None, reach: *reach, refs: vec![name.clone()] };
            let found_here = spots.iter().filter_map(|spot| Self::new(values, spot, origin.clone(), past.clone()));
            found.extend(found_here.map(|found| found.within(Part::Name)));
        }
        found
    }

    /// In a part that has no lines; those before a message are git's.
    fn within(self, part: Part) -> Self {
        Self { place: Place { line: None, part, ..self.place }, ..self }
    }

    /// A value in use at a place; `None` for a number that is no value's.
    pub(crate) fn new(values: &Values, spot: &Spot, origin: Origin, presence: Presence) -> Option<Self> {
        let Owner { key, path, tag } = values.owner(spot.value)?;
        let part = if spot.line.is_some() { Part::Content } else { Part::Archive };
        let place = Place { origin, line: spot.line, part, presence };
        Some(Self { key: key.clone(), in_use: path.clone(), form: spot.form, place, tag: *tag })
    }
}

/// Each value once, with the first commit that had it, the content that stood there then, and the strongest hold.
fn at_path<'s>(
    values: &Values,
    history: &PathHistory,
    path: &RelPath,
    spots: &dyn Fn(Oid) -> &'s [Spot],
    is_new: &dyn Fn(&Spot) -> bool,
) -> Vec<Found> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for newest in history.blobs.iter().rev() {
        for spot in spots(newest.id) {
            if !seen.insert(spot.value) || !is_new(spot) {
                continue;
            }
            let has = |blob: &&Blob| spots(blob.id).iter().any(|other| other.value == spot.value);
            let with = || history.blobs.iter().filter(has);
            let reach = with().map(|blob| blob.reach).min().unwrap_or(Reach::Unreachable);
            // What something holds goes before what nothing does.
            let counts = |blob: &&Blob| blob.reach < Reach::Unreachable || reach == Reach::Unreachable;
            let first = with().filter(counts).find(|blob| blob.first.is_some());
            let shown = first.unwrap_or(newest);
            let spot = spots(shown.id).iter().find(|other| other.value == spot.value).unwrap_or(spot);
            let origin = Origin::History { path: path.clone(), object: Some(shown.id) };
            let commit = first.and_then(|blob| blob.first.clone());
            let past = Presence::Past { commit, reach, refs: history.refs.clone() };
            found.extend(Found::new(values, spot, origin, past));
        }
    }
    found
}
