//! How a file is read: by what its name, its directory or a compose file says that it is.

use std::collections::BTreeMap;

use super::named::{self, Named};
use super::secrets::{FoundSecret, secrets_of};
use super::shape;
use super::walk::role_of;
use crate::config::Config;
use crate::env::Document;
use crate::env::names::{self, Role};
use crate::path::RelPath;
use crate::secret::Secret;

/// What a file is, and how its text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading<'a> {
    /// What it is.
    pub role: Role,
    /// Whether only its content can say so.
    pub is_doubtful: bool,
    /// The name of the secret that all of it is.
    pub secret: Option<&'a str>,
}

impl<'a> Reading<'a> {
    /// Assignments, without a doubt.
    #[must_use]
    pub const fn plain(role: Role) -> Self {
        Self { role, is_doubtful: false, secret: None }
    }

    /// What a path of a project is, which names some files in its compose files; `None` for what is no env file.
    #[must_use]
    pub fn of(path: &RelPath, config: &Config, named: &'a BTreeMap<RelPath, Named>) -> Option<Self> {
        let role = role_of(path, config);
        let by_name = || match role {
            Some(role) => Some(Self::plain(role)),
            None => names::doubt(path.as_bytes()).map(|role| Self { is_doubtful: true, ..Self::plain(role) }),
        };
        match named.get(path) {
            Some(Named::Secret(name)) => Some(Self { secret: Some(name), ..Self::plain(role.unwrap_or(Role::Env)) }),
            Some(Named::EnvFile) => Some(Self::plain(role.unwrap_or(Role::Env))),
            Some(Named::Config) => by_name().or(Some(Self { is_doubtful: true, ..Self::plain(Role::Env) })),
            None => by_name(),
        }
    }

    /// What a text holds; `None` where it was doubtful, and is no env file's.
    #[must_use]
    pub(super) fn read(&self, text: Secret, config: &Config) -> Option<(Document, Vec<FoundSecret>)> {
        if let Some(name) = self.secret {
            // It has no assignments, and all of it was read.
            let secrets = named::secret_of(name, &text, config).into_iter().collect();
            return Some((Document::parse(Secret::default()), secrets));
        }
        if self.is_doubtful && !shape::is_env_file(&text, config) {
            return None;
        }
        let document = Document::parse(text);
        let secrets = secrets_of(&document, config);
        Some((document, secrets))
    }
}
