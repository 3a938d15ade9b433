//! What a service could see: what its container is given, what is mounted in it, and what has the same value.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::docker::compose::{EnvFile, Location, MountKind, Node, Service, Stack};
use crate::env::Key;
use crate::env::names::Role;
use crate::path::RelPath;
use crate::project::{FoundSecret, Literal, Project, ProjectFile, literal_secrets, variables};
use crate::secret::strength::Strength;
use crate::secret::{GroupKey, Tag};

/// How a secret came into a container's sight. The order is that of how plain it lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// `environment:`, or another `${…}` of the service.
    Environment,
    /// `env_file:`.
    EnvFile,
    /// `secrets:`.
    Secret,
    /// A directory or file of the host that is mounted.
    Mount,
    /// It can reach the host: Docker's socket, `privileged`, the host's root.
    Host,
    /// Another key has a value that it saw.
    SameValue,
}

impl Way {
    /// The words on the screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Environment => "in its environment",
            Self::EnvFile => "through env_file",
            Self::Secret => "through secrets",
            Self::Mount => "in a mounted directory",
            Self::Host => "through the host",
            Self::SameValue => "same value as one it could see",
        }
    }
}

/// One secret that it could see.
#[derive(Debug)]
pub struct Sight<'a> {
    /// The env file, or the file behind a secret.
    pub file: &'a ProjectFile,
    /// The secret.
    pub secret: &'a FoundSecret,
    /// How.
    pub way: Way,
}

/// What a service could see.
#[derive(Debug, Default)]
pub struct BlastRadius<'a> {
    /// The secrets of the project's files, in the order of the files.
    pub sights: Vec<Sight<'a>>,
    /// Those in the compose files.
    pub literals: Vec<Literal>,
    /// By what it can reach the host, where it can: then it could see everything there.
    pub host: Option<&'static str>,
    /// Files that a stack gives it and that were not read.
    pub unseen: BTreeSet<RelPath>,
    /// Whether it is given a file that stands outside the project.
    pub elsewhere: bool,
}

/// What the service of this name could see, in these stacks.
#[must_use]
pub fn reach<'a>(
    project: &'a Project,
    stacks: &[&'a Stack],
    name: &str,
    config: &Config,
    group: &GroupKey,
) -> BlastRadius<'a> {
    let mut reach = BlastRadius::default();
    let mut ways = Ways { project, found: Vec::new() };
    for stack in stacks {
        let Some(service) = stack.service(name) else { continue };
        of_environment(&service, config, &mut ways, &mut reach);
        of_files(&service, &mut ways, &mut reach);
        of_mounts(&service, &mut ways, &mut reach);
    }
    if reach.host.is_some() {
        project.files.iter().for_each(|file| ways.add(&file.path, None, Way::Host));
    }
    reach.sights = ways.sights(group);
    reach
}

/// Which secrets are seen: of a file all, or the one of a name.
struct Ways<'a> {
    project: &'a Project,
    found: Vec<(RelPath, Option<String>, Way)>,
}

impl<'a> Ways<'a> {
    fn add(&mut self, path: &RelPath, name: Option<&str>, way: Way) {
        self.found.push((path.clone(), name.map(str::to_owned), way));
    }

    /// The plainest way to a secret.
    fn way(&self, file: &ProjectFile, secret: &FoundSecret) -> Option<Way> {
        let is_it = |(path, name, _): &&(RelPath, Option<String>, Way)| {
            *path == file.path && name.as_ref().is_none_or(|name| *name == secret.name)
        };
        self.found.iter().filter(is_it).map(|(.., way)| *way).min()
    }

    /// The filled secrets of files in use that are seen, each once, and those with the same value.
    fn sights(&self, group: &GroupKey) -> Vec<Sight<'a>> {
        let filled = |roles: &'static [Role]| {
            let files = self.project.files.iter().filter(|file| roles.contains(&file.role));
            let all = files.flat_map(|file| file.secrets.iter().map(move |secret| (file, secret)));
            all.filter(|(_, secret)| secret.is_filled())
        };
        let telling = |(file, secret): &(&'a ProjectFile, &'a FoundSecret)| {
            secret.strength() > Some(Strength::Weak) && self.way(file, secret).is_some()
        };
        // A forgotten copy tells as much as the file.
        let seen: BTreeSet<Tag> = filled(&[Role::Env, Role::Copy, Role::Keys])
            .filter(telling)
            .map(|(_, secret)| group.tag(&secret.value))
            .collect();
        let sight = |(file, secret): (&'a ProjectFile, &'a FoundSecret)| {
            let same = || seen.contains(&group.tag(&secret.value)).then_some(Way::SameValue);
            Some(Sight { file, secret, way: self.way(file, secret).or_else(same)? })
        };
        filled(&[Role::Env, Role::Keys]).filter_map(sight).collect()
    }
}

