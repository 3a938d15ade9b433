//! The values in use that are looked for everywhere: the one place that says which are.
//!
//! A value that is found stops somebody's commit. So only a secret counts that nobody writes by chance: long, hard to
//! guess, no words, no host, no address, no path.

use std::collections::BTreeSet;

use crate::env::Key;
use crate::path::RelPath;
use crate::project::{FoundSecret, ProjectFile};
use crate::secret::search::{Needles, SHORTEST, Spot};
use crate::secret::strength::{Strength, shape};
use crate::secret::{GroupKey, Secret, Tag, class};

/// Longer values than this are no secrets that somebody pastes, and their forms would fill the memory.
const LONGEST: usize = 64 << 10;

/// Whose a value is.
pub(crate) struct Owner {
    /// The key, where it may be printed.
    pub(crate) key: Option<Key>,
    /// The env file.
    pub(crate) path: RelPath,
    /// Equal values have equal ones.
    pub(crate) tag: Tag,
}

/// The values in use that can be told from chance, ready to be found.
pub struct Values {
    needles: Needles,
    owners: Vec<Owner>,
}

impl Values {
    /// Those of the env files in use; of equal ones the first.
    #[must_use]
    pub fn of<'a>(files: impl IntoIterator<Item = &'a ProjectFile>, group: &GroupKey) -> Self {
        Self::of_named(files.into_iter().map(|file| (file.path.clone(), file)), group)
    }

    /// The same, of files with the names under which a report knows them.
    #[must_use]
    pub fn of_named<'a>(files: impl Iterator<Item = (RelPath, &'a ProjectFile)>, group: &GroupKey) -> Self {
        let (mut seen, mut values, mut owners) = (BTreeSet::new(), Vec::new(), Vec::new());
        let files: Vec<(RelPath, &ProjectFile)> = files.collect();
        // What another reader sees under the key may be the value in use.
        let others: Vec<_> = files.iter().map(|(name, file)| (name, file.seen_otherwise())).collect();
        let own = files.iter().flat_map(|(name, file)| file.in_use().map(move |secret| (name.clone(), secret)));
        let other = others.iter().flat_map(|(name, all)| all.iter().map(|secret| ((*name).clone(), secret)));
        let secrets = own.chain(other);
        for (path, secret) in secrets.filter(|(_, secret)| is_telling(secret)) {
            let tag = group.tag(&secret.value);
            if seen.insert(tag) {
                values.push(&secret.value);
                owners.push(Owner { key: secret.key.clone(), path, tag });
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
        self.find_in(text.expose())
    }

    pub(crate) fn find_in(&self, text: &[u8]) -> Vec<Spot> {
        self.needles.spots(text).all
    }

    /// Whether this value is one of them.
    pub(crate) fn has(&self, tag: Tag) -> bool {
        self.owners.iter().any(|owner| owner.tag == tag)
    }

    /// The values as git is asked for them; `None` where there is nothing to look for.
    #[must_use]
    pub fn sought(&self) -> Option<&Needles> {
        Some(&self.needles).filter(|needles| !needles.is_empty())
    }

    /// Whose a value is.
    pub(crate) fn owner(&self, value: usize) -> Option<&Owner> {
        self.owners.get(value)
    }
}

/// Whether a secret can be told from chance wherever it stands.
#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn is_telling(secret: &FoundSecret) -> bool {
    secret.strength() > Some(Strength::Weak)
        && is_told_from_chance(&secret.value)
        && !class::is_plain(secret.value.expose(), secret.class)
}

/// Whether nobody writes a value by chance: long, and no words.
#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
pub(crate) fn is_told_from_chance(value: &Secret) -> bool {
    let value = value.expose();
    (SHORTEST..=LONGEST).contains(&value.len()) && !shape::reads_as_words(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::env::Document;
    use crate::project::secrets::secrets_of;

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
