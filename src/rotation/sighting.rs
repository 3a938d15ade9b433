//! What is seen of the secrets in use, on one look.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::config::Config;
use crate::env::Key;
use crate::env::names::{PREVIOUS, Role};
use crate::environment::Environment;
use crate::git::{CommitRef, Reach};
use crate::leak::Committed;
use crate::ledger::{Basis, Fingerprint, FingerprintKey};
use crate::path::RelPath;
use crate::project::{FoundSecret, GitView, Project, ProjectFile, Together};
use crate::rotation::due::Reason;
use crate::rotation::twins;
use crate::secret::class::{Class, Limits};
use crate::secret::mask::Mask;
use crate::secret::strength::Strength;
use crate::secret::{GroupKey, Tag};

/// Older file times are those of archives and of file systems without a clock.
const OLDEST_FILE: Date = Date::constant(2000, 1, 1);

/// How a value that is in use is exposed. Derived from the facts at each look, never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exposed {
    /// git tracks its file.
    Tracked,
    /// A commit that a ref reaches holds it; the first one, where it is known.
    Committed(Option<CommitRef>),
}

/// One secret of an env file in use.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// The environment of the file.
    pub environment: Environment,
    /// The file.
    pub file: RelPath,
    /// The key.
    pub key: Key,
    /// Its line.
    pub line: NonZeroU32,
    /// Its class.
    pub class: Class,
    /// When it is due.
    pub limits: Limits,
    /// Its fingerprint; `None` for a weak value.
    pub fingerprint: Option<Fingerprint>,
    /// Whether the value is a password inside a URL.
    pub in_url: bool,
    /// Whether it is all of a file behind `secrets:`.
    pub is_file: bool,
    /// Whether no new value can be made here.
    pub by_hand: bool,
    /// Its value's tag, to compare with others of this look.
    pub tag: Tag,
    /// The best that the value and its file say about its age, where they say anything.
    pub since: Option<(Date, Basis)>,
    /// How it is exposed.
    pub exposed: Option<Exposed>,
    /// What else is worth knowing about it.
    pub reasons: Vec<Reason>,
}

/// What was seen on one look.
#[derive(Debug, Default)]
pub struct Sightings {
    /// The secrets.
    pub secrets: Vec<Sighting>,
    /// Files that were there and not read: what is known of them stays.
    pub unread: BTreeSet<RelPath>,
    /// How many secrets have a name that must not be written down.
    pub unnamed: usize,
}

/// The filled secrets of the env files in use; `committed` is what git history holds, where it was read. Dummies
/// (weak values of development and test) are none. What has a name that a live value is in is counted only: the
/// ledger contains no value.
#[must_use]
pub fn sightings(project: &Project, committed: &Committed, look: &Look<'_>) -> Sightings {
    let mut seen = Sightings::default();
    let copies = copies(project, look.group);
    for file in project.files.iter().filter(|file| file.role.is_in_use()) {
        if file.document.is_none() {
            seen.unread.insert(file.path.clone());
            continue;
        }
        for secret in last_ones(file) {
            match named(file, secret, look) {
                Some(key) => seen.secrets.push(sighting(file, secret, key, committed, &copies, look)),
                None => seen.unnamed += 1,
            }
        }
    }
    let unreadable = project.problems.iter().filter_map(|problem| problem.path.clone());
    seen.unread.extend(unreadable);
    twins::mark(&mut seen.secrets, &Together::of(project, look.config));
    seen
}

/// By what secrets are examined.
pub struct Look<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The key of the fingerprints.
    pub fingerprints: &'a FingerprintKey,
    /// Groups equal values of this look.
    pub group: &'a GroupKey,
    /// Hides live values in names.
    pub mask: &'a Mask,
    /// Today.
    pub today: Date,
}

/// Of a key that stands several times the last assignment counts, and no value that refers to another key.
fn last_ones(file: &ProjectFile) -> impl Iterator<Item = &FoundSecret> {
    let mut last: BTreeMap<&str, &FoundSecret> = BTreeMap::new();
    for secret in file.in_use() {
        last.insert(&secret.name, secret);
    }
    let names: BTreeSet<&str> = last.keys().copied().collect();
    let is_dummy = |secret: &FoundSecret| {
        matches!(file.environment, Environment::Development | Environment::Test)
            && secret.strength() == Some(Strength::Weak)
    };
    let mut secrets: Vec<&FoundSecret> = last.into_values().collect();
    secrets.retain(|secret| secret.is_filled() && !file.is_reference(secret) && !is_dummy(secret));
    // The next and the previous value of a key are states of that key.
    secrets.retain(|secret| base_of(&secret.name).is_none_or(|base| !names.contains(base)));
    secrets.sort_by_key(|secret| secret.line);
    secrets.into_iter()
}