fn of_environment(service: &Service<'_>, config: &Config, ways: &mut Ways<'_>, reach: &mut BlastRadius<'_>) {
    let mut used = BTreeSet::new();
    variables(service.node, &mut used);
    for node in own_parts(service) {
        variables(node, &mut used);
        let named = node.get("environment").and_then(|name| Some((name.place, name.text()?.to_owned())));
        used.extend(named);
    }
    // Without a value it is the project's own.
    let bare = service.environment().iter().filter(|entry| entry.node.scalar().is_none());
    used.extend(bare.map(|entry| (entry.place, entry.key.as_str().to_owned())));
    for (place, name) in &used {
        let file = ways.project.variable_file(service.stack, *place, name);
        file.into_iter().for_each(|file| ways.add(file, Some(name), Way::Environment));
    }
    let contents =
        own_parts(service).into_iter().filter_map(|node| literal_secrets::of_config(node.get("content")?, config));
    for held in literal_secrets::of_service(service, config).into_iter().chain(contents) {
        let (path, line) = (service.stack.path(held.place), held.place.line);
        let key = held.key.and_then(|key| Key::printable(key.as_bytes()));
        let literal = Literal { path, line, key };
        if !reach.literals.contains(&literal) {
            reach.literals.push(literal);
        }
    }
}

/// The secrets and configs of the stack that the service is given.
fn own_parts<'a>(service: &Service<'a>) -> Vec<&'a Node> {
    let of = |part: &str| {
        let items = service.at(&[part]).map(Node::items).unwrap_or_default();
        let names = items.iter().filter_map(|item| item.text().or_else(|| item.get("source").and_then(Node::text)));
        let all = service.stack.root().get(part);
        names.filter_map(move |name| all?.get(name)).collect::<Vec<_>>()
    };
    ["secrets", "configs"].into_iter().flat_map(of).collect()
}

fn of_files(service: &Service<'_>, ways: &mut Ways<'_>, reach: &mut BlastRadius<'_>) {
    let names = service.secret_names();
    let secrets = service.stack.file_secrets().into_iter().filter(|secret| names.contains(&secret.name));
    let secrets = secrets.map(|secret| (secret.location, Way::Secret));
    // A text of any kind, which need not be an env file.
    let configs = service.named_files("configs");
    for location in configs.into_iter().map(|file| file.location) {
        match below(&location, ways.project) {
            Some(path) => ways.add(&path, None, Way::Mount),
            None => reach.elsewhere = true,
        }
    }
    // Compose starts the service without an optional file that is not there: nothing was given.
    let is_there = |file: &EnvFile| {
        file.required || below(&file.location, ways.project).is_none_or(|path| !ways.project.absent.contains(&path))
    };
    let env_files: Vec<EnvFile> = service.env_files().into_iter().filter(is_there).collect();
    let env_files = env_files.into_iter().map(|file| (file.location, Way::EnvFile));
    for (location, way) in secrets.chain(env_files) {
        let Some(path) = below(&location, ways.project) else {
            reach.elsewhere = true;
            continue;
        };
        let known = ways.project.files.iter().find(|file| file.path == path);
        if known.is_none_or(|file| file.document.is_none()) {
            reach.unseen.insert(path.clone());
        }
        ways.add(&path, None, way);
    }
}

fn of_mounts(service: &Service<'_>, ways: &mut Ways<'_>, reach: &mut BlastRadius<'_>) {
    if service.at(&["privileged"]).is_some_and(Node::is_true) {
        reach.host = Some("the service runs privileged");
    }
    if let Some(given) = service.vitals().into_iter().find(|given| given.vital.is_host) {
        reach.host = Some(if given.vital.is_socket {
            "the service has access to the Docker socket"
        } else {
            "the service has access to a vital part of the host"
        });
    }
    let mut is_outside = false;
    for (mount, _) in service.all_mounts().iter().filter(|(mount, _)| mount.kind == MountKind::Bind) {
        let source = mount.source.as_deref().unwrap_or_default();
        let location = service.stack.locate(mount.place, source);
        match (below(&location, ways.project), location) {
            (Some(dir), _) => {
                let files = &ways.project.files;
                let below: Vec<RelPath> =
                    files.iter().map(|file| file.path.clone()).filter(|path| path.strip_dir(&dir).is_some()).collect();
                below.iter().for_each(|path| ways.add(path, None, Way::Mount));
            }
            (None, Location::Absolute(path)) if ways.project.root.starts_with(&path) => {
                reach.host = Some("a directory above the project is mounted into the service");
            }
            // As it is written: `..` and what else only leads upwards.
            (None, Location::Elsewhere) if !source.is_empty() && source.split('/').all(|part| part == "..") => {
                reach.host = Some("a directory above the project is mounted into the service");
            }
            (None, location) => is_outside |= !source.is_empty() && !is_harmless(&location),
        }
    }
    // What is there is not known here; of who reaches the host that is said anyway.
    reach.elsewhere |= is_outside && reach.host.is_none();
}

/// Files of a host in which no secret stands, and what lies below directories of such.
const HARMLESS: [&str; 17] = [
    "/dev",
    "/etc/ca-certificates",
    "/etc/group",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/os-release",
    "/etc/passwd",
    "/etc/resolv.conf",
    "/etc/ssl/certs",
    "/etc/timezone",
    "/lib/modules",
    "/sys",
    "/tmp/.X11-unix",
    "/usr/share/ca-certificates",
    "/usr/share/zoneinfo",
];

fn is_harmless(location: &Location) -> bool {
    let Location::Absolute(path) = location else { return false };
    HARMLESS.iter().any(|place| path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// A place below the project's root, also where its whole path is written.
fn below(location: &Location, project: &Project) -> Option<RelPath> {
    match location {
        Location::Below(path) => Some(path.clone()),
        Location::Absolute(path) => RelPath::below(&project.root, std::path::Path::new(path)),
        Location::Elsewhere => None,
    }
}
