//! Which secrets of one deployment have the same value: one command replaces all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::env::Key;
use crate::path::RelPath;
use crate::project::env_file::ProjectFile;
use crate::project::load::Project;
use crate::project::secrets::FoundSecret;
use crate::project::together::Together;
use crate::secret::class::Class;
use crate::secret::strength::Strength;
use crate::secret::{GroupKey, Tag};

/// A key of an env file.
pub type KeyPlace = (RelPath, Key);

/// The secrets that have a twin, each with the one that is replaced in its place.
pub type Twins = BTreeMap<KeyPlace, KeyPlace>;

/// A secret that may have the same value as another one.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// Its file.
    pub file: &'a RelPath,
    /// Its key.
    pub key: &'a Key,
    /// Its value's tag.
    pub tag: Tag,
    /// Its class.
    pub class: Class,
    /// Whether its value is the password of a URL.
    pub in_url: bool,
    /// Whether it is a file as a whole.
    pub is_file: bool,
}

/// Of each secret the other one of its deployment that has the same value and is replaced in its place: a key of its own
/// before a URL that contains it, both before a key that does not say what it contains, and all before a file that is
/// nothing else; else the first. Weak values are words and mean nothing: leave them out.
#[must_use]
pub fn twins<'a>(secrets: &[Candidate<'a>], together: &Together) -> Vec<Option<(&'a RelPath, &'a Key)>> {
    let mut by_tag: BTreeMap<Tag, Vec<&Candidate<'a>>> = BTreeMap::new();
    secrets.iter().for_each(|secret| by_tag.entry(secret.tag).or_default().push(secret));
    for places in by_tag.values_mut() {
        places.sort_by_key(|one| [one.is_file, one.class == Class::Other, one.in_url]);
        // One that stands as an earlier one does is never the first that belongs with a file.
        let mut known = BTreeSet::new();
        places.retain(|one| together.standing(one.file).is_none_or(|standing| known.insert(standing)));
    }
    let first = |secret: &Candidate<'a>| {
        let mut places = by_tag.get(&secret.tag).into_iter().flatten();
        let place = places.find(|one| together.are(secret.file, one.file))?;
        ((place.file, place.key) != (secret.file, secret.key)).then_some((place.file, place.key))
    };
    secrets.iter().map(first).collect()
}

impl Project {
    /// The secret that is replaced in the place of this one, because it has the same value in the same deployment.
    pub(crate) fn twin(&self, file: &RelPath, key: &Key, config: &Config, group: &GroupKey) -> Option<&KeyPlace> {
        self.twins.get_or_init(|| self.find_twins(config, group)).get(&(file.clone(), key.clone()))
    }

    fn find_twins(&self, config: &Config, group: &GroupKey) -> Twins {
        let secrets = self.files.iter().flat_map(|file| file.in_use().map(move |secret| (file, secret)));
        let counts = |(file, secret): &(&ProjectFile, &FoundSecret)| {
            secret.is_filled()
                && secret.strength() > Some(Strength::Weak)
                && !file.is_reference(secret)
                && !file.is_state(secret)
        };
        let mut found = Vec::new();
        for (file, secret) in secrets.filter(counts) {
            let Some(key) = &secret.key else { continue };
            found.push(Candidate {
                file: &file.path,
                key,
                tag: group.tag(&secret.value),
                class: secret.class,
                in_url: secret.in_url,
                is_file: secret.is_file(),
            });
        }
        let twins = twins(&found, &Together::of(self, config));
        let places = found.iter().zip(twins).filter_map(|(one, twin)| Some((one, twin?)));
        places.map(|(one, (file, key))| ((one.file.clone(), one.key.clone()), (file.clone(), key.clone()))).collect()
    }
}
