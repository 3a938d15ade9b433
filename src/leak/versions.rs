//! What the versions of one path held, key by key.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{Judge, LiveHit, Stood};
use crate::env::Key;
use crate::env::names::Role;
use crate::environment::Environment;
use crate::finding::KeyState;
use crate::git::{Blob, PathHistory, Reach};
use crate::path::RelPath;
use crate::project::{Filling, FoundSecret};
use crate::secret::strength::Strength;
use crate::secret::{Secret, Tag};

/// What was found so far.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) keys: BTreeMap<String, (Option<Key>, KeyState, Strength)>,
    pub(crate) stood: BTreeMap<(String, Tag), Stood>,
    pub(crate) replaced: Vec<(String, Secret)>,
    pub(crate) live: BTreeMap<String, (Tag, LiveHit)>,
    pub(crate) filled: Option<Reach>,
    pub(crate) told: BTreeSet<Tag>,
    pub(crate) unread: bool,
    pub(crate) plain: bool,
}

/// A version of a file in which a value stood: what the file was and was for, at the first of the places, from which it
/// moved to the others.
pub(crate) struct Occurrence<'a> {
    pub(crate) version: usize,
    pub(crate) blob: &'a Blob,
    pub(crate) role: Role,
    pub(crate) environment: Environment,
    pub(crate) places: &'a [RelPath],
    /// Whether no commit had this version, and others had the file: the value never left this machine.
    pub(crate) is_lost: bool,
}

impl Stood {
    fn begun(secret: &FoundSecret, (state, strength): (KeyState, Strength), here: &Occurrence<'_>) -> Self {
        Self {
            key: secret.key.clone(),
            line: secret.line,
            state,
            strength,
            reach: here.blob.reach,
            since: here.blob.first.clone(),
            until: None,
            versions: (here.version, here.version),
        }
    }

    /// Knowing what came behind the last version that has it.
    pub(crate) fn ended(self, history: &PathHistory) -> Self {
        let next = history.blobs.get(self.versions.1 + 1).map_or(&history.removed, |next| &next.first);
        let until = next.clone().filter(|_| self.reach != Reach::Head);
        Self { until, ..self }
    }
}

impl Tally {
    pub(crate) fn add(&mut self, secret: &FoundSecret, here: &Occurrence<'_>, judge: &Judge<'_>) {
        let blob = here.blob;
        let state = state(secret, here, judge);
        let strength = secret.strength().unwrap_or(Strength::Weak);
        if here.role == Role::Template && secret.is_filled() {
            let value = (secret.name.clone(), judge.group.tag(&secret.value));
            let known = self.stood.entry(value).or_insert_with(|| Stood::begun(secret, (state, strength), here));
            (known.reach, known.versions.1) = (known.reach.min(blob.reach), here.version);
        }
        if !here.is_lost {
            self.note(secret, state, strength);
        }
        if secret.is_filled() && !here.is_lost {
            self.filled = Some(self.filled.map_or(blob.reach, |reach| reach.min(blob.reach)));
        }
        // Of a template only what is live is reported.
        if state == KeyState::Live || state == KeyState::Reused && here.role != Role::Template {
            self.told.insert(judge.group.tag(&secret.value));
        }
        if state == KeyState::Live {
            self.hit(secret, blob, strength, judge);
        }
    }

    /// A key is worth what its most severe value is, and as strong as that.
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
fn state(secret: &FoundSecret, here: &Occurrence<'_>, judge: &Judge<'_>) -> KeyState {
    let strength = match secret.filling {
        Filling::Empty => return KeyState::Empty,
        Filling::Placeholder(_) => return KeyState::Placeholder,
        Filling::Filled(strength) => strength,
    };
    let tag = judge.group.tag(&secret.value);
    // A weak value of a template is what `same-as-example` reports; it was published to be replaced.
    let counts = here.role != Role::Template || strength > Strength::Weak;
    if counts && judge.live.place(&secret.name, tag).is_some() {
        KeyState::Live
    } else if judge.live.has_value(tag) {
        KeyState::Reused
    } else if !judge.live.incomplete && has_another(secret, here, judge) {
        KeyState::Replaced
    } else {
        KeyState::Unknown
    }
}

/// Whether the file, where it is now, has another value under the key.
fn has_another(secret: &FoundSecret, here: &Occurrence<'_>, judge: &Judge<'_>) -> bool {
    let Some((first, moved)) = here.places.split_first() else { return false };
    let is_there = |place: &RelPath| judge.live.has_key_alone(place, here.environment, &secret.name);
    judge.live.has_key(first, here.environment, &secret.name) || moved.iter().any(is_there)
}

/// The order of gravity: live, reused, unknown, replaced, placeholder, empty.
pub(crate) fn graver(one: KeyState, other: KeyState) -> KeyState {
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
