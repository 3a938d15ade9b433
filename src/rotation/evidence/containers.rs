//! What `docker inspect` shows of containers: a container keeps the environment that it was created with, and the file
//! that it mounted when it was started.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Fault, Observation, Uses, Values};
use crate::docker::inspect::{Container, Part, Variable};
use crate::env::names::PREVIOUS;
use crate::rotation::value_places::Old;
use crate::rotation::{Owner, credential};
use crate::secret::Secret;

/// What is looked for in containers.
pub struct Subject<'a> {
    /// The keys under which the project has the secret, its own key first.
    pub keys: &'a [&'a str],
    /// The values.
    pub values: Values<'a>,
    /// Whose password it is. A weak value counts only for this owner.
    pub owner: &'a Owner,
    /// Whether a text is the old value by its fingerprint, if the value was not kept.
    pub is_old: &'a dyn Fn(&[u8]) -> bool,
    /// The project root.
    pub root: &'a Path,
    /// The files that are this secret as a whole, and when each was last written.
    pub files: &'a [(PathBuf, Timestamp)],
}

/// Where containers use one of the values, or another value under a key of the secret. Containers that have nothing to do
/// with it are left out.
///
/// # Errors
/// No container has to do with the secret.
pub fn examine(containers: &[Container], subject: &Subject<'_>) -> Result<Vec<Observation>, Fault> {
    let found: Vec<Observation> = containers.iter().flat_map(|container| subject.in_container(container)).collect();
    if found.is_empty() { Err(Fault::Unrelated) } else { Ok(found) }
}

impl Subject<'_> {
    fn in_container(&self, container: &Container) -> Vec<Observation> {
        let place = |what: &str| format!("{}: {what}", container.name);
        let mut found = Vec::new();
        for variable in &container.environment {
            let uses = self.of_variable(variable, self.is_of_project(container));
            found.extend(uses.map(|uses| Observation { place: place(&variable.name), uses }));
        }
        for text in &container.texts {
            let is_old = self.values.old.is_some_and(|old| self.old(old).stands_in(open(&text.text)));
            let one = || Observation { place: place(part(text.part)), uses: Uses::Old };
            found.extend(is_old.then(one).filter(|one| !found.contains(one)));
        }
        for mount in &container.mounts {
            let is_it = |(path, _): &&(PathBuf, Timestamp)| path.as_os_str().as_encoded_bytes() == mount.source;
            let Some((path, written)) = self.files.iter().find(is_it) else { continue };
            // A mount keeps the file that was there when the process started; envward replaces files whole.
            let is_older = container.started.is_none_or(|started| started < *written);
            let uses = if is_older { Uses::Old } else { Uses::New };
            found.push(Observation { place: place(&format!("the mounted file {}", name(path))), uses });
        }
        found
    }

    fn of_variable(&self, variable: &Variable, is_of_project: bool) -> Option<Uses> {
        let value = open(&variable.value);
        // What a rotation keeps under KEY_PREVIOUS may stay until it is confirmed.
        if value.is_empty() || variable.name.ends_with(PREVIOUS) {
            return None;
        }
        let is_old = self.values.old.is_some_and(|old| self.has(variable, old)) || (self.is_old)(value);
        let is_new = self.has(variable, self.values.new);
        match (is_new, is_old) {
            (_, true) => Some(Uses::Old),
            (true, false) => Some(Uses::New),
            (false, false) => {
                let is_its_key = self.keys.contains(&variable.name.as_str());
                (is_its_key && is_of_project).then_some(Uses::Other)
            }
        }
    }

    fn has(&self, variable: &Variable, value: &Secret) -> bool {
        let (text, wanted) = (open(&variable.value), self.old(value));
        let is_same_name = || self.keys.iter().any(|key| credential(key) == credential(&variable.name));
        text == open(value) && (!wanted.is_weak() || is_same_name()) || wanted.stands_in(text)
    }

    fn old<'a>(&'a self, value: &'a Secret) -> Old<'a> {
        Old { value, owner: self.owner }
    }

    /// Whether Compose started it for this project, or nothing says who did.
    fn is_of_project(&self, container: &Container) -> bool {
        container.service.as_ref().is_none_or(|service| Path::new(&service.directory).starts_with(self.root))
    }
}

fn part(part: Part) -> &'static str {
    match part {
        Part::Command => "its command",
        Part::Entrypoint => "its entrypoint",
        Part::Labels => "its labels",
        Part::HealthCheck => "its health check",
    }
}

fn name(path: &Path) -> String {
    crate::text::sanitize(path.file_name().unwrap_or_default().as_encoded_bytes())
}

#[expect(clippy::disallowed_methods, reason = "compared")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}
