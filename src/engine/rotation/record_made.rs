//! What `init` and `generate` made, recorded: the ages of these secrets are known from their first day.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{ledger, survey};
use crate::engine::locate;
use crate::env::Key;
use crate::error::Error;
use crate::leak::Committed;
use crate::ledger::{Ledger as _, Places};
use crate::path::RelPath;
use crate::project::Project;
use crate::rotation::{Look, Made, made, sightings};
use crate::system::System;

/// Records that these keys of these env files (absolute paths) got a value just now from `what`. The values are read
/// where they are now; what is no secret by its class is none here.
///
/// # Errors
/// The ledger cannot be used, or a project cannot be read. The files are what they were.
pub(crate) fn record(files: &[(PathBuf, Vec<Key>)], what: &str, system: &System) -> Result<(), Error> {
    let mut projects: BTreeMap<PathBuf, Vec<(RelPath, &[Key])>> = BTreeMap::new();
    for (file, keys) in files.iter().filter(|(_, keys)| !keys.is_empty()) {
        let located = locate::project(Some(file), system)?;
        projects.entry(located.root).or_default().push((located.below, keys));
    }
    projects.iter().try_for_each(|(root, files)| of_project(root, files, what, system))
}

fn of_project(root: &Path, files: &[(RelPath, &[Key])], what: &str, system: &System) -> Result<(), Error> {
    let config = locate::configuration(root, None, system)?;
    let place = ledger::place(root, system)?;
    let project = Project::load(root, &RelPath::default(), false, &config, None)?;
    let mask = survey::mask_of(&project, &config, system);
    let name = survey::name(root, &config, &mask)?;
    let (mut kept, fingerprints) = ledger::open(place)?;
    let by =
        Look { config: &config, fingerprints: &fingerprints, group: &system.group, mask: &mask, today: system.today };
    let seen = sightings(&project, &Committed::default(), &by);
    let made_in: BTreeSet<(&RelPath, &Key)> =
        files.iter().flat_map(|(path, keys)| keys.iter().map(move |key| (path, key))).collect();
    let is_made = |file: &RelPath, key: &Key| made_in.contains(&(file, key));
    let all = seen.secrets.into_iter().filter(|one| is_made(&one.file, &one.key)).map(|one| Made {
        environment: one.environment,
        file: one.file,
        key: one.key,
        class: one.class,
        limits: one.limits,
        fingerprint: one.fingerprint,
        since: system.today,
    });
    let all: Vec<Made> = all.collect();
    let now = ledger::now(system);
    let updated = kept.update(&name, &mut |book| {
        let mut places = Places::of(book);
        all.iter().for_each(|one| made(book, &mut places, one, &now, what));
    });
    updated.map_err(|fault| ledger::failed(place, fault))
}
