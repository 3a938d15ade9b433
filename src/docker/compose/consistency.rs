//! What Docker Compose asks of a set as a whole: that everything a service names is there, and that no service waits for
//! itself. Source: compose-go's `loader/validate.go`; a service that a profile hides is not examined there either.

use std::collections::{HashMap, HashSet};

use super::fault::{Fault, FaultKind};
use super::load::Failure;
use super::mount::{Mount, MountKind};
use super::node::{Entry, Node, Place};
use super::{Service, Stack};

impl Stack {
    /// Whether Compose would start it as it is.
    ///
    /// # Errors
    /// The first fault. Files that only make sense over others have one.
    pub fn consistent(&self) -> Result<(), Failure> {
        self.consistent_with(&Defined::of([self]))
    }

    /// Whether Compose would start it, if everything that these sets define were there.
    ///
    /// # Errors
    /// The first fault.
    pub fn consistent_with(&self, defined: &Defined<'_>) -> Result<(), Failure> {
        let root = self.root();
        if root.entries().iter().all(|entry| entry.key.as_str() == "version") {
            return Err(Failure { path: self.named.clone(), fault: Fault { line: None, kind: FaultKind::Empty } });
        }
        let given =
            |(place, kind): (Place, FaultKind)| Failure { path: self.path(place), fault: Fault::at(place.line, kind) };
        let services: Vec<Service<'_>> = self.services().filter(|service| !service.is_hidden()).collect();
        services.iter().try_for_each(|service| of_service(service, defined)).map_err(given)?;
        ["secrets", "configs"].iter().try_for_each(|kind| contents(root, kind)).map_err(given)?;
        volumes(root).map_err(given)?;
        cycle(&services).map_err(given)
    }
}

type Found = Result<(), (Place, FaultKind)>;

/// The names that services may use.
#[derive(Debug)]
pub struct Defined<'a> {
    services: HashSet<&'a str>,
    /// The services that something is started for: an image, a build.
    started: HashSet<&'a str>,
    networks: HashSet<&'a str>,
    volumes: HashSet<&'a str>,
    secrets: HashSet<&'a str>,
    configs: HashSet<&'a str>,
    models: HashSet<&'a str>,
}

impl<'a> Defined<'a> {
    /// What some sets define together.
    pub fn of(stacks: impl IntoIterator<Item = &'a Stack>) -> Self {
        let stacks: Vec<&Stack> = stacks.into_iter().collect();
        let names = |key: &str| -> HashSet<&'a str> {
            let entries = stacks.iter().filter_map(|stack| stack.root().get(key)).flat_map(Node::entries);
            entries.map(|entry| entry.key.as_str()).collect()
        };
        let mut networks = names("networks");
        networks.insert("default");
        let shown = || stacks.iter().flat_map(|stack| stack.services()).filter(|service| !service.is_hidden());
        Self {
            services: shown().map(|service| service.name()).collect(),
            started: shown().filter(is_started).map(|service| service.name()).collect(),
            networks,
            volumes: names("volumes"),
            secrets: names("secrets"),
            configs: names("configs"),
            models: names("models"),
        }
    }
}

fn of_service(service: &Service<'_>, defined: &Defined<'_>) -> Found {
    if !defined.started.contains(service.name()) {
        return Err((service.place(), FaultKind::NoImage));
    }
    let networks = service.at(&["networks"]).map(Node::entries).unwrap_or_default();
    if let (Some(mode), false) = (service.at(&["network_mode"]), networks.is_empty()) {
        return Err((mode.place, FaultKind::Conflict("networks")));
    }
    if service.at(&["build", "dockerfile_inline"]).is_some() {
        if let Some(other) = service.at(&["build", "dockerfile"]) {
            return Err((other.place, FaultKind::Conflict("dockerfile_inline")));
        }
    }
    keys(networks, &defined.networks, "network")?;
    keys(service.at(&["models"]).map(Node::entries).unwrap_or_default(), &defined.models, "model")?;
    granted(service, &["secrets"], &defined.secrets, "secret")?;
    granted(service, &["build", "secrets"], &defined.secrets, "secret")?;
    granted(service, &["configs"], &defined.configs, "config")?;
    mounts(service, defined)?;
    waits(service).into_iter().try_for_each(|wait| {
        match wait.is_required && !defined.services.contains(wait.name) {
            true => Err((wait.place, FaultKind::Undefined("service"))),
            false => Ok(()),
        }
    })?;
    probe(service)
}

fn is_started(service: &Service<'_>) -> bool {
    let has = |key: &&str| service.at(&[key]).is_some_and(|node| node.text() != Some(""));
    ["image", "build", "provider"].iter().any(has)
}

fn keys(entries: &[Entry], defined: &HashSet<&str>, what: &'static str) -> Found {
    let stranger = entries.iter().find(|entry| !defined.contains(entry.key.as_str()));
    stranger.map_or(Ok(()), |entry| Err((entry.place, FaultKind::Undefined(what))))
}

