//! Secrets as other readers see them: one of them may be the value in use.

use super::ProjectFile;
use super::secrets::{FoundSecret, Stand, filling_of};
use crate::env::Encoding;
use crate::env::readers::{Reader, Readings};
use crate::secret::Secret;

/// The readers whose view is taken, besides Docker Compose's.
const READERS: [Reader; 6] =
    [Reader::Compose, Reader::Bash, Reader::Node, Reader::NpmDotenv, Reader::PythonDotenv, Reader::Phpdotenv];

impl ProjectFile {
    /// The values that other readers see under the keys of its secrets, where they are none that contains the value.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "values are compared and copied")]
    pub fn seen_otherwise(&self) -> Vec<FoundSecret> {
        let is_read = |document: &&crate::env::Document| document.encoding() == Encoding::Bytes;
        let Some(document) = self.document.as_ref().filter(is_read) else { return Vec::new() };
        if self.is_script() || self.in_use().next().is_none() {
            return Vec::new();
        }
        let readings = Readings::of(document, &READERS);
        let mut found: Vec<FoundSecret> = Vec::new();
        for secret in self.in_use().filter(|secret| matches!(secret.stand, Stand::Assignment(_)) && !secret.in_url) {
            for (_, reading) in readings.all().iter().skip(1) {
                let Some(value) = reading.get(secret.name.as_bytes()).filter(|value| !value.is_empty()) else {
                    continue;
                };
                let is_known = memchr::memmem::find(value, secret.value.expose()).is_some()
                    || found.iter().any(|one| one.name == secret.name && one.value.expose() == value);
                if is_known {
                    continue;
                }
                found.push(FoundSecret {
                    stand: secret.stand,
                    line: secret.line,
                    key: secret.key.clone(),
                    name: secret.name.clone(),
                    class: secret.class,
                    value: Secret::copy_of(value),
                    in_url: false,
                    filling: filling_of(&secret.name, value),
                });
            }
        }
        found
    }
}
