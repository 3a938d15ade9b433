//! The compose files that a directory's `.env` chooses: `COMPOSE_FILE`, and what goes with it.

use std::num::NonZeroU32;

use crate::docker::compose::{Location, ProjectRoot};
use crate::env::Document;
use crate::environment::Environment;
use crate::path::RelPath;

/// What a `.env` chooses.
#[derive(Debug)]
pub(super) struct Chosen {
    /// The files below the project root, in order.
    pub(super) files: Vec<RelPath>,
    /// The line that names one that is not.
    pub(super) outside: Option<NonZeroU32>,
    /// What the `.env` says that it is for.
    pub(super) environment: Option<Environment>,
}

/// Where `COMPOSE_FILE` is set, Docker Compose asks for no other file.
#[expect(clippy::disallowed_methods, reason = "names of compose files and of environments are no secret")]
pub(super) fn chosen(dir: &RelPath, root: &ProjectRoot, document: &Document) -> Option<Chosen> {
    let setting = |name: &str| {
        let assignment = document.assignments().get(document.places(name).last().copied()?)?;
        let value = std::str::from_utf8(assignment.value.expose()).ok().filter(|value| !value.is_empty())?;
        Some((value.to_owned(), assignment.line))
    };
    let separator = setting("COMPOSE_PATH_SEPARATOR").map_or_else(|| ":".into(), |(separator, _)| separator);
    let (names, line) = setting("COMPOSE_FILE")?;
    let locations: Vec<Location> = names.split(separator.as_str()).map(|name| root.locate(dir, name)).collect();
    let below = |location: &Location| match location {
        Location::Below(path) => Some(path.clone()),
        _ => None,
    };
    let files: Vec<RelPath> = locations.iter().filter_map(below).collect();
    let pairs = document.assignments().iter().filter_map(|one| Some((one.key.as_ref()?.as_str(), one.value.expose())));
    Some(Chosen {
        outside: (files.len() < locations.len()).then_some(line),
        files,
        environment: Environment::from_settings(pairs),
    })
}
