//! What a compose service is given: the settings of its env files and of its `environment`, as its container sees them.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use crate::docker::compose::{Location, Service};
use crate::env::Key;
use crate::path::RelPath;
use crate::project::load::Project;
use crate::secret::Secret;

/// One setting of a container.
#[derive(Debug)]
pub struct Given {
    /// Its value there.
    pub value: Secret,
    /// The file in which it stands, or the compose file that says where it comes from.
    pub path: RelPath,
    /// The line.
    pub line: NonZeroU32,
    /// The key, where it may be printed.
    pub key: Option<Key>,
}

impl Project {
    /// The settings of a service's container by their names. What nobody knows here (a variable of the host, a file that
    /// was not read) is left out.
    #[must_use]
    pub fn given(&self, service: &Service<'_>) -> BTreeMap<String, Given> {
        let mut given = BTreeMap::new();
        for file in service.env_files() {
            let Location::Below(path) = file.location else { continue };
            let Some(file) = self.files.iter().find(|known| known.path == path) else { continue };
            for (_, assignment) in file.assignments() {
                let Some(key) = &assignment.key else { continue };
                let (value, path) = (copy(&assignment.value), file.path.clone());
                let one = Given { value, path, line: assignment.line, key: Some(key.clone()) };
                given.insert(key.to_string(), one);
            }
        }
        for entry in service.environment() {
            let name = entry.key.as_str();
            given.remove(name);
            let value = match entry.node.scalar() {
                None => service.stack.variables.get(name).map(copy),
                Some(scalar) => {
                    let is_known = |name: &str| service.stack.variables.get(name).is_some();
                    let is_open = scalar.value.as_str().is_empty()
                        || scalar
                            .variables
                            .iter()
                            .any(|one| !is_known(&one.name) && scalar.value.as_str().contains("${"));
                    (!is_open).then(|| Secret::copy_of(scalar.value.as_str().as_bytes()))
                }
            };
            let Some(value) = value else { continue };
            let (path, line) = (service.stack.path(entry.place), entry.place.line);
            given.insert(name.to_owned(), Given { value, path, line, key: Key::printable(name.as_bytes()) });
        }
        given
    }
}

#[expect(clippy::disallowed_methods, reason = "copied from one secret to another")]
fn copy(secret: &Secret) -> Secret {
    Secret::copy_of(secret.expose())
}
