//! Which values the repository's history holds, and since when.

use std::collections::BTreeMap;

use super::blob;
use super::secrets::secrets_of;
use crate::config::Config;
use crate::env::names::Role;
use crate::finding::CommitRef;
use crate::git::{Blob, History, Reach, Repository};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::secret::{GroupKey, Tag};
use crate::strength::Strength;

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
}

impl Committed {
    /// Reads every version of every path that `place` knows: its path in the project and its role. Weak values of
    /// templates were published to be replaced and do not count.
    pub fn add(
        &mut self,
        repository: &Repository,
        history: &History,
        place: &dyn Fn(&RelPath) -> Option<(RelPath, Role)>,
        (config, group): (&Config, &GroupKey),
        problems: &mut Vec<Problem>,
    ) {
        for path in &history.paths {
            let Some((name, role)) = place(&path.path) else { continue };
            for version in &path.blobs {
                let document = blob::document(repository, &name, (version.id, version.mode), role, problems);
                let Some(document) = document else { continue };
                for secret in secrets_of(&document, config) {
                    let counts = role != Role::Template || secret.strength() > Some(Strength::Weak);
                    if secret.is_filled() && counts {
                        self.note(secret.name, group.tag(&secret.value), version);
                    }
                }
            }
        }
    }

    fn note(&mut self, name: String, tag: Tag, version: &Blob) {
        let first = version.first.clone();
        let known = self.by_key.entry((name, tag)).or_insert_with(|| CommittedValue { first, reach: version.reach });
        known.reach = known.reach.min(version.reach);
        let earlier = |one: &CommitRef| known.first.as_ref().is_none_or(|first| one.time < first.time);
        if let Some(first) = version.first.as_ref().filter(|first| earlier(first)) {
            known.first = Some(first.clone());
        }
    }

    /// What is known of a key's value.
    #[must_use]
    pub fn get(&self, name: &str, tag: Tag) -> Option<&CommittedValue> {
        self.by_key.get(&(name.to_owned(), tag))
    }
}
