//! What inspecting says of a container: the parts of its JSON.

use serde::Deserialize;

use super::label::RawLabels;
use super::port::{Bindings, of_bindings};
use super::raw::{health, state};
use super::{Container, Health, Limits, Mount, Part, Probes, Restart, Text, Variable};
use crate::secret::Secret;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FullState {
    status: Option<String>,
    health: Option<RawHealth>,
    /// Of older versions of Podman.
    healthcheck: Option<RawHealth>,
    #[serde(rename = "OOMKilled")]
    oom_killed: Option<bool>,
    started_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawHealth {
    status: Option<String>,
    log: Option<Vec<Answer>>,
}

/// One answer of the health check. What it printed is not read: it may be anything.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    exit_code: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Config {
    user: Option<String>,
    env: Option<Vec<String>>,
    image: Option<String>,
    healthcheck: Option<Healthcheck>,
    entrypoint: Option<Words>,
    cmd: Option<Words>,
    pub(super) labels: Option<RawLabels>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Healthcheck {
    test: Option<Vec<String>>,
}

/// A command: of older versions of Podman one text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HostConfig {
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
    userns_mode: Option<String>,
    cap_add: Option<Vec<String>>,
    security_opt: Option<Vec<String>>,
    /// Empty where `systempaths=unconfined` asked for it; not there, or null, where nobody did or it is privileged.
    masked_paths: Option<Vec<String>>,
    devices: Option<Vec<Device>>,
    port_bindings: Option<Bindings>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Device {
    path_on_host: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RestartPolicy {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NetworkSettings {
    ports: Option<Bindings>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RawMount {
    #[serde(rename = "Type")]
    kind: Option<String>,
    source: Option<String>,
    #[serde(rename = "RW")]
    writable: Option<bool>,
}

impl FullState {
    pub(super) fn tell(self, one: &mut Container) {
        one.state = self.status.as_deref().map(state);
        one.is_out_of_memory = self.oom_killed.unwrap_or_default();
        one.started = self.started_at.as_deref().and_then(|text| text.parse().ok());
        let Some(answered) = self.health.or(self.healthcheck) else { return };
        one.health = answered.status.as_deref().and_then(health);
        one.probes = answered.log.filter(|log| !log.is_empty()).map(|log| probes(&log));
    }
}

fn probes(log: &[Answer]) -> Probes {
    let count = |is: &dyn Fn(i64) -> bool| log.iter().filter(|answer| answer.exit_code.is_some_and(is)).count();
    // What a shell says of a program that it cannot start, or cannot find (POSIX, "Exit Status for Commands").
    let missing = count(&|code| matches!(code, 126 | 127));
    Probes { asked: log.len() as u64, failed: count(&|code| code != 0) as u64, is_missing: missing == log.len() }
}

impl Config {
    pub(super) fn tell(self, one: &mut Container) {
        one.image = self.image.or(one.image.take());
        one.user = Some(self.user.unwrap_or_default());
        one.steps_down = starts_by_image(self.entrypoint.as_ref(), self.cmd.as_ref());
        let test = self.healthcheck.as_ref().and_then(|check| check.test.as_ref());
        let is_asked = test.is_some_and(|test| !matches!(test.first().map(String::as_str), None | Some("NONE")));
        one.health = one.health.or((!is_asked).then_some(Health::None));
        let commands = [(Part::Command, self.cmd), (Part::Entrypoint, self.entrypoint)];
        let words = commands.into_iter().filter_map(|(part, words)| Some((part, words?.into_words())));
        let test = self.healthcheck.and_then(|check| check.test).map(|test| (Part::HealthCheck, test));
        for (part, words) in words.chain(test) {
            one.texts.extend(words.into_iter().map(|word| Text { part, text: Secret::new(word.into_bytes()) }));
        }
        one.environment.extend(self.env.into_iter().flatten().map(|line| {
            // The value is cut out of the reader's own buffer, which is then zeroed.
            let whole = zeroize::Zeroizing::new(line);
            let (name, value) = whole.split_once('=').unwrap_or((&whole, ""));
            Variable {
                name: name.to_owned(),
                value: Secret::copy_of(value.as_bytes()),
                is_replaced: false,
                is_outdated: false,
            }
        }));
    }
}

impl Words {
    fn into_words(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(words) => words,
        }
    }

    fn all(&self) -> Vec<&str> {
        match self {
            Self::One(text) => text.split_whitespace().collect(),
            Self::Many(words) => words.iter().map(String::as_str).collect(),
        }
    }
}

/// Whether an image's own script starts it (`docker-entrypoint.sh`, s6's `/init`), where somebody says what does. Such
/// scripts step down for their server, and leave a shell to root.
fn starts_by_image(entrypoint: Option<&Words>, command: Option<&Words>) -> bool {
    let last = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let words = entrypoint.map(Words::all).unwrap_or_default();
    let is_script = |word: &str| last(word).contains("entrypoint") || word == "/init";
    let command = command.map(Words::all).unwrap_or_default();
    let is_shell = command.first().is_some_and(|first| matches!(last(first).as_str(), "sh" | "bash" | "ash" | "dash"));
    (words.is_empty() || words.into_iter().any(is_script)) && !is_shell
}

impl HostConfig {
    pub(super) fn tell(self, one: &mut Container) {
        one.limits = Some(self.limits());
        one.restart = Some(match self.restart_policy.and_then(|policy| policy.name).as_deref() {
            Some("always") => Restart::Always,
            Some("unless-stopped") => Restart::UnlessStopped,
            Some("on-failure") => Restart::OnFailure,
            _ => Restart::No,
        });
        let namespaces = [
            ("pid", self.pid_mode),
            ("ipc", self.ipc_mode),
            ("uts", self.uts_mode),
            ("network", self.network_mode),
            ("user", self.userns_mode),
        ];
        let shared = namespaces.into_iter().filter(|(_, mode)| mode.as_deref() == Some("host")).map(|(name, _)| name);
        one.privileges.extend(self.privileged.unwrap_or_default().then_some("privileged").into_iter().chain(shared));
        one.capabilities = self.cap_add.unwrap_or_default();
        let is_bare = self.masked_paths.is_some_and(|paths| paths.is_empty()) && self.privileged != Some(true);
        one.security = self.security_opt.unwrap_or_default();
        one.security.extend(is_bare.then(|| "systempaths=unconfined".to_owned()));
        one.devices = self.devices.into_iter().flatten().filter_map(|device| device.path_on_host).collect();
        one.ports = self.port_bindings.as_ref().map(of_bindings).unwrap_or_default();
    }

    fn limits(&self) -> Limits {
        let given =
            |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok()).filter(|number| *number > 0);
        // 10^9 a processor, or microseconds of a period, 100,000 where none is given.
        let quota =
            given(self.cpu_quota).map(|quota| quota.saturating_mul(1000) / given(self.cpu_period).unwrap_or(100_000));
        let cpus = given(self.nano_cpus).map(|cpus| cpus / 1_000_000).or(quota);
        Limits { memory: given(self.memory), cpus, pids: given(self.pids_limit) }
    }
}

impl NetworkSettings {
    /// What is open now comes before what was asked for.
    pub(super) fn tell(self, one: &mut Container) {
        let open = self.ports.as_ref().map(of_bindings).unwrap_or_default();
        if !open.is_empty() {
            one.ports = open;
        }
    }
}

impl RawMount {
    pub(super) fn bind(self) -> Option<Mount> {
        let is_bind = self.kind.as_deref() == Some("bind");
        let source = self.source.filter(|_| is_bind)?;
        Some(Mount { source: source.into_bytes(), writable: self.writable.unwrap_or(true) })
    }
}
