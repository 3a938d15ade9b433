//! The values in use that are looked for everywhere: the one place that says which are.
//!
//! A value that is found stops somebody's commit. So only a secret counts that nobody writes by chance: long, hard to
//! guess, no words, no host, no address, no path.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use super::project::ProjectFile;
use super::secrets::FoundSecret;
use super::staged::origin;
use crate::class;
use crate::env::Key;
use crate::finding::{CommitRef, Origin};
use crate::git::{Repository, Staged};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::search::{Form, Needles, SHORTEST, Spot};
use crate::secret::{GroupKey, Secret};
use crate::strength::{Strength, shape};

/// Longer values than this are no secrets that somebody pastes, and their forms would fill the memory.
const LONGEST: usize = 64 << 10;

/// The largest blob that is searched: GitHub takes files of 100 MiB, GitLab's default for a push is 100 MiB, too.
const BLOB_LIMIT: u64 = 256 << 20;

/// A value in use that stands in another place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The key that has it, where it may be printed.
    pub key: Option<Key>,
    /// The env file that has it.
    pub in_use: RelPath,
    /// How it is written there.
    pub form: Form,
    /// Where it stands.
    pub place: Place,
}

/// Where a value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// In what.
    pub origin: Origin,
    /// The line of the first hit.
    pub line: NonZeroU32,
    /// Whether the change brings it: what it was made from does not have it.
    pub is_new: bool,
}

impl Found {
    /// The values in use that stand in an entry of the index, or of a commit. What the version before has, too, is not
    /// new.
    ///
    /// # Errors
    /// A blob that cannot be read.
    pub fn in_entry(
        values: &Values,
        repository: &Repository,
        entry: &Staged,
        commit: Option<&CommitRef>,
    ) -> Result<Vec<Self>, Problem> {
        let read = |blob| {
            let at = |problem| Problem { path: Some(entry.path.clone()), ..problem };
            repository.blob(blob, BLOB_LIMIT).map_err(at)
        };
        let hits = values.find(&read(entry.blob)?);
        let before = match entry.head.filter(|_| !hits.is_empty()) {
            Some(head) => values.find(&read(head)?),
            None => Vec::new(),
        };
        let found = hits.into_iter().filter_map(|hit| {
            let is_new = before.iter().all(|old| old.value != hit.value);
            let place = Place { origin: origin(entry, commit), line: hit.line, is_new };
            values.found(hit, place)
        });
        Ok(found.collect())
    }
}

/// The values in use that can be told from chance, ready to be found.
pub struct Values {
    needles: Needles,
    owners: Vec<(Option<Key>, RelPath)>,
}

impl Values {
    /// Those of the env files in use; of equal ones the first.
    #[must_use]
    pub fn of(files: &[ProjectFile], group: &GroupKey) -> Self {
        let (mut seen, mut values, mut owners) = (BTreeSet::new(), Vec::new(), Vec::new());
        let secrets = files.iter().flat_map(|file| file.in_use().map(move |secret| (file, secret)));
        for (file, secret) in secrets.filter(|(_, secret)| is_telling(secret)) {
            if seen.insert(group.tag(&secret.value)) {
                values.push(&secret.value);
                owners.push((secret.key.clone(), file.path.clone()));
            }
        }
        Self { needles: Needles::new(values), owners }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// The values that stand in a text, or are packed in it, each with its first place.
    #[expect(clippy::disallowed_methods, reason = "the text is searched for the values")]
    #[must_use]
    pub fn find(&self, text: &Secret) -> Vec<Spot> {
        self.needles.spots(text.expose()).all
    }

    /// Names whose value was found, and where.
    #[must_use]
    pub fn found(&self, spot: Spot, place: Place) -> Option<Found> {
        let (key, in_use) = self.owners.get(spot.value)?.clone();
        Some(Found { key, in_use, form: spot.form, line: spot.line, place })
    }
}

/// Whether a secret can be told from chance wherever it stands.
#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn is_telling(secret: &FoundSecret) -> bool {
    let value = secret.value.expose();
    secret.strength() > Some(Strength::Weak)
        && (SHORTEST..=LONGEST).contains(&value.len())
        && !class::is_plain(value, secret.class)
        && !shape::reads_as_words(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::env::Document;
    use crate::source::secrets::secrets_of;

    /// The keys of an env file whose values would be looked for.
    fn telling(text: &str) -> Vec<String> {
        let secrets = secrets_of(&Document::parse(Secret::copy_of(text.as_bytes())), &Config::default());
        secrets.into_iter().filter(is_telling).map(|secret| secret.name).collect()
    }

    #[test]
    fn ordinary_values_are_not_looked_for() {
        let ordinary = [
            "DB_PASSWORD=localhost",
            "POSTGRES_PASSWORD=postgres",
            "APP_SECRET=production",
            "SMTP_PASSWORD=info@example.com",
            "API_TOKEN=3000",
            "AUTH=admin@mail.example.org",
            "REDIS_PASSWORD=redis.internal.example.com",
            "DB_PASS=db.example.com:5432",
            "SESSION_SECRET=development",
            "PASSWORD=correct-horse-battery",
            "JWT_SECRET=my-super-secret-jwt-key",
            "API_KEY=https://api.example.com/v1/messages",
            "SECRET_KEY=/run/secrets/django_key",
            "TLS_KEY=/etc/ssl/private/server.key",
            "TOKEN_SECRET=true",
            "ADMIN_PASSWORD=Administrator",
            "DATABASE_URL=postgres://postgres:postgres@localhost:5432/app",
            "CACHE_TOKEN=us-east-1.amazonaws.com",
            "MAIL_PASSWORD=noreply@mail.company-name.co.uk",
            "SECRET=application/json",
        ];
        for line in ordinary {
            assert_eq!(telling(&format!("{line}\n")), [""; 0], "{line}");
        }
    }

    #[test]
    fn generated_values_are() {
        let value = "q7Rz2kVx9LmT4wNbYc8H";
        for line in ["DB_PASSWORD={}", "JWT_SECRET=\"{}\"", "DATABASE_URL=postgres://app:{}@db:5432/app"] {
            assert_eq!(telling(&line.replace("{}", value)).len(), 1, "{line}");
        }
        // A short one stands somewhere by chance.
        assert_eq!(telling("DB_PASSWORD=q7Rz2kVx9Lm"), [""; 0]);
    }
}
