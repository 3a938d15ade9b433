//! The files that compose files and scripts name: they belong to the project's env files, whatever they are called.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::secrets::{FoundSecret, Stand, filling_of};
use crate::config::Config;
use crate::docker::compose::{Location, Stack};
use crate::env::Key;
use crate::path::RelPath;
use crate::secret::Secret;
use crate::secret::class::{self, Class, pem};

/// What a compose file or a script says that a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// `env_file:`.
    EnvFile {
        /// Docker Compose reads it.
        composed: bool,
        /// Docker's own reader takes it as it is written, for `format: raw`.
        raw: bool,
    },
    /// `secrets:`, under this name: all of it is one secret.
    Secret(String),
    /// `configs:`, or what a script reads: a text of any kind, which may be an env file.
    Text,
}

/// Every file below the project root that a stack names.
pub(super) fn named(stacks: &[Stack]) -> BTreeMap<RelPath, Named> {
    let mut named = BTreeMap::new();
    for stack in stacks {
        for secret in stack.file_secrets() {
            if let Location::Below(path) = secret.location {
                named.entry(path).or_insert_with(|| Named::Secret(secret.name.to_owned()));
            }
        }
        for config in stack.file_configs() {
            if let Location::Below(path) = config.location {
                named.entry(path).or_insert(Named::Text);
            }
        }
        for file in stack.services().flat_map(|service| service.env_files()) {
            let Location::Below(path) = file.location else { continue };
            let (was_composed, was_raw) = match named.get(&path) {
                Some(Named::EnvFile { composed, raw }) => (*composed, *raw),
                _ => (false, false),
            };
            named.insert(path, Named::EnvFile { composed: was_composed || !file.raw, raw: was_raw || file.raw });
        }
    }
    named
}

/// Whether a secret's name says that it is whose password another one is: `MYSQL_USER`, `db-username`.
fn is_user(name: &str) -> bool {
    let words = class::words(name);
    let last = words.last().map(|word| word.to_ascii_lowercase());
    last.is_some_and(|word| matches!(word.as_str(), "user" | "username" | "login"))
}

/// The secret that a whole file is, without the line break at its end; `None` for a certificate, a public key or a
/// user's name.
#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
pub(super) fn secret_of(name: &str, text: &Secret, config: &Config) -> Option<FoundSecret> {
    let value = text.expose().trim_ascii_end();
    if pem::is_public(value) || is_user(name) {
        return None;
    }
    Some(FoundSecret {
        stand: Stand::File,
        line: NonZeroU32::MIN,
        key: Key::printable(name.as_bytes()),
        name: name.to_owned(),
        class: config.class_of(name, value).filter(|class| *class != Class::Hash).unwrap_or(Class::Other),
        filling: filling_of(name, value),
        value: Secret::copy_of(value),
        in_url: false,
    })
}
