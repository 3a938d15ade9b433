//! Settings that a deployment runs with, wherever they stand: in an env file, or in a service's `environment`.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::docker::compose::Service;
use crate::env::Key;
use crate::environment::Environment;
use crate::finding::Origin;
use crate::name::Name;
use crate::project::env_file::ProjectFile;
use crate::secret::Secret;
use crate::secret::class::words;

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
    pub hosts: Arc<[String]>,
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

impl Setting {
    /// Whether it limits rates; `None` where it is about something else.
    #[expect(clippy::disallowed_methods, reason = "compared with `false` and 0")]
    #[must_use]
    pub fn limits_rates(&self) -> Option<bool> {
        let value = std::str::from_utf8(self.value.expose()).ok()?;
        is_rate_limit(&self.name).then(|| !is_off(&self.name, value))
    }
}

impl Settings {
    /// Those of an env file; of a key that stands twice the last one.
    #[expect(clippy::disallowed_methods, reason = "copied from one secret to another")]
    pub(super) fn of_file(file: &ProjectFile, hosts: &Arc<[String]>) -> Self {
        let mut pairs: Vec<Setting> = Vec::new();
        for (_, assignment) in file.assignments() {
            let Some(key) = &assignment.key else { continue };
            pairs.retain(|known| known.name != key.as_str());
            let value = Secret::copy_of(assignment.value.expose());
            pairs.push(Setting { key: Some(key.clone()), name: key.to_string(), value, line: assignment.line });
        }
        Self { origin: file.origin(), environment: file.environment, service: None, pairs, hosts: Arc::clone(hosts) }
    }

    /// Those that a compose file gives a service. What comes out of a variable of an env file is judged there.
    pub(super) fn of_service(service: &Service<'_>, hosts: &Arc<[String]>) -> Self {
        let mut pairs = Vec::new();
        for entry in service.environment() {
            let Some(scalar) = entry.node.scalar() else { continue };
            let is_defined = |name: &str| service.stack.variables.get(name).is_some();
            if scalar.variables.iter().any(|variable| is_defined(&variable.name)) {
                continue;
            }
            let name = entry.key.as_str().to_owned();
            let value = Secret::copy_of(scalar.value.as_str().as_bytes());
            pairs.push(Setting { key: Key::printable(name.as_bytes()), name, value, line: entry.place.line });
        }
        let (path, _) = service.spot(service.environment().first().map_or(service.place(), |entry| entry.place));
        let environment = service.stack.environment;
        let origin = Origin::Worktree(path);
        Self { origin, environment, service: Some(service.shown()), pairs, hosts: Arc::clone(hosts) }
    }

    /// The setting of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.pairs.iter().find(|setting| setting.name == name)
    }
}

/// Whether a setting is one of rate limiting.
fn is_rate_limit(name: &str) -> bool {
    let words: Vec<String> = words(name).iter().map(|word| word.to_ascii_uppercase()).collect();
    let pair = |one: &str, two: &str| words.windows(2).any(|pair| matches!(pair, [a, b] if a == one && b == two));
    let has = |word: &str| words.iter().any(|known| known == word);
    pair("RATE", "LIMIT")
        || pair("RATE", "LIMITS")
        || pair("RATE", "LIMITING")
        || pair("RATE", "LIMITER")
        || has("RATELIMIT")
        || has("THROTTLE")
}

fn is_off(name: &str, value: &str) -> bool {
    let is = |words: &[&str]| words.iter().any(|word| value.trim().eq_ignore_ascii_case(word));
    let upper = name.to_ascii_uppercase();
    match upper.contains("DISABLE") || upper.contains("BYPASS") || upper.contains("SKIP") {
        true => is(&["true", "1", "yes", "on"]),
        false => is(&["false", "0", "no", "off", "none", "disabled", "unlimited"]),
    }
}
