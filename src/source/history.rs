//! What the repository's history gave away, path by path.

use std::collections::{BTreeMap, BTreeSet};

use super::blob::{self, Content};
use super::moved::Moves;
use super::project::environment_of;
use super::secrets::{Filling, FoundSecret, Live, Seen, all_in, is_sealed};
use crate::config::Config;
use crate::env::Key;
use crate::env::names::Role;
use crate::environment::Environment;
use crate::finding::{CommitRef, ExposedKey, KeyState, Origin};
use crate::git::{Blob, History, Nameless, PathHistory, Reach, Repository};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::{GroupKey, Secret, Tag};
use crate::strength::Strength;

/// A key whose value now was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveHit {
    /// The key, where it may be printed.
    pub key: Option<Key>,
    /// The first commit that held the value there; `None` where only a tree does, without one.
    pub commit: Option<CommitRef>,
    /// The strongest hold on a commit that has it.
    pub reach: Reach,
    /// What it is used for now: the gravest environment.
    pub environment: Environment,
    /// The file that has it now.
    pub in_use: RelPath,
    /// How hard the value is to guess.
    pub strength: Strength,
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
    /// What a path's name says it is.
    pub role: &'a dyn Fn(&RelPath) -> Option<Role>,
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

    /// Takes back that values were replaced, where a file that is tracked or deployed still has them.
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
        self.history.added.is_none() && self.history.reach == Reach::Unreachable
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
        for mut history in history.paths.iter().cloned() {
            // A name that says nothing stands here for a content that gave it away, or that another name did.
            let is_given_away = history.is_numbered || history.same_as.is_some();
            let role = (placing.role)(&history.path).or(is_given_away.then_some(Role::Env));
            let (Some(path), Some(role)) = ((placing.path)(&history.path), role) else { continue };
            history.path = path;
            history.same_as = history.same_as.map(|same| (placing.path)(&same).unwrap_or(same));
            // The directories around an id spread notes out, and mean nothing.
            let place = match history.is_numbered {
                true => placing.dir.join(history.path.file_name()),
                false => history.path.clone(),
            };
            let places = [vec![place], moves.from(&history.path)].concat();
            exposures.push(exposure(repository, history, (role, &places), judge, seen, problems));
        }
        for blob in &history.nameless {
            let history = without_path(blob.clone(), &placing.dir);
            let (places, mut own) = ([history.path.clone()], Vec::new());
            let found = exposure(repository, history, (Role::Env, &places), judge, seen, &mut own);
            let at_object = |problem| Problem { path: Some(blob.id.to_string().as_str().into()), ..problem };
            problems.extend(own.into_iter().map(at_object));
            exposures.push(Self { nameless: true, ..found });
        }
        exposures
    }
}

/// What has no path, in the shape of what has one.
fn without_path(blob: Nameless, dir: &RelPath) -> PathHistory {
    const REGULAR: u32 = 0o100_644;
    let Nameless { id, refs, reach } = blob;
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

#[derive(Default)]
struct Tally {
    keys: BTreeMap<String, (Option<Key>, KeyState, Strength)>,
    replaced: Vec<(String, Secret)>,
    live: BTreeMap<String, (Tag, LiveHit)>,
    filled: Option<Reach>,
    told: BTreeSet<Tag>,
    unread: bool,
    plain: bool,
}

fn exposure(
    repository: &Repository,
    history: PathHistory,
    (role, places): (Role, &[RelPath]),
    judge: &Judge<'_>,
    seen: &mut Seen<'_>,
    problems: &mut Vec<Problem>,
) -> Exposure {
    let mut tally = Tally::default();
    for blob in &history.blobs {
        let version = (blob.id, blob.mode);
        match blob::content(repository, &history.path, version, role, judge.config, problems) {
            Content::Text(document) => {
                let secrets = all_in(&document, judge.config);
                tally.plain |= !is_sealed(&document, &secrets);
                seen.add(Some(&document), &secrets);
                let environment = environment_of(&history.path, Some(&document), judge.config);
                let stood = Stood { role, places, environment };
                secrets.iter().for_each(|secret| tally.add(secret, blob, &stood, judge));
            }
            Content::Sealed => {}
            Content::Unread => tally.unread = true,
        }
    }
    let ciphertext = !(tally.plain || tally.unread);
    // What is called ciphertext and was read is an env file.
    let role = if role == Role::Encrypted && tally.plain { Role::Env } else { role };
    let Tally { keys, replaced, live, filled, told, unread, plain: _ } = tally;
    let number = |name: String| keys.keys().position(|known| *known == name);
    let replaced = replaced.into_iter().filter_map(|(name, value)| Some((number(name)?, value))).collect();
    let keys = keys.into_values().map(|(key, state, strength)| ExposedKey { key, state, strength }).collect();
    let live = live.into_values().map(|(_, hit)| hit).collect();
    let environment = environment_of(&history.path, None, judge.config);
    Exposure { history, role, environment, keys, replaced, filled, live, told, unread, ciphertext, nameless: false }
}

/// Where a value stood: in a file of this role and for this, at the first of the places, from which it moved to the others.
struct Stood<'a> {
    role: Role,
    places: &'a [RelPath],
    environment: Environment,
}

