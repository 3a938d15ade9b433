//! Which compose services read a secret: their containers keep the value that they were made with.

use std::collections::BTreeSet;

use crate::docker::compose::{Location, MountKind, Node, Place, Service, Stack};
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
    /// The stacks that somebody starts: one whose files another stack includes is started with that one.
    pub fn started(&self) -> impl Iterator<Item = &Stack> {
        let is_part = |stack: &Stack| {
            let base = stack.sources.first().map(|source| &source.path);
            base.is_some_and(|base| self.stacks.iter().any(|other| other.included.contains(base)))
        };
        self.stacks.iter().filter(move |stack| !is_part(stack))
    }

    /// The services that read one of these places, by stack; a profile that hides one is left hidden.
    #[must_use]
    pub fn readers<'a>(&'a self, places: &[ReadPlace]) -> Vec<Readers<'a>> {
        let of = |stack: &'a Stack| Readers::of(stack, places, self);
        self.started().map(of).filter(|readers| !readers.services.is_empty()).collect()
    }

    /// The env file that a variable comes from which is written at a place of a stack: the first that defines it, as Compose
    /// takes them; where none does, the first.
    #[must_use]
    pub(crate) fn variable_file<'a>(&self, stack: &'a Stack, place: Place, name: &str) -> Option<&'a RelPath> {
        let files = stack.variable_files(place);
        let defines =
            |path: &&RelPath| self.files.iter().find(|file| file.path == **path).is_some_and(|file| file.defines(name));
        files.iter().find(defines).or(files.first())
    }
}

impl<'a> Readers<'a> {
    fn of(stack: &'a Stack, places: &[ReadPlace], project: &Project) -> Self {
        let mut readers = Self { stack, services: Vec::new() };
        for service in stack.services() {
            if reads_file(&service, places, project) || reads_setting(&service, places, project) {
                readers.services.push(service.name());
            }
        }
        readers
    }
}

/// By `env_file`, or by a `${NAME}` that comes from the project's `.env`, or from that of a project that it includes.
fn reads_setting(service: &Service<'_>, places: &[ReadPlace], project: &Project) -> bool {
    let has_file = |path: &RelPath| places.iter().any(|(file, _)| file == path);
    let is_given = |location: Location| matches!(location, Location::Below(path) if has_file(&path));
    if service.env_files().into_iter().any(|file| is_given(file.location)) {
        return true;
    }
    let mut used = BTreeSet::new();
    variables(service.node, &mut used);
    // Without a value it is the project's own.
    let bare = service.environment().iter().filter(|entry| entry.node.scalar().is_none());
    used.extend(bare.map(|entry| (entry.place, entry.key.as_str().to_owned())));
    let is_from = |(place, name): &(Place, String), (file, key): &ReadPlace| {
        key.as_ref().is_none_or(|key| key.as_str() == name)
            && service.stack.variable_files(*place).contains(file)
            && project.variable_file(service.stack, *place, name) == Some(file)
    };
    used.iter().any(|one| places.iter().any(|read| is_from(one, read)))
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

/// The names behind every `$` of a tree, and where they are written.
pub(crate) fn variables(node: &Node, used: &mut BTreeSet<(Place, String)>) {
    if let Some(scalar) = node.scalar() {
        used.extend(scalar.variables.iter().map(|variable| (node.place, variable.name.clone())));
    }
    node.items().iter().for_each(|item| variables(item, used));
    node.entries().iter().for_each(|entry| variables(&entry.node, used));
}