/// The key whose next or previous value stands under this name.
#[must_use]
pub fn base_of(name: &str) -> Option<&str> {
    name.strip_suffix(super::NEXT).or_else(|| name.strip_suffix(PREVIOUS))
}

fn named(file: &ProjectFile, secret: &FoundSecret, look: &Look<'_>) -> Option<Key> {
    let is_plain = |bytes: &[u8]| matches!(look.mask.apply(bytes), std::borrow::Cow::Borrowed(_));
    let key = secret.key.as_ref()?;
    (is_plain(key.as_str().as_bytes()) && is_plain(file.path.as_bytes())).then(|| key.clone())
}

fn sighting(
    file: &ProjectFile,
    secret: &FoundSecret,
    key: Key,
    committed: &Committed,
    copies: &BTreeMap<(&str, Tag), Vec<&RelPath>>,
    look: &Look<'_>,
) -> Sighting {
    let tag = look.group.tag(&secret.value);
    let in_history = committed.get(&secret.name, tag);
    let git = in_history.and_then(|value| day_of(value.first.as_ref()?)).map(|day| (day, Basis::GitHistory));
    let written = file.stat.and_then(|stat| written_on(stat.written)).map(|day| (day, Basis::FileTime));
    // Both say "at least": the older one counts. A clock that was wrong does not make it younger than today.
    let since = [git, written].into_iter().flatten().min().map(|(day, basis)| (day.min(look.today), basis));
    let reachable = in_history.filter(|value| value.reach <= Reach::Ref);
    let exposed = match reachable {
        Some(value) => Some(Exposed::Committed(value.first.clone())),
        None if file.git.is_some_and(GitView::is_published) => Some(Exposed::Tracked),
        None => None,
    };
    let mut reasons = Vec::new();
    if let Some(mode) = loose_mode(file, look.config) {
        reasons.push(Reason::Mode(mode));
    }
    let places = copies.get(&(secret.name.as_str(), tag)).map(Vec::as_slice).unwrap_or_default();
    reasons.extend(places.iter().map(|path| Reason::Copy((*path).clone())));
    if secret.strength() == Some(Strength::Weak) {
        reasons.push(Reason::Weak);
    }
    Sighting {
        environment: file.environment,
        file: file.path.clone(),
        line: secret.line,
        class: secret.class,
        limits: look.config.limits_of(key.as_str(), secret.class),
        fingerprint: look.fingerprints.fingerprint(&key, &secret.value),
        key,
        in_url: secret.in_url,
        is_file: secret.is_file(),
        // A file that is one secret as a whole is written by hand anyway, and no command reads its new value.
        by_hand: file.is_by_hand(secret) && !secret.is_file(),
        tag,
        since,
        exposed,
        reasons,
    }
}

fn day_of(commit: &CommitRef) -> Option<Date> {
    Some(TimeZone::UTC.to_datetime(commit.time).date())
}

fn written_on(seconds: i64) -> Option<Date> {
    let instant = Timestamp::from_second(seconds).ok()?;
    Some(TimeZone::UTC.to_datetime(instant).date()).filter(|day| *day >= OLDEST_FILE)
}

fn loose_mode(file: &ProjectFile, config: &Config) -> Option<u32> {
    let mode = file.stat.filter(|_| file.keeps_modes)?.mode;
    let is_allowed = config.files.allowed_modes.iter().any(|allowed| mode & !allowed == 0);
    (mode & !0o600 != 0 && !is_allowed).then_some(mode)
}

/// Where forgotten copies hold which key's value.
fn copies<'a>(project: &'a Project, group: &GroupKey) -> BTreeMap<(&'a str, Tag), Vec<&'a RelPath>> {
    let mut copies: BTreeMap<(&str, Tag), Vec<&RelPath>> = BTreeMap::new();
    for file in project.files.iter().filter(|file| file.role == Role::Copy) {
        for secret in file.secrets.iter().filter(|secret| secret.is_filled()) {
            copies.entry((&secret.name, group.tag(&secret.value))).or_default().push(&file.path);
        }
    }
    copies
}
