//! Which compose services read a secret: their containers keep the value that they were made with.

use std::collections::BTreeSet;

use crate::docker::compose::{Location, MountKind, Node, Service, Stack};
use crate::env::Key;
use crate::path::RelPath;
use crate::project::load::Project;

/// A key of an env file; without one, all of a file.
pub type ReadPlace = (RelPath, Option<Key>);

/// The services of a stack that have to be made again.
#[derive(Debug)]
pub struct Readers<'a> {
    /// The stack.
    pub stack: &'a Stack,
    /// Their names, in the order of the files.
    pub services: Vec<&'a str>,
}

impl Project {
    /// The services that read one of these places, by stack; a profile that hides one is left hidden.
    #[must_use]
    pub fn readers<'a>(&'a self, places: &[ReadPlace]) -> Vec<Readers<'a>> {
        let of = |stack: &'a Stack| Readers::of(stack, places, self);
        self.stacks.iter().map(of).filter(|readers| !readers.services.is_empty()).collect()
    }
}

impl<'a> Readers<'a> {
    fn of(stack: &'a Stack, places: &[ReadPlace], project: &Project) -> Self {
        let mut readers = Self { stack, services: Vec::new() };
        for service in stack.services() {
            if reads_file(&service, places, project) || reads_setting(&service, places) {
                readers.services.push(service.name());
            }
        }
        readers
    }
}

/// By `env_file`, or by a `${NAME}` of the project's `.env`.
fn reads_setting(service: &Service<'_>, places: &[ReadPlace]) -> bool {
    let has_file = |path: &RelPath| places.iter().any(|(file, _)| file == path);
    let is_given = |location: Location| matches!(location, Location::Below(path) if has_file(&path));
    if service.env_files().into_iter().any(|file| is_given(file.location)) {
        return true;
    }
    let dotenv = service.stack.dir.join(b".env");
    let mut names = BTreeSet::new();
    variables(service.node, &mut names);
    // Without a value it is the project's own.
    let bare = service.environment().iter().filter(|entry| entry.node.scalar().is_none());
    names.extend(bare.map(|entry| entry.key.as_str().to_owned()));
    let is_named = |key: &Option<Key>| key.as_ref().is_none_or(|key| names.contains(key.as_str()));
    !names.is_empty() && places.iter().any(|(file, key)| *file == dotenv && is_named(key))
}

/// By `secrets:`, by `configs:`, or by a mount.
fn reads_file(service: &Service<'_>, places: &[ReadPlace], project: &Project) -> bool {
    let below = |location: &Location| match location {
        Location::Below(path) => Some(path.clone()),
        Location::Absolute(path) => RelPath::below(&project.root, std::path::Path::new(path)),
        Location::Elsewhere => None,
    };
    let is_in = |dir: &RelPath| places.iter().any(|(file, _)| file.strip_dir(dir).is_some());
    let (secret_names, config_names) = (service.secret_names(), service.config_names());
    let secrets = service.stack.file_secrets().into_iter().filter(|secret| secret_names.contains(&secret.name));
    let configs = service.stack.file_configs().into_iter().filter(|config| config_names.contains(&config.name));
    let mounts = service.mounts().into_iter().filter(|mount| mount.kind == MountKind::Bind);
    let mounts = mounts.map(|mount| service.stack.locate(mount.place, mount.source.as_deref().unwrap_or_default()));
    secrets
        .chain(configs)
        .map(|secret| secret.location)
        .chain(mounts)
        .any(|location| below(&location).is_some_and(|path| is_in(&path)))
}

/// The names behind every `$` of a tree.
pub(crate) fn variables(node: &Node, names: &mut BTreeSet<String>) {
    if let Some(scalar) = node.scalar() {
        names.extend(scalar.variables.iter().map(|variable| variable.name.clone()));
    }
    node.items().iter().for_each(|item| variables(item, names));
    node.entries().iter().for_each(|entry| variables(&entry.node, names));
}
