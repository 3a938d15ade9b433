//! A set of compose files, loaded.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::fault::Fault;
use super::load::{Failure, Files, Loaded, Request, Source, load};
use super::location::{Location, ProjectRoot};
use super::node::{Entry, Node, Place};
use super::{Service, Variables, short_forms, yaml};
use crate::environment::Environment;
use crate::path::RelPath;

/// One set of compose files, as `docker compose` loads it.
#[derive(Debug)]
pub struct Stack {
    /// The files that were read, the first one first: the base, its overrides, what they extend and include.
    pub sources: Vec<Source>,
    /// Those of them that `include` names.
    pub included: Vec<RelPath>,
    /// The project directory: where `.env` is.
    pub dir: RelPath,
    /// The last file given: the one whose name says what the stack is for.
    pub named: RelPath,
    /// What it is for.
    pub environment: Environment,
    /// What its `${…}` refer to.
    pub variables: Variables,
    /// Where its variables come from, and those of what it includes.
    pub env_files: Vec<RelPath>,
    /// The profiles that are switched on.
    pub profiles: Vec<String>,
    /// Where the project root is.
    pub(super) place: ProjectRoot,
    root: Arc<Node>,
    /// Where each service is in the tree.
    places: HashMap<String, usize>,
    /// The services that another one waits for to end.
    ending: HashSet<String>,
}

/// A file behind a secret or config of the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSecret<'a> {
    /// Its name in the compose file.
    pub name: &'a str,
    /// Where `file:` stands.
    pub place: Place,
    /// The file.
    pub location: Location,
}

impl Stack {
    /// Loads one. What it is for the caller decides.
    ///
    /// # Errors
    /// The first fault.
    pub fn load(request: &Request, files: &mut dyn Files, environment: Environment) -> Result<Self, Failure> {
        Ok(Self::of(load(request, files)?, request, environment))
    }

    /// The YAML documents of one file as they are written: nothing is interpolated, extended, included or merged.
    ///
    /// # Errors
    /// A file that is no YAML.
    pub fn as_written(path: &RelPath, bytes: &[u8], environment: Environment) -> Result<Vec<Self>, Fault> {
        let request = Request { files: vec![path.clone()], dir: path.parent(), ..Request::default() };
        let of = |root| {
            let sources = vec![Source { path: path.clone(), base: path.parent(), env_files: Arc::default() }];
            let (root, variables) = (short_forms::file(root), Variables::default());
            let loaded = Loaded { sources, included: Vec::new(), root, variables };
            Self::of(loaded, &request, environment)
        };
        Ok(yaml::parse(bytes, 0)?.iter().map(of).collect())
    }

    fn of(Loaded { sources, included, root, variables }: Loaded, request: &Request, environment: Environment) -> Self {
        let named = request.files.last().cloned().unwrap_or_default();
        let services = root.get("services").map(Node::entries).unwrap_or_default();
        let names = services.iter().enumerate().map(|(index, entry)| (entry.key.as_str().to_owned(), index));
        let (places, ending) = (names.collect(), ending(services));
        let env_files = request.env_files.iter().cloned().chain([request.dir.join(b".env")]);
        let of_sources = sources.iter().flat_map(|source| source.env_files.iter().cloned());
        let mut seen = HashSet::new();
        let env_files = env_files.chain(of_sources).filter(|path| seen.insert(path.clone())).collect();
        let (dir, place, profiles) = (request.dir.clone(), request.root.clone(), profiles(&variables));
        Self { sources, included, dir, named, environment, variables, env_files, profiles, place, root, places, ending }
    }

    /// The merged tree.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The project's name, which is in those of its containers and images; `None` where nobody says where it is.
    #[expect(clippy::disallowed_methods, reason = "a name is no secret")]
    #[must_use]
    pub fn project_name(&self) -> Option<&str> {
        let of_variables = || std::str::from_utf8(self.variables.get("COMPOSE_PROJECT_NAME")?.expose()).ok();
        self.root.get("name").and_then(Node::text).or_else(of_variables).filter(|name| !name.is_empty())
    }

