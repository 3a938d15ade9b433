//! To which parts of the host a container has access, and which images need that.

use crate::docker::compose::Vital;
use crate::finding::Severity;

/// Images that monitor the host.
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

/// Images that let others ask the Docker socket only a few questions.
const PROXIES: [&str; 3] = ["docker-socket-proxy", "socket-proxy", "dockerproxy"];

/// How severe it is that a container of this image has access: a note if access is read-only and the image monitors the
/// host, or is a proxy of the Docker socket that only containers can reach (`is_inner`).
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

/// Whether an image of this name monitors the host, and needs this namespace of the host (github.com/prometheus/node_exporter,
/// "Docker").
pub(in crate::checks) fn needs_namespace(image: Option<&str>, namespace: &str) -> bool {
    matches!(image, Some("node-exporter" | "node_exporter")) && matches!(namespace, "network" | "pid")
}

/// Whether a `security_opt` disables seccomp, AppArmor, SELinux or the masking of system paths.
pub(in crate::checks) fn is_unconfined(option: &str) -> bool {
    let option = option.replace('=', ":").to_ascii_lowercase();
    matches!(option.as_str(), "seccomp:unconfined" | "apparmor:unconfined" | "label:disable" | "systempaths:unconfined")
}
