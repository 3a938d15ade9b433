//! Settings that a deployment runs with, wherever they stand: in an env file, or in a service's `environment`.

use std::num::NonZeroU32;

use crate::env::Key;
use crate::environment::Environment;
use crate::finding::{Name, Origin};
use crate::secret::Secret;

/// The settings of one place.
#[derive(Debug)]
pub struct Settings {
    /// The file.
    pub origin: Origin,
    /// What it is for.
    pub environment: Environment,
    /// The compose service whose `environment` they are; `None` for an env file.
    pub service: Option<Name>,
    /// Them, in order.
    pub pairs: Vec<Setting>,
    /// The names under which a container of the same deployment is reached.
    pub hosts: Vec<String>,
}

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// The key, where it may be printed.
    pub key: Option<Key>,
    /// The key as written, to compare with, never to print.
    pub name: String,
    /// The value that the container sees.
    pub value: Secret,
    /// The line.
    pub line: NonZeroU32,
}
