//! The engines' JSON as it is written. Only what is examined is read; a value goes from the reader's buffer into a
//! [`crate::secret::Secret`], which keeps the buffer.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::engine::{Config, FullState, HostConfig, NetworkSettings, RawMount};
use super::label::RawLabels;
use super::port::{Ports, Publisher};
use super::units::percent;
use super::{Container, Health, Image, Part, State, Text, Unreadable, image};
use crate::path::RelPath;
use crate::secret::Secret;

pub(super) enum Thing {
    Container(Box<Container>),
    Image(Image),
    Other,
}

/// An object of inspecting (a container or an image), or of a list of containers, images or what they use, by Docker,
/// Compose or Podman.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Raw {
    #[serde(alias = "ID")]
    pub(super) id: Option<String>,
    #[serde(alias = "name")]
    name: Option<String>,
    pub(super) names: Option<Names>,
    image: Option<String>,
    /// Podman's inspecting.
    image_name: Option<String>,
    state: Option<RawState>,
    status: Option<String>,
    /// Compose's list.
    health: Option<String>,
    restart_count: Option<u64>,
    pub(super) config: Option<Config>,
    host_config: Option<HostConfig>,
    network_settings: Option<NetworkSettings>,
    mounts: Option<Mounts>,
    labels: Option<RawLabels>,
    ports: Option<Ports>,
    publishers: Option<Vec<Publisher>>,
    /// A pod's own container in Podman's list, in which nothing of anybody's runs.
    is_infra: Option<bool>,
    pub(super) repo_tags: Option<Vec<String>>,
    pub(super) repository: Option<String>,
    pub(super) tag: Option<String>,
    pub(super) created: Option<serde_json::Value>,
    pub(super) created_at: Option<serde_json::Value>,
    #[serde(rename = "CPUPerc", alias = "cpu_percent")]
    cpu_perc: Option<String>,
    #[serde(alias = "mem_percent")]
    mem_perc: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Names {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawState {
    /// A list.
    Word(String),
    /// Inspecting.
    Full(FullState),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Mounts {
    /// Inspecting.
    Full(Vec<RawMount>),
    /// A list: names for people.
    #[allow(dead_code, reason = "what stands there is not read")]
    Other(IgnoredAny),
}

/// The objects, one behind another or in arrays.
pub(super) fn things(bytes: &[u8]) -> Result<Vec<Thing>, Unreadable> {
    let mut found = Vec::new();
    let mut rest = bytes.trim_ascii_start();
    while let Some(first) = rest.first() {
        let read = match first {
            b'[' => next::<Vec<Raw>>(rest),
            _ => next::<Raw>(rest).map(|(one, read)| (vec![one], read)),
        };
        let (raws, read) = read.ok_or(Unreadable)?;
        found.extend(raws.into_iter().map(thing));
        rest = rest.get(read..).unwrap_or_default().trim_ascii_start();
    }
    Ok(found)
}

/// The first value, and how many bytes it takes.
fn next<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<(T, usize)> {
    let mut stream = Deserializer::from_slice(bytes).into_iter::<T>();
    let value = stream.next()?.ok()?;
    Some((value, stream.byte_offset()))
}

fn thing(raw: Raw) -> Thing {
    if raw.is_image() {
        return image::of(raw).map_or(Thing::Other, Thing::Image);
    }
    match raw.container_name() {
        Some(name) => Thing::Container(Box::new(container(name, raw))),
        None => Thing::Other,
    }
}

impl Raw {
    fn is_image(&self) -> bool {
        let is_of_podman = matches!(self.names, Some(Names::Many(_))) && self.image.is_none();
        let is_listed = self.repository.is_some() && self.tag.is_some() || is_of_podman;
        self.host_config.is_none() && self.state.is_none() && (self.repo_tags.is_some() || is_listed)
    }

    /// The name of what is a container, or what one uses.
    fn container_name(&self) -> Option<RelPath> {
        let is_listed = self.state.is_some() || self.names.is_some() && self.image.is_some();
        let is_container = self.host_config.is_some() || is_listed || self.mem_perc.is_some();
        let name = match (&self.name, &self.names) {
            (Some(name), _) | (None, Some(Names::One(name))) => name,
            (None, Some(Names::Many(names))) => names.first()?,
            (None, None) => return None,
        };
        let is_one = is_container && self.is_infra != Some(true) && !name.is_empty();
        is_one.then(|| RelPath::from(name.trim_start_matches('/')))
    }
}

fn container(name: RelPath, raw: Raw) -> Container {
    let mut one = Container { name, restarts: raw.restart_count, ..Container::default() };
    one.memory_use = raw.mem_perc.as_deref().and_then(percent);
    one.cpu_use = raw.cpu_perc.as_deref().and_then(percent);
    // What inspecting calls `Image` is an id.
    one.image = if raw.host_config.is_some() { raw.image_name } else { raw.image };
    match raw.state {
        Some(RawState::Word(word)) => one.state = Some(state(&word)),
        Some(RawState::Full(full)) => full.tell(&mut one),
        None => {}
    }
    listed_health(&mut one, raw.health.as_deref(), raw.status.as_deref());
    let mut config = raw.config;
    let labels = raw.labels.or_else(|| config.as_mut()?.labels.take());
    config.into_iter().for_each(|config| config.tell(&mut one));
    raw.host_config.into_iter().for_each(|host| host.tell(&mut one));
    raw.network_settings.into_iter().for_each(|network| network.tell(&mut one));
    one.labels = labels.as_ref().map(|labels| labels.of_container(one.image.as_deref())).unwrap_or_default();
    one.service = labels.as_ref().and_then(RawLabels::compose_service);
    let values = labels.into_iter().flat_map(RawLabels::into_values);
    one.texts.extend(values.map(|value| Text { part: Part::Labels, text: Secret::new(value.into_bytes()) }));
    // Podman's registry of what was built here: nobody else can move a tag of it.
    one.labels.is_built |= one.image.as_deref().is_some_and(|image| image.starts_with("localhost/"));
    if let Some(Mounts::Full(mounts)) = raw.mounts {
        one.mounts.extend(mounts.into_iter().filter_map(RawMount::bind));
    }
    one.ports.extend(raw.ports.into_iter().flat_map(Ports::published));
    one.ports.extend(raw.publishers.into_iter().flatten().filter_map(Publisher::published));
    one
}

/// Of a list: `healthy`, nothing where there is no check, or behind how long it is up: `Up 2 hours (healthy)`.
fn listed_health(one: &mut Container, word: Option<&str>, status: Option<&str>) {
    let inner = status.and_then(|status| status.rsplit_once('(')).map(|(_, inner)| inner.trim_end_matches(')'));
    let inner = inner.map(|inner| inner.trim_start_matches("health: ")).and_then(health);
    let is_up = status.is_some_and(|status| status.starts_with("Up"));
    let is_silent = word == Some("") && one.state == Some(State::Running);
    one.health = one.health.or(word.and_then(health)).or(inner);
    one.health = one.health.or((is_up || is_silent).then_some(Health::None));
}

pub(super) fn state(word: &str) -> State {
    match word {
        "running" => State::Running,
        "restarting" => State::Restarting,
        _ => State::Stopped,
    }
}

pub(super) fn health(word: &str) -> Option<Health> {
    match word {
        "healthy" => Some(Health::Healthy),
        "unhealthy" => Some(Health::Unhealthy),
        "starting" => Some(Health::Starting),
        "none" => Some(Health::None),
        _ => None,
    }
}
