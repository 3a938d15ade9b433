//! What a container is given of its host, and which images need it.

use crate::docker::compose::Vital;
use crate::finding::Severity;

/// Images that exist to watch the host.
const WATCHERS: [&str; 12] = [
    "node-exporter",
    "node_exporter",
    "cadvisor",
    "promtail",
    "filebeat",
    "metricbeat",
    "fluent-bit",
    "fluentd",
    "netdata",
    "agent",
    "alloy",
    "telegraf",
];

/// Images that stand between the engine's socket and what may ask it a few questions.
const PROXIES: [&str; 3] = ["docker-socket-proxy", "socket-proxy", "dockerproxy"];

/// How grave it is that a container of this image holds it: a note where it is there to watch the host, or is a proxy of
/// the engine's socket that containers alone can ask (`is_inner`), and can only read it.
pub(in crate::checks) fn mount_gravity(
    vital: &Vital,
    read_only: bool,
    image: Option<&str>,
    is_inner: bool,
) -> Severity {
    let is_one_of = |list: &[&str]| image.is_some_and(|name| list.contains(&name));
    let is_meant = if vital.is_socket { is_inner && is_one_of(&PROXIES) } else { is_one_of(&WATCHERS) };
    if is_meant && read_only { Severity::Note } else { Severity::Error }
}

/// Whether an image of this name measures the host, and needs its namespace for it (github.com/prometheus/node_exporter,
/// "Docker").
pub(in crate::checks) fn needs_namespace(image: Option<&str>, namespace: &str) -> bool {
    matches!(image, Some("node-exporter" | "node_exporter")) && matches!(namespace, "network" | "pid")
}

/// Whether a `security_opt` switches one of them off.
pub(in crate::checks) fn is_unconfined(option: &str) -> bool {
    let option = option.replace('=', ":").to_ascii_lowercase();
    matches!(option.as_str(), "seccomp:unconfined" | "apparmor:unconfined" | "label:disable" | "systempaths:unconfined")
}
