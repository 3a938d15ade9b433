//! What Docker or Podman says of running containers: the JSON of `docker inspect`, `docker ps`, `docker compose ps`,
//! `docker stats --no-stream` and `docker images` (`--format json`), also behind one another. Pure.
//!
//! Each of them knows a part; what several say of one container is put together by its name.

mod engine;
mod image;
mod label;

mod port;
mod raw;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::docker::compose::Range;
use crate::docker::image::Reference;
use crate::path::RelPath;
use crate::secret::Secret;

/// Whether a container works, by its own health check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It has no check.
    None,
    /// Not asked often enough yet.
    Starting,
    /// It answers.
    Healthy,
    /// It does not.
    Unhealthy,
}

/// When Docker starts it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Always.
    Always,
    /// Unless somebody stopped it.
    UnlessStopped,
    /// Where it failed.
    OnFailure,
    /// Never.
    No,
}

/// What it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory, in bytes.
    pub memory: Option<u64>,
    /// Processors, in thousandths of one.
    pub cpus: Option<u64>,
    /// Processes.
    pub pids: Option<u64>,
}

/// Something of the host that it sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The host's path.
    pub source: Vec<u8>,
    /// Whether it may write there.
    pub writable: bool,
}

/// What its health check answered the last few times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probes {
    /// How often it was asked.
    pub asked: u64,
    /// How often it failed.
    pub failed: u64,
    /// Whether what it calls was not there each time.
    pub is_missing: bool,
}

/// A port of it that the host opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The host's address; every one where none is given.
    pub host: Option<String>,
    /// The container's ports.
    pub target: Range,
}

/// What is in its labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Compose built its image, and named it.
    pub is_built: bool,
    /// Something else than Docker starts it again: Swarm, Kubernetes, systemd.
    pub is_minded: bool,
    /// `docker compose run` made it: it ends by itself.
    pub is_one_off: bool,
}

/// One variable of its environment.
#[derive(Debug)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Secret,
    /// Whether it is known to have been replaced.
    pub is_replaced: bool,
    /// Whether the project would give the container another secret now.
    pub is_outdated: bool,
}

/// Where a container can hold a value besides its environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `Cmd`
    Command,
    /// `Entrypoint`
    Entrypoint,
    /// `Labels`
    Labels,
    /// `Healthcheck`
    HealthCheck,
}

/// A text of a container's configuration that `docker inspect` shows.
#[derive(Debug)]
pub struct Text {
    /// Where it is.
    pub part: Part,
    /// The text: it may contain a secret.
    pub text: Secret,
}

/// The compose service that a container belongs to, as Compose labels it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposeService {
    /// The directory of the compose project, on its host.
    pub directory: String,
    /// The name of the service.
    pub service: String,
}

/// One container. `None` is what nobody said.
#[derive(Debug, Default)]
pub struct Container {
    /// Its name, without the slash in front.
    pub name: RelPath,
    /// The image that it was made from, as somebody named it.
    pub image: Option<String>,
    /// `running`, `restarting`, `exited`, …
    pub state: Option<State>,
    /// How often Docker started it again.
    pub restarts: Option<u64>,
    /// Its health.
    pub health: Option<Health>,
    /// When it is started again.
    pub restart: Option<Restart>,
    /// What it may use.
    pub limits: Option<Limits>,
    /// Who runs it; empty is root.
    pub user: Option<String>,
    /// Whether what it starts with can be an image's own way to give root's rights away: its entry point, and no shell
    /// as the command.
    pub steps_down: bool,
    /// `privileged`, and namespaces that it shares with the host.
    pub privileges: Vec<&'static str>,
    /// The capabilities that it was given.
    pub capabilities: Vec<String>,
    /// What it was given for `--security-opt`.
    pub security: Vec<String>,
    /// The host's paths in it.
    pub mounts: Vec<Mount>,
    /// The host's devices in it.
    pub devices: Vec<String>,
    /// The ports that the host opens.
    pub ports: Vec<Published>,
    /// What is in its labels.
    pub labels: Labels,
    /// Whether the kernel killed a process of it for want of memory.
    pub is_out_of_memory: bool,
    /// What its health check answered.
    pub probes: Option<Probes>,
    /// Its environment.
    pub environment: Vec<Variable>,
    /// Its other texts.
    pub texts: Vec<Text>,
    /// When its process started.
    pub started: Option<Timestamp>,
    /// Its compose service.
    pub service: Option<ComposeService>,
    /// How much of its memory it uses, in percent.
    pub memory_use: Option<u64>,
    /// How much of one processor it uses, in percent.
    pub cpu_use: Option<u64>,
}

