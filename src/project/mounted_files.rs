//! What stacks read of the file system besides compose files: mounts, env files, files behind `secrets:`.

use std::collections::{BTreeMap, BTreeSet};

use crate::docker::compose::{Location, MountKind, Stack};
use crate::environment::Environment;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::compose_files;

/// The modes of what services mount from below the root.
pub(super) fn mounted(root: &Root, stacks: &[Stack]) -> BTreeMap<RelPath, u32> {
    let mut modes = BTreeMap::new();
    for service in stacks.iter().flat_map(Stack::services) {
        for mount in service.mounts().iter().filter(|mount| mount.kind == MountKind::Bind) {
            let source = mount.source.as_deref().unwrap_or_default();
            let Location::Below(path) = service.stack.locate(mount.place, source) else { continue };
            if let Some(mode) = root.mode(&path) {
                modes.insert(path, mode);
            }
        }
    }
    modes
}

/// The env files that stacks read, and what for: for production where one of them is.
pub(super) fn readers(stacks: &[Stack]) -> BTreeMap<RelPath, Environment> {
    let mut readers: BTreeMap<RelPath, Environment> = BTreeMap::new();
    for stack in stacks {
        for path in stack.read_files() {
            let known = readers.entry(path).or_insert(stack.environment);
            if stack.environment == Environment::Production {
                *known = Environment::Production;
            }
        }
    }
    readers
}

/// What is about to be deployed and reads a file from outside of the project: what that holds is not known here.
pub(super) fn outside_files(stacks: &[Stack]) -> BTreeSet<Problem> {
    let deployed = stacks.iter().filter(|stack| stack.environment == Environment::Production);
    let used = deployed.flat_map(|stack| {
        let env_files = stack.services().flat_map(|service| service.env_files());
        let files = env_files.map(|file| (file.place, file.location));
        let secrets = stack.file_secrets().into_iter().map(|secret| (secret.place, secret.location));
        let outside = files.chain(secrets).filter(|(_, location)| !matches!(location, Location::Below(_)));
        outside.map(|(place, _)| compose_files::outside(stack.path(place), place.line)).collect::<Vec<_>>()
    });
    used.collect()
}
