//! What the repository's history gave away, path by path.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use super::blob;
use crate::config::Config;
use crate::env::Key;
use crate::env::names::{self, Role};
use crate::environment::Environment;
use crate::finding::{ExposedKey, KeyState, Origin};
use crate::git::{Blob, CommitRef, History, Oid, PathHistory, Reach, Repository, Unnamed};
use crate::leak::moved_files::Moves;
use crate::leak::versions::{Occurrence, Tally, graver};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::{Content, Live, Reading, Seen, environment_of, is_sealed};
use crate::secret::strength::Strength;
use crate::secret::{GroupKey, Secret, Tag};

/// A key whose value now was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveHit {
    /// The key, where it may be printed.
    pub key: Option<Key>,
    /// The first commit that held the value there; `None` where only a tree does, without one.
    pub commit: Option<CommitRef>,
    /// The strongest hold on a commit that has it.
    pub reach: Reach,
    /// What it is used for now: the most severe environment.
    pub environment: Environment,
    /// The file that has it now.
    pub in_use: RelPath,
    /// How hard the value is to guess.
    pub strength: Strength,
}

impl LiveHit {
    /// Whether no commit ever had it and nothing reaches it: the value never left this machine.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        is_lost(self.commit.as_ref(), self.reach)
    }
}

/// A filled value of a template, and how long it stood there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// The key, where it may be printed.
    pub key: Option<Key>,
    /// Its line in the first version that has it.
    pub line: NonZeroU32,
    /// What it is worth today.
    pub state: KeyState,
    /// How hard the value is to guess.
    pub strength: Strength,
    /// The strongest hold on a commit that has it.
    pub reach: Reach,
    /// The first commit that had it; `None` where only a tree does, without one.
    pub since: Option<CommitRef>,
    /// The commit that put another version in the place of the last one that has it, or removed the file.
    pub until: Option<CommitRef>,
    /// The first and the last version that have it, by their numbers.
    pub(crate) versions: (usize, usize),
}

impl Stood {
    /// Whether no commit ever had it and nothing reaches it: the value never left this machine.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        is_lost(self.since.as_ref(), self.reach)
    }
}

/// One env file's, copy's or template's path in the history, and what stood in it.
#[derive(Debug)]
pub struct Exposure {
    /// The path's history.
    pub history: PathHistory,
    /// What its name says it is.
    pub role: Role,
    /// What it was for, by its name.
    pub environment: Environment,
    /// Its secret keys, over all versions.
    pub keys: Vec<ExposedKey>,
    /// The values that have been replaced in their env file, and for which of the keys: see [`Exposure::still_written`].
    pub replaced: Vec<(usize, Secret)>,
    /// The strongest hold on a commit that has a filled secret; `None` where nothing filled was ever in it.
    pub filled: Option<Reach>,
    /// The keys whose value now was in it.
    pub live: Vec<LiveHit>,
    /// Of a template, the values that were filled in.
    pub stood: Vec<Stood>,
    /// The values in use that it is reported for.
    pub told: BTreeSet<Tag>,
    /// Whether a version could not be read, or was not opened (an archive).
    pub unread: bool,
    /// Whether every version was ciphertext.
    pub ciphertext: bool,
    /// Whether this is a content without a path: the path is then the repository's own.
    pub nameless: bool,
}

/// Where the repository's paths are in the project.
pub struct Placing<'a> {
    /// The repository itself.
    pub dir: RelPath,
    /// One of its paths; `None` outside the project.
    pub path: &'a dyn Fn(&RelPath) -> Option<RelPath>,
    /// What a path is.
    pub reading: &'a dyn Fn(&RelPath) -> Option<Reading<'a>>,
}

/// What is compared with.
pub struct Judge<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The secrets in use.
    pub live: &'a Live,
    /// Groups values.
    pub group: &'a GroupKey,
}

