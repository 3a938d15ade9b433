//! What Docker says of running containers: the JSON of `docker inspect`, `docker ps --format json` and
//! `docker stats --no-stream --format json`, also behind one another. Pure.
//!
//! Each of the three knows a part; what several say of one container is put together by its name.

mod raw;
mod units;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

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

/// One variable of its environment.
#[derive(Debug)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Secret,
    /// Whether it is known to have been replaced.
    pub is_replaced: bool,
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
    /// `privileged`, and namespaces that it shares with the host.
    pub privileges: Vec<&'static str>,
    /// How many capabilities it was given.
    pub capabilities: usize,
    /// The host's paths in it.
    pub mounts: Vec<Mount>,
    /// Its environment.
    pub environment: Vec<Variable>,
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
    /// The day it was made.
    pub made: Date,
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

/// It is no JSON, or not of this kind. What stands there is not said: it holds secrets.
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
    Ok(found)
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
        self.capabilities = self.capabilities.max(other.capabilities);
        self.privileges.extend(other.privileges);
        self.privileges.dedup();
        self.mounts.extend(other.mounts);
        self.environment.extend(other.environment);
    }

    /// Whether `docker inspect` was asked, which knows all but its use.
    #[must_use]
    pub fn is_inspected(&self) -> bool {
        self.limits.is_some()
    }
}

/// The day of a moment that Docker writes (RFC 3339).
fn day(text: &str) -> Option<Date> {
    let time: Timestamp = text.parse().ok()?;
    Some(TimeZone::UTC.to_datetime(time).date())
}

#[cfg(test)]
mod tests;