fn granted(service: &Service<'_>, path: &[&str], defined: &HashSet<&str>, what: &'static str) -> Found {
    let items = service.at(path).map(Node::items).unwrap_or_default();
    let name = |item: &Node| item.text().or_else(|| item.get("source").and_then(Node::text)).map(str::to_owned);
    let stranger = items.iter().find(|item| name(item).is_some_and(|name| !defined.contains(name.as_str())));
    stranger.map_or(Ok(()), |item| Err((item.place, FaultKind::Undefined(what))))
}

fn mounts(service: &Service<'_>, defined: &Defined<'_>) -> Found {
    let is_stranger = |mount: &Mount| {
        let name = mount.source.as_deref().unwrap_or_default();
        // `C:\data` is a path, on somebody's own machine.
        mount.kind == MountKind::Volume && name.len() > 1 && !defined.volumes.contains(name)
    };
    let stranger = service.mounts().into_iter().find(is_stranger);
    stranger.map_or(Ok(()), |mount| Err((mount.place, FaultKind::Undefined("volume"))))
}

fn probe(service: &Service<'_>) -> Found {
    let Some(test) = service.at(&["healthcheck", "test"]) else { return Ok(()) };
    let first = test.items().first().and_then(|first| first.text());
    match first.is_none_or(|first| matches!(first, "CMD" | "CMD-SHELL" | "NONE")) {
        true => Ok(()),
        false => Err((test.place, FaultKind::WrongType("CMD, CMD-SHELL or NONE first"))),
    }
}

/// A service that another one needs.
struct Wait<'a> {
    name: &'a str,
    place: Place,
    is_required: bool,
}

/// Those of `depends_on`, and those whose network, volumes or processes it shares.
fn waits<'a>(service: &Service<'a>) -> Vec<Wait<'a>> {
    let entries = service.at(&["depends_on"]).map(Node::entries).unwrap_or_default();
    let mut waits: Vec<Wait<'a>> = entries
        .iter()
        .map(|entry| Wait {
            name: entry.key.as_str(),
            place: entry.place,
            is_required: entry.node.get("required").is_none_or(Node::is_true),
        })
        .collect();
    let shared = ["network_mode", "ipc", "pid"].iter().filter_map(|key| service.at(&[key]));
    let shared = shared.filter_map(|node| Some((node.text()?.strip_prefix("service:")?, node.place)));
    let items = |key: &str| service.at(&[key]).map(Node::items).unwrap_or_default().iter();
    let linked = items("links").chain(items("volumes_from")).filter_map(|item| Some((item.text()?, item.place)));
    let linked = linked.filter(|(text, _)| !text.starts_with("container:"));
    let linked = linked.map(|(text, place)| (text.split(':').next().unwrap_or(text), place));
    waits.extend(shared.chain(linked).map(|(name, place)| Wait { name, place, is_required: true }));
    waits
}

/// `secrets` and `configs`: what is in one is in one place.
fn contents(root: &Node, kind: &str) -> Found {
    for entry in root.get(kind).map(Node::entries).unwrap_or_default() {
        let is_external = entry.node.get("external").is_some_and(|node| node.is_true() || !node.entries().is_empty());
        let sources = ["file", "environment", "content"].iter().filter(|key| entry.node.get(key).is_some()).count();
        match sources {
            0 if !is_external && entry.node.get("driver").is_none() => {
                return Err((entry.place, FaultKind::MissingKey("file")));
            }
            0 | 1 => {}
            _ => return Err((entry.place, FaultKind::Conflict("file"))),
        }
    }
    Ok(())
}

/// A volume that somebody else made has no settings here.
fn volumes(root: &Node) -> Found {
    for entry in root.get("volumes").map(Node::entries).unwrap_or_default() {
        let is_external = entry.node.get("external").is_some_and(Node::is_true);
        let is_setting = |key: &str| !matches!(key, "name" | "external") && !key.starts_with("x-");
        let setting = entry.node.entries().iter().find(|inner| is_setting(inner.key.as_str()));
        if let (true, Some(setting)) = (is_external, setting) {
            return Err((setting.place, FaultKind::Conflict("external")));
        }
    }
    Ok(())
}

/// Services that wait for each other in a circle: what is left once those that wait for nobody are taken away, again and
/// again.
fn cycle(services: &[Service<'_>]) -> Found {
    let names: HashSet<&str> = services.iter().map(Service::name).collect();
    let mut open: HashMap<&str, usize> = HashMap::new();
    let mut needed_by: HashMap<&str, Vec<&str>> = HashMap::new();
    for service in services {
        let there: HashSet<&str> =
            waits(service).iter().map(|wait| wait.name).filter(|name| names.contains(name)).collect();
        open.insert(service.name(), there.len());
        there.into_iter().for_each(|other| needed_by.entry(other).or_default().push(service.name()));
    }
    let mut free: Vec<&str> = open.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    while let Some(name) = free.pop() {
        for waiting in needed_by.remove(name).unwrap_or_default() {
            if let Some(count) = open.get_mut(waiting) {
                *count -= 1;
                if *count == 0 {
                    free.push(waiting);
                }
            }
        }
    }
    let stuck = services.iter().find(|service| open.get(service.name()).is_some_and(|count| *count > 0));
    let place = stuck.map(|service| service.at(&["depends_on"]).map_or(service.place(), |node| node.place));
    place.map_or(Ok(()), |place| Err((place, FaultKind::Circle)))
}