impl Exposure {
    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        let newest = self.history.blobs.last().map(|blob| blob.id);
        if let Some(blob) = newest.filter(|_| self.nameless) {
            return Origin::Object { dir: self.history.path.clone(), blob };
        }
        Origin::History { path: self.history.path.clone(), object: newest }
    }

    /// Whether a problem with an object is one with a version of it, of which another problem names the path.
    #[must_use]
    pub fn tells(&self, problem: &Problem) -> bool {
        let is_opened = self.unread && self.role != Role::Archive;
        let is_this = |blob: &Blob| problem.path.as_ref() == Some(&blob.id.to_string().as_str().into());
        let is_object = matches!(problem.kind, ProblemKind::MissingObject | ProblemKind::CorruptObject);
        is_opened && is_object && self.history.blobs.iter().any(is_this)
    }

    /// Forgets that values were replaced, where a file that is tracked or deployed still has them.
    pub fn still_written(&mut self, has: &dyn Fn(&Secret) -> bool) {
        for (index, value) in &self.replaced {
            if let Some(key) = self.keys.get_mut(*index).filter(|_| has(value)) {
                key.state = graver(key.state, KeyState::Unknown);
            }
        }
    }

    /// Whether nothing reaches it, and no commit ever had it.
    #[must_use]
    pub fn is_dangling(&self) -> bool {
        is_lost(self.history.added.as_ref(), self.history.reach)
    }

    /// Reads every version of every path of the history, and what has no path.
    #[must_use]
    pub fn load(
        repository: &Repository,
        history: &History,
        placing: &Placing<'_>,
        judge: &Judge<'_>,
        seen: &mut Seen<'_>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Self> {
        let mut exposures = Vec::new();
        let moves = Moves::of(history, placing);
        let plain = plain_blobs(history, placing);
        for mut history in history.paths.iter().cloned() {
            // A name that says nothing stands here for a content that gave it away, or that another name did.
            let is_given_away = history.is_numbered || history.same_as.is_some();
            // A doubtful name of its own keeps it from being found as the other name of a content.
            let is_copy = || {
                names::doubt(history.path.file_name()).is_some()
                    && history.blobs.iter().any(|blob| plain.contains(&blob.id))
            };
            let reading = match (placing.reading)(&history.path) {
                Some(one) if one.is_doubtful && (is_given_away || is_copy()) => Some(Reading::plain(Role::Env)),
                None if is_given_away => Some(Reading::plain(Role::Env)),
                reading => reading,
            };
            let (Some(path), Some(reading)) = ((placing.path)(&history.path), reading) else { continue };
            history.path = path;
            history.same_as = history.same_as.map(|same| (placing.path)(&same).unwrap_or(same));
            // The directories around an id spread notes out, and mean nothing.
            let place = match history.is_numbered {
                true => placing.dir.join(history.path.file_name()),
                false => history.path.clone(),
            };
            let places = [vec![place], moves.from(&history.path)].concat();
            exposures.extend(exposure(repository, history, (reading, &places), judge, seen, problems));
        }
        for blob in &history.nameless {
            let history = without_path(blob.clone(), &placing.dir);
            let (places, mut own) = ([history.path.clone()], Vec::new());
            let found = exposure(repository, history, (Reading::plain(Role::Env), &places), judge, seen, &mut own);
            let at_object = |problem| Problem { path: Some(blob.id.to_string().as_str().into()), ..problem };
            problems.extend(own.into_iter().map(at_object));
            exposures.extend(found.map(|found| Self { nameless: true, ..found }));
        }
        exposures
    }
}

/// Whether nothing reaches what no commit ever had: `git add` alone left it, and it never left this machine.
pub(super) fn is_lost(commit: Option<&CommitRef>, reach: Reach) -> bool {
    commit.is_none() && reach == Reach::Unreachable
}

/// The contents that some env file had, whatever doubtful names they have besides.
fn plain_blobs(history: &History, placing: &Placing<'_>) -> BTreeSet<Oid> {
    let is_plain = |one: Reading<'_>| one.role == Role::Env && !one.is_doubtful && one.secret.is_none();
    let paths = history.paths.iter().filter(|path| (placing.reading)(&path.path).is_some_and(is_plain));
    paths.flat_map(|path| &path.blobs).map(|blob| blob.id).collect()
}

/// What has no path, in the shape of what has one.
fn without_path(blob: Unnamed, dir: &RelPath) -> PathHistory {
    const REGULAR: u32 = 0o100_644;
    let Unnamed { id, refs, reach } = blob;
    PathHistory {
        path: dir.clone(),
        same_as: None,
        is_numbered: false,
        blobs: vec![Blob { id, mode: REGULAR, first: None, reach, is_elsewhere: false }],
        added: None,
        last_changed: None,
        removed: None,
        refs,
        reach,
    }
}

/// What stood at a path; `None` where no version was an env file.
fn exposure(
    repository: &Repository,
    mut history: PathHistory,
    (reading, places): (Reading<'_>, &[RelPath]),
    judge: &Judge<'_>,
    seen: &mut Seen<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Exposure> {
    let mut tally = Tally::default();
    let mut others = BTreeSet::new();
    let mut role = reading.role;
    let is_dangling = is_lost(history.added.as_ref(), history.reach);
    for (version, blob) in history.blobs.iter().enumerate() {
        let which = (blob.id, blob.mode);
        match blob::content(repository, &history.path, which, reading, judge.config, problems) {
            Content::Read(text) => {
                role = text.role;
                let (document, secrets) = text.into_all();
                tally.plain |= !is_sealed(&document, &secrets);
                seen.add(Some(&document), &secrets);
                let environment = environment_of(&history.path, Some(&document), judge.config);
                let is_lost = !is_dangling && is_lost(blob.first.as_ref(), blob.reach);
                let here = Occurrence { version, blob, role, environment, places, is_lost };
                secrets.iter().for_each(|secret| tally.add(secret, &here, judge));
            }
            Content::Sealed => {}
            Content::Unread => tally.unread = true,
            Content::Other => drop(others.insert(blob.id)),
        }
    }
    let Tally { keys, stood, replaced, live, filled, told, unread, plain } = tally;
    let ciphertext = !(plain || unread);
    let number = |name: String| keys.keys().position(|known| *known == name);
    let replaced = replaced.into_iter().filter_map(|(name, value)| Some((number(name)?, value))).collect();
    let keys = keys.into_values().map(|(key, state, strength)| ExposedKey { key, state, strength }).collect();
    let live = live.into_values().map(|(_, hit)| hit).collect();
    let mut stood: Vec<Stood> = stood.into_values().map(|stood| stood.ended(&history)).collect();
    // Tags of values order them again in each run.
    stood.sort_by_key(|stood| (stood.versions, stood.line));
    let environment = environment_of(&history.path, None, judge.config);
    history.blobs.retain(|blob| !others.contains(&blob.id));
    let is_something = !history.blobs.is_empty();
    let nameless = false;
    let exposure = Exposure {
        history,
        role,
        environment,
        keys,
        replaced,
        filled,
        live,
        stood,
        told,
        unread,
        ciphertext,
        nameless,
    };
    is_something.then_some(exposure)
}