impl Tally {
    fn add(&mut self, secret: &FoundSecret, blob: &Blob, stood: &Stood<'_>, judge: &Judge<'_>) {
        let state = state(secret, stood, judge);
        let strength = secret.strength().unwrap_or(Strength::Weak);
        self.note(secret, state, strength);
        if secret.is_filled() {
            self.filled = Some(self.filled.map_or(blob.reach, |reach| reach.min(blob.reach)));
        }
        // Of a template only what is live is reported.
        if state == KeyState::Live || state == KeyState::Reused && stood.role != Role::Template {
            self.told.insert(judge.group.tag(&secret.value));
        }
        if state == KeyState::Live {
            self.hit(secret, blob, strength, judge);
        }
    }

    /// A key is worth what its gravest value is, and as strong as that.
    #[expect(clippy::disallowed_methods, reason = "copied from one secret to another")]
    fn note(&mut self, secret: &FoundSecret, state: KeyState, strength: Strength) {
        let entry = self.keys.entry(secret.name.clone()).or_insert_with(|| (secret.key.clone(), state, strength));
        if entry.1 == state {
            entry.2 = entry.2.max(strength);
        } else if graver(entry.1, state) == state {
            (entry.1, entry.2) = (state, strength);
        }
        let is_known = |(name, value): &(String, Secret)| *name == secret.name && value.ct_eq(&secret.value);
        if state == KeyState::Replaced && !self.replaced.iter().any(is_known) {
            self.replaced.push((secret.name.clone(), Secret::copy_of(secret.value.expose())));
        }
    }

    /// Of two values of one key, which two env files have now, the one that more holds on to is told.
    fn hit(&mut self, secret: &FoundSecret, blob: &Blob, strength: Strength, judge: &Judge<'_>) {
        let tag = judge.group.tag(&secret.value);
        let place = judge.live.place(&secret.name, tag);
        let (environment, in_use) = place.cloned().unwrap_or((Environment::Unknown, RelPath::default()));
        let (key, commit, reach) = (secret.key.clone(), blob.first.clone(), blob.reach);
        let hit = LiveHit { key, commit, reach, environment, in_use, strength };
        match self.live.get_mut(&secret.name) {
            Some((known, told)) if *known == tag => told.reach = told.reach.min(reach),
            Some((_, told)) if told.reach <= reach => {}
            _ => {
                self.live.insert(secret.name.clone(), (tag, hit));
            }
        }
    }
}

/// What a value is worth that stood there.
fn state(secret: &FoundSecret, stood: &Stood<'_>, judge: &Judge<'_>) -> KeyState {
    let strength = match secret.filling {
        Filling::Empty => return KeyState::Empty,
        Filling::Placeholder(_) => return KeyState::Placeholder,
        Filling::Filled(strength) => strength,
    };
    let tag = judge.group.tag(&secret.value);
    // A weak value of a template is what `same-as-example` reports; it was published to be replaced.
    let counts = stood.role != Role::Template || strength > Strength::Weak;
    if counts && judge.live.place(&secret.name, tag).is_some() {
        KeyState::Live
    } else if judge.live.has_value(tag) {
        KeyState::Reused
    } else if !judge.live.incomplete && has_another(secret, stood, judge) {
        KeyState::Replaced
    } else {
        KeyState::Unknown
    }
}

/// Whether the file, where it is now, has another value under the key.
fn has_another(secret: &FoundSecret, stood: &Stood<'_>, judge: &Judge<'_>) -> bool {
    let Some((first, moved)) = stood.places.split_first() else { return false };
    let is_there = |place: &RelPath| judge.live.has_key_alone(place, stood.environment, &secret.name);
    judge.live.has_key(first, stood.environment, &secret.name) || moved.iter().any(is_there)
}

/// The order of gravity: live, reused, unknown, replaced, placeholder, empty.
fn graver(one: KeyState, other: KeyState) -> KeyState {
    let rank = |state| match state {
        KeyState::Live => 0,
        KeyState::Reused => 1,
        KeyState::Unknown => 2,
        KeyState::Replaced => 3,
        KeyState::Placeholder => 4,
        KeyState::Empty => 5,
    };
    if rank(other) < rank(one) { other } else { one }
}
