//! The ports that the host opens, in the ways that the engines write them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Published;
use crate::docker::compose::Range;

/// Of inspecting: the container's port, and where it is opened.
pub(super) type Bindings = BTreeMap<String, Option<Vec<Binding>>>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Binding {
    host_ip: Option<String>,
}

/// Of a list of containers.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Ports {
    /// Of `docker ps`: `0.0.0.0:80->8080/tcp, 9000/tcp`.
    Line(String),
    /// Of Podman.
    Many(Vec<Opened>),
    #[allow(dead_code, reason = "what stands there is not read")]
    Other(IgnoredAny),
}

#[derive(Deserialize)]
pub(super) struct Opened {
    host_ip: Option<String>,
    container_port: u16,
    range: Option<u16>,
}

/// Of `docker compose ps`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Publisher {
    #[serde(rename = "URL")]
    host: Option<String>,
    target_port: u16,
    published_port: u16,
}

pub(super) fn of_bindings(bindings: &Bindings) -> Vec<Published> {
    let each = bindings.iter().filter_map(|(port, at)| {
        let (number, _) = port.split_once('/').unwrap_or((port, ""));
        Some((Range::parse(number)?, at.iter().flatten()))
    });
    each.flat_map(|(target, at)| at.map(move |one| published(one.host_ip.clone(), target))).collect()
}

impl Ports {
    pub(super) fn published(self) -> Vec<Published> {
        match self {
            Self::Line(line) => line.split(", ").filter_map(of_text).collect(),
            Self::Many(many) => many.into_iter().map(Opened::published).collect(),
            Self::Other(_) => Vec::new(),
        }
    }
}

/// `[::]:8000-8001->80-81/tcp`; `None` for a port that is not opened.
fn of_text(text: &str) -> Option<Published> {
    let (host, target) = text.split_once("->")?;
    let (host, _) = host.rsplit_once(':')?;
    let (target, _) = target.split_once('/').unwrap_or((target, ""));
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    Some(published(Some(bare.to_owned()), Range::parse(target)?))
}

impl Opened {
    fn published(self) -> Published {
        let more = self.range.unwrap_or(1).saturating_sub(1);
        let target = Range { first: self.container_port, last: self.container_port.saturating_add(more) };
        published(self.host_ip, target)
    }
}

impl Publisher {
    /// `None` for a port that is not opened.
    pub(super) fn published(self) -> Option<Published> {
        let target = Range { first: self.target_port, last: self.target_port };
        (self.published_port != 0).then(|| published(self.host, target))
    }
}

fn published(host: Option<String>, target: Range) -> Published {
    Published { host: host.filter(|host| !host.is_empty()), target }
}
