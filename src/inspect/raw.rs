//! Docker's JSON as it is written. Only what is looked at is read; a value goes from the reader's buffer into a
//! [`Secret`], which keeps the buffer.

use serde::Deserialize;
use serde_json::Deserializer;

use super::units::percent;
use super::{Container, Health, Image, Limits, Mount, Restart, State, Unreadable, Variable, day};
use crate::path::RelPath;
use crate::secret::Secret;

pub(super) enum Thing {
    Container(Box<Container>),
    Image(Image),
    Other,
}

/// An object of `docker inspect` (of a container or an image), of `docker ps` or of `docker stats`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    id: Option<String>,
    name: Option<String>,
    names: Option<Names>,
    image: Option<String>,
    state: Option<RawState>,
    status: Option<String>,
    restart_count: Option<u64>,
    config: Option<Config>,
    host_config: Option<HostConfig>,
    mounts: Option<Mounts>,
    repo_tags: Option<Vec<String>>,
    created: Option<serde_json::Value>,
    #[serde(rename = "CPUPerc")]
    cpu_perc: Option<String>,
    mem_perc: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawState {
    /// `docker ps`.
    Word(String),
    /// `docker inspect`.
    Full(FullState),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FullState {
    status: Option<String>,
    health: Option<RawHealth>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawHealth {
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    user: Option<String>,
    env: Option<Vec<String>>,
    image: Option<String>,
    healthcheck: Option<Healthcheck>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Healthcheck {
    test: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HostConfig {
    restart_policy: Option<RestartPolicy>,
    memory: Option<i64>,
    nano_cpus: Option<i64>,
    cpu_quota: Option<i64>,
    cpu_period: Option<i64>,
    pids_limit: Option<i64>,
    privileged: Option<bool>,
    pid_mode: Option<String>,
    ipc_mode: Option<String>,
    #[serde(rename = "UTSMode")]
    uts_mode: Option<String>,
    network_mode: Option<String>,
    cap_add: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RestartPolicy {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Mounts {
    /// `docker inspect`.
    Full(Vec<RawMount>),
    /// `docker ps`: names for people.
    #[allow(dead_code, reason = "what stands there is not read")]
    Other(serde_json::Value),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawMount {
    #[serde(rename = "Type")]
    kind: Option<String>,
    source: Option<String>,
    #[serde(rename = "RW")]
    writable: Option<bool>,
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
    if raw.repo_tags.is_some() && raw.host_config.is_none() {
        return image(raw).map_or(Thing::Other, Thing::Image);
    }
    let name = match (&raw.name, &raw.names) {
        (Some(name), _) | (None, Some(Names::One(name))) => Some(name),
        (None, Some(Names::Many(names))) => names.first(),
        (None, None) => None,
    };
    let is_container = raw.host_config.is_some() || raw.names.is_some() || raw.mem_perc.is_some();
    match name.filter(|name| is_container && !name.is_empty()) {
        Some(name) => {
            let name = RelPath::from(name.trim_start_matches('/'));
            Thing::Container(Box::new(container(name, raw)))
        }
        None => Thing::Other,
    }
}

fn image(raw: Raw) -> Option<Image> {
    let made = day(raw.created.as_ref()?.as_str()?)?;
    let name = raw.repo_tags?.into_iter().next().or(raw.id)?;
    Some(Image { name: RelPath::from(name.as_str()), made })
}

fn container(name: RelPath, raw: Raw) -> Container {
    let mut one = Container { name, restarts: raw.restart_count, ..Container::default() };
    one.memory_use = raw.mem_perc.as_deref().and_then(percent);
    one.cpu_use = raw.cpu_perc.as_deref().and_then(percent);
    match raw.state {
        Some(RawState::Word(word)) => one.state = Some(state(&word)),
        Some(RawState::Full(full)) => {
            one.state = full.status.as_deref().map(state);
            one.health = full.health.and_then(|health| health.status).as_deref().and_then(health);
        }
        None => {}
    }
    // Of `docker ps`: `Up 2 hours (healthy)`.
    if let Some(status) = raw.status.as_deref() {
        let inner = status.rsplit_once('(').map(|(_, inner)| inner.trim_end_matches(')'));
        let word = inner.map(|inner| inner.trim_start_matches("health: ")).and_then(health);
        one.health = one.health.or(word).or(status.starts_with("Up").then_some(Health::None));
        one.image = raw.image.clone();
    }
    if let Some(config) = raw.config {
        of_config(&mut one, config);
    }
    if let Some(host) = raw.host_config {
        of_host(&mut one, host);
    }
    if let Some(Mounts::Full(mounts)) = raw.mounts {
        let binds = mounts.into_iter().filter(|mount| mount.kind.as_deref() == Some("bind"));
        one.mounts.extend(binds.filter_map(|mount| {
            Some(Mount { source: mount.source?.into_bytes(), writable: mount.writable.unwrap_or(true) })
        }));
    }
    one
}

fn of_config(one: &mut Container, config: Config) {
    one.image = config.image.or(one.image.take());
    one.user = Some(config.user.unwrap_or_default());
    let switched_off = config.healthcheck.as_ref().and_then(|check| check.test.as_ref());
    let is_asked = switched_off.is_some_and(|test| !matches!(test.first().map(String::as_str), None | Some("NONE")));
    one.health = one.health.or((!is_asked).then_some(Health::None));
    one.environment.extend(config.env.into_iter().flatten().map(|line| {
        // The value is cut out of the reader's own buffer, which is then zeroed.
        let whole = zeroize::Zeroizing::new(line);
        let (name, value) = whole.split_once('=').unwrap_or((&whole, ""));
        Variable { name: name.to_owned(), value: Secret::copy_of(value.as_bytes()), is_replaced: false }
    }));
}

fn of_host(one: &mut Container, host: HostConfig) {
    let restart = host.restart_policy.and_then(|policy| policy.name);
    one.restart = Some(match restart.as_deref() {
        Some("always") => Restart::Always,
        Some("unless-stopped") => Restart::UnlessStopped,
        Some("on-failure") => Restart::OnFailure,
        _ => Restart::No,
    });
    let given = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok()).filter(|number| *number > 0);
    // 10^9 a processor, or microseconds of a period, 100,000 where none is given.
    let quota =
        given(host.cpu_quota).map(|quota| quota.saturating_mul(1000) / given(host.cpu_period).unwrap_or(100_000));
    let cpus = given(host.nano_cpus).map(|cpus| cpus / 1_000_000).or(quota);
    one.limits = Some(Limits { memory: given(host.memory), cpus, pids: given(host.pids_limit) });
    let namespaces =
        [("pid", host.pid_mode), ("ipc", host.ipc_mode), ("uts", host.uts_mode), ("network", host.network_mode)];
    let shared = namespaces.into_iter().filter(|(_, mode)| mode.as_deref() == Some("host")).map(|(name, _)| name);
    one.privileges.extend(host.privileged.unwrap_or_default().then_some("privileged").into_iter().chain(shared));
    one.capabilities = host.cap_add.map_or(0, |added| added.len());
}

fn state(word: &str) -> State {
    match word {
        "running" => State::Running,
        "restarting" => State::Restarting,
        _ => State::Stopped,
    }
}

fn health(word: &str) -> Option<Health> {
    match word {
        "healthy" => Some(Health::Healthy),
        "unhealthy" => Some(Health::Unhealthy),
        "starting" => Some(Health::Starting),
        "none" => Some(Health::None),
        _ => None,
    }
}