/// What a container does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It runs.
    Running,
    /// It ended, and Docker starts it again.
    Restarting,
    /// It does not run.
    Stopped,
}

/// One image of the host.
#[derive(Debug)]
pub struct Image {
    /// A name of it, else its id.
    pub name: RelPath,
    /// All its names.
    pub tags: Vec<String>,
    /// The day it was made; nothing where its maker wrote down none.
    pub made: Option<Date>,
    /// Whether Compose built it.
    pub is_built: bool,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Inspected {
    /// The containers, by name.
    pub containers: Vec<Container>,
    /// The images.
    pub images: Vec<Image>,
    /// How many things were neither.
    pub others: usize,
}

/// It is no JSON, or not of this kind. What is there is not said: it holds secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Reads what Docker wrote.
///
/// # Errors
/// No JSON, or JSON of another kind.
pub fn read(bytes: &[u8]) -> Result<Inspected, Unreadable> {
    let mut found = Inspected::default();
    let mut containers: BTreeMap<RelPath, Container> = BTreeMap::new();
    for thing in raw::things(bytes)? {
        match thing {
            raw::Thing::Container(one) => match containers.get_mut(&one.name) {
                Some(known) => known.take(*one),
                None => drop(containers.insert(one.name.clone(), *one)),
            },
            raw::Thing::Image(image) => found.images.push(image),
            raw::Thing::Other => found.others += 1,
        }
    }
    found.containers = containers.into_values().collect();
    let built: BTreeSet<&str> = found
        .images
        .iter()
        .filter(|image| image.is_built)
        .flat_map(|image| &image.tags)
        .map(|tag| latest(tag))
        .collect();
    for container in &mut found.containers {
        container.labels.is_built |= container.image.as_deref().is_some_and(|image| built.contains(latest(image)));
    }
    Ok(found)
}

/// An image's name without the tag that Docker puts where none is.
fn latest(image: &str) -> &str {
    image.strip_suffix(":latest").unwrap_or(image)
}

impl Container {
    /// Adds what another source says; what is known stays.
    fn take(&mut self, other: Self) {
        self.image = self.image.take().or(other.image);
        self.state = self.state.or(other.state);
        self.restarts = self.restarts.or(other.restarts);
        self.health = self.health.or(other.health);
        self.restart = self.restart.or(other.restart);
        self.limits = self.limits.or(other.limits);
        self.user = self.user.take().or(other.user);
        self.memory_use = self.memory_use.or(other.memory_use);
        self.cpu_use = self.cpu_use.or(other.cpu_use);
        self.probes = self.probes.or(other.probes);
        self.steps_down |= other.steps_down;
        self.security.extend(other.security);
        self.is_out_of_memory |= other.is_out_of_memory;
        self.labels = self.labels.and(other.labels);
        self.privileges.extend(other.privileges);
        self.privileges.dedup();
        self.capabilities.extend(other.capabilities);
        self.mounts.extend(other.mounts);
        self.devices.extend(other.devices);
        self.ports.extend(other.ports);
        self.environment.extend(other.environment);
        self.texts.extend(other.texts);
        self.started = self.started.or(other.started);
        self.service = self.service.take().or(other.service);
    }

    /// Its image's name without registry, owner and tag.
    #[must_use]
    pub fn image_name(&self) -> Option<String> {
        self.image.as_deref().map(|image| Reference::of(image).short_name())
    }
}

impl Labels {
    fn and(self, other: Self) -> Self {
        Self {
            is_built: self.is_built || other.is_built,
            is_minded: self.is_minded || other.is_minded,
            is_one_off: self.is_one_off || other.is_one_off,
        }
    }
}

#[cfg(test)]
mod tests;
