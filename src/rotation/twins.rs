//! Where else in its deployment a secret has the same value.

use super::due::Reason;
use super::sighting::Sighting;
use crate::project::{Candidate, Together, twins};

/// Says of each secret which other one of its deployment has the same value. Weak values are words: they mean nothing.
pub(super) fn mark(secrets: &mut [Sighting], together: &Together) {
    let counts = |secret: &&Sighting| secret.fingerprint.is_some();
    let candidates: Vec<Candidate<'_>> = secrets.iter().filter(counts).map(candidate).collect();
    let found = twins(&candidates, together).into_iter();
    let found: Vec<_> = found.map(|twin| twin.map(|(file, key)| (file.clone(), key.clone()))).collect();
    let secrets = secrets.iter_mut().filter(|secret| secret.fingerprint.is_some());
    for (secret, twin) in secrets.zip(found) {
        secret.reasons.extend(twin.map(|(file, key)| Reason::SameAs(file, key)));
    }
}

fn candidate(secret: &Sighting) -> Candidate<'_> {
    Candidate {
        file: &secret.file,
        key: &secret.key,
        tag: secret.tag,
        class: secret.class,
        in_url: secret.in_url,
        is_file: secret.is_file,
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes a project")]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::leak::Committed;
    use crate::ledger::FingerprintKey;
    use crate::path::RelPath;
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