    /// The services, in the order of the files.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        let services = self.root.get("services").map(Node::entries).unwrap_or_default();
        services.iter().map(|entry| Service { stack: self, entry, node: &entry.node })
    }

    /// Those that are something: an override of a file that is not here has no image.
    pub fn whole_services(&self) -> impl Iterator<Item = Service<'_>> {
        self.services().filter(|service| service.at(&["image"]).is_some() || service.at(&["build"]).is_some())
    }

    /// The service of this name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<Service<'_>> {
        let entry = self.root.get("services")?.entries().get(*self.places.get(name)?)?;
        Some(Service { stack: self, entry, node: &entry.node })
    }

    /// Whether another service waits for this one to end.
    #[must_use]
    pub fn is_awaited(&self, name: &str) -> bool {
        self.ending.contains(name)
    }

    /// The file of a place.
    #[must_use]
    pub fn path(&self, place: Place) -> RelPath {
        self.sources.get(place.file).map(|source| source.path.clone()).unwrap_or_default()
    }

    /// The env files that a `${…}` at this place refers to: of a variable the first one counts that defines it. What is
    /// included has its own.
    #[must_use]
    pub fn variable_files(&self, place: Place) -> &[RelPath] {
        self.sources.get(place.file).map_or(&self.env_files, |source| &source.env_files)
    }

    /// Where a path that is written at `place` leads.
    #[must_use]
    pub fn locate(&self, place: Place, text: &str) -> Location {
        self.place.locate(self.sources.get(place.file).map_or(&self.dir, |source| &source.base), text)
    }

    /// The files behind `secrets:`.
    #[must_use]
    pub fn file_secrets(&self) -> Vec<FileSecret<'_>> {
        self.files_below("secrets")
    }

    /// The files behind `configs:`.
    #[must_use]
    pub fn file_configs(&self) -> Vec<FileSecret<'_>> {
        self.files_below("configs")
    }

    fn files_below(&self, part: &str) -> Vec<FileSecret<'_>> {
        let entries = self.root.get(part).map(Node::entries).unwrap_or_default();
        let of = |entry: &'_ Entry| {
            let file = entry.node.get("file")?;
            Some((file.place, self.locate(file.place, file.text()?)))
        };
        let found = entries.iter().filter_map(|entry| Some((entry, of(entry)?)));
        found.map(|(entry, (place, location))| FileSecret { name: entry.key.as_str(), place, location }).collect()
    }

    /// The host's path behind a named volume, where it is one (`driver_opts: {device: /srv/data}`).
    #[must_use]
    pub fn device(&self, volume: &str) -> Option<&str> {
        self.root.get("volumes")?.get(volume)?.at(&["driver_opts", "device"])?.text()
    }

    /// The env files below the project root that its services, or its own `${…}`, read.
    #[must_use]
    pub fn read_files(&self) -> Vec<RelPath> {
        let env_files = self.services().flat_map(|service| service.env_files()).map(|file| file.location);
        let secrets = self.file_secrets().into_iter().map(|secret| secret.location);
        let below = env_files.chain(secrets).filter_map(|location| match location {
            Location::Below(path) => Some(path),
            _ => None,
        });
        self.env_files.iter().cloned().chain(below).collect()
    }

    /// Whether a service of it, or its own `${…}`, reads this env file.
    #[must_use]
    pub fn reads(&self, path: &RelPath) -> bool {
        self.read_files().contains(path)
    }

    /// Whether a service is neither an image nor built: then the files are an override of others.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.services().any(|service| service.at(&["image"]).is_none() && service.at(&["build"]).is_none())
    }

    /// Whether its files are called those of Swarm's `docker stack deploy`.
    #[must_use]
    pub fn is_swarms(&self) -> bool {
        let name = String::from_utf8_lossy(self.named.file_name()).to_ascii_lowercase();
        name.split(['.', '-', '_']).any(|word| matches!(word, "stack" | "swarm"))
    }

    /// The names under which its containers are reached.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        self.services().flat_map(|service| service.hosts()).collect()
    }
}

/// `COMPOSE_PROFILES`: names, between commas.
#[expect(clippy::disallowed_methods, reason = "names of profiles are no secret")]
fn profiles(variables: &Variables) -> Vec<String> {
    let value = variables.get("COMPOSE_PROFILES").and_then(|value| std::str::from_utf8(value.expose()).ok());
    let names = value.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// The services that another one waits for to end.
fn ending(services: &[Entry]) -> HashSet<String> {
    let waits = services.iter().filter_map(|entry| entry.node.get("depends_on")).flat_map(Node::entries);
    let ends =
        |wait: &&Entry| wait.node.get("condition").and_then(Node::text) == Some("service_completed_successfully");
    waits.filter(ends).map(|wait| wait.key.as_str().to_owned()).collect()
}
