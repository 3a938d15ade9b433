//! Which values the repository's history holds, and since when.

use std::collections::BTreeMap;

use super::blob;
use super::history::is_lost;
use crate::config::Config;
use crate::env::names::Role;
use crate::finding::Origin;
use crate::git::{Blob, CommitRef, History, Reach, Repository};
use crate::leak::value_elsewhere::{Found, Presence};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::Reading;
use crate::secret::strength::Strength;
use crate::secret::{GroupKey, Tag};

/// A filled value of some key that was committed.
#[derive(Clone, Debug)]
pub struct CommittedValue {
    /// The earliest commit that holds it, by the committer's time; `None` where no commit does, only a tree.
    pub first: Option<CommitRef>,
    /// The strongest hold on a commit that has it.
    pub reach: Reach,
}

/// Every filled value of every env file's path, by key.
#[derive(Default)]
pub struct Committed {
    by_key: BTreeMap<(String, Tag), CommittedValue>,
    /// Those that stand anywhere else, in what commits hold.
    elsewhere: BTreeMap<Tag, CommittedValue>,
}

impl Committed {
    /// Reads every version of every path that `place` knows: its path in the project and what it is. Weak values of
    /// templates were published to be replaced and do not count.
    pub fn add<'a>(
        &mut self,
        repository: &Repository,
        history: &History,
        place: &dyn Fn(&RelPath) -> Option<(RelPath, Reading<'a>)>,
        (config, group): (&Config, &GroupKey),
        problems: &mut Vec<Problem>,
    ) {
        for path in &history.paths {
            let Some((name, reading)) = place(&path.path) else { continue };
            for version in &path.blobs {
                let version_of = (version.id, version.mode);
                let content = blob::content(repository, &name, version_of, reading, config, problems);
                let Some(text) = content.text() else { continue };
                for secret in text.into_all().1 {
                    let counts = reading.role != Role::Template || secret.strength() > Some(Strength::Weak);
                    if secret.is_filled() && counts && !is_lost(version.first.as_ref(), version.reach) {
                        self.note(secret.name, group.tag(&secret.value), version);
                    }
                }
            }
        }
    }

    /// Notes where values in use stand in the history.
    pub fn add_elsewhere(&mut self, found: &[Found]) {
        for found in found {
            let Presence::Past { commit, reach, .. } = &found.place.presence else { continue };
            let is_content = matches!(found.place.origin, Origin::Object { .. } | Origin::History { .. });
            if is_content && is_lost(commit.as_ref(), *reach) {
                continue;
            }
            let value = || CommittedValue { first: commit.clone(), reach: *reach };
            self.elsewhere.entry(found.tag).or_insert_with(value).join(commit.as_ref(), *reach);
        }
    }

    fn note(&mut self, name: String, tag: Tag, version: &Blob) {
        let value = || CommittedValue { first: version.first.clone(), reach: version.reach };
        self.by_key.entry((name, tag)).or_insert_with(value).join(version.first.as_ref(), version.reach);
    }

    /// What is known of a key's value: by its own file and key, unless something holds it more strongly elsewhere.
    #[must_use]
    pub fn get(&self, name: &str, tag: Tag) -> Option<&CommittedValue> {
        let (own, elsewhere) = (self.by_key.get(&(name.to_owned(), tag)), self.elsewhere.get(&tag));
        match (own, elsewhere) {
            (Some(own), Some(elsewhere)) if elsewhere.reach < own.reach && own.reach > Reach::Ref => Some(elsewhere),
            (own, elsewhere) => own.or(elsewhere),
        }
    }
}

impl CommittedValue {
    fn join(&mut self, first: Option<&CommitRef>, reach: Reach) {
        self.reach = self.reach.min(reach);
        let earlier = |one: &&CommitRef| self.first.as_ref().is_none_or(|first| one.is_before(first));
        if let Some(first) = first.filter(earlier) {
            self.first = Some(first.clone());
        }
    }
}
