//! Where else in its deployment a secret has the same value.

use std::collections::{BTreeMap, BTreeSet};

use super::due::Reason;
use super::sighting::Sighting;
use crate::env::Key;
use crate::path::RelPath;
use crate::project::Together;
use crate::secret::Tag;
use crate::secret::class::Class;

/// Says of each secret which other one of its deployment has the same value: a key of its own before a URL that holds
/// it, both before a key that does not say what it holds, and all before a file that is nothing else; else the first. Weak values are words: they mean nothing.
pub(super) fn mark(secrets: &mut [Sighting], together: &Together) {
    let mut by_tag: BTreeMap<Tag, Vec<([bool; 3], RelPath, Key)>> = BTreeMap::new();
    for secret in secrets.iter().filter(|secret| secret.fingerprint.is_some()) {
        let rank = [secret.is_file, secret.class == Class::Other, secret.in_url];
        by_tag.entry(secret.tag).or_default().push((rank, secret.file.clone(), secret.key.clone()));
    }
    for places in by_tag.values_mut() {
        places.sort_by_key(|place| place.0);
        // One that stands as an earlier one does is never the first that belongs with a file.
        let mut known = BTreeSet::new();
        places.retain(|(_, file, _)| together.standing(file).is_none_or(|standing| known.insert(standing)));
    }
    for secret in secrets.iter_mut().filter(|secret| secret.fingerprint.is_some()) {
        let mut places = by_tag.get(&secret.tag).into_iter().flatten();
        let Some((_, file, key)) = places.find(|(_, file, _)| together.are(&secret.file, file)) else { continue };
        if (file, key) != (&secret.file, &secret.key) {
            secret.reasons.push(Reason::SameAs(file.clone(), key.clone()));
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes a project")]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::leak::Committed;
    use crate::ledger::FingerprintKey;
    use crate::project::Project;
    use crate::rotation::{Look, sightings};
    use crate::secret::GroupKey;
    use crate::secret::mask::Mask;
    use crate::work;

    /// The files of two deployments, one after the other, all with the same value; and the twins of the last ones.
    fn steps(count: usize) -> u64 {
        let home = tempfile::tempdir().unwrap();
        let value: String = (0..48_u8).map(|at| char::from(b'a' + at.wrapping_mul(37) % 26)).collect();
        for (dir, name) in [("a", ".env.production"), ("b", ".env.staging")] {
            for at in 0..count {
                let dir = home.path().join(format!("{dir}{at}"));
                std::fs::create_dir(&dir).unwrap();
                std::fs::write(dir.join(name), format!("DB_PASSWORD={value}\n")).unwrap();
            }
        }
        let config = Config::default();
        let project = Project::load(home.path(), &RelPath::default(), false, &config, None).unwrap();
        let (fingerprints, group) = (FingerprintKey::new(&[1; 32]), GroupKey::new([0; 32]));
        let (mask, today) = (Mask::new(Vec::new()), jiff::civil::date(2026, 1, 1));
        let look = Look { config: &config, fingerprints: &fingerprints, group: &group, mask: &mask, today };
        let mut seen = Vec::new();
        let steps = work::steps(|| seen = sightings(&project, &Committed::default(), &look).secrets);
        let twins = |secret: &Sighting| {
            secret.reasons.iter().find_map(|reason| match reason {
                Reason::SameAs(file, _) => Some(file.to_string()),
                _ => None,
            })
        };
        assert_eq!(seen.len(), 2 * count);
        assert_eq!(seen.first().and_then(twins), None);
        assert_eq!(seen.last().and_then(twins).as_deref(), Some("b0/.env.staging"));
        steps
    }

    #[test]
    fn one_value_in_many_files_takes_as_much_work_as_there_are_files() {
        let (few, more) = (steps(20), steps(160));
        assert!(few >= 40 && more <= few * 9, "{few} {more}");
    }
}
