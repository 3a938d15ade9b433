//! What the deployment checklists ask for and a file shows to be there. That it is there is all that is seen: whether an
//! alert reaches anybody, somebody attests.

use crate::compose::{Service, Stack};
use crate::environment::Environment;
use crate::files::Root;
use crate::path::RelPath;

/// The attestation that a file of this name shows to be true: an incident plan, alert rules.
pub(super) fn of_name(name: &[u8]) -> Option<&'static str> {
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    let is = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if name.contains("incident") && is(&[".md", ".rst", ".adoc", ".txt", ".pdf"]) {
        return Some("incident-plan");
    }
    let is_yaml = is(&[".yml", ".yaml"]);
    let alerts = is_yaml
        && (name.starts_with("alert") && !name.starts_with("alertmanager")
            || is(&[".rules.yml", ".rules.yaml", "alerts.yml", "alerts.yaml"]));
    alerts.then_some("monitoring")
}

/// Whether CI runs what is in this file.
pub(super) fn is_pipeline(path: &RelPath) -> bool {
    let name = path.file_name();
    let is_yaml = name.ends_with(b".yml") || name.ends_with(b".yaml");
    let workflows = [".github/workflows", ".gitea/workflows", ".forgejo/workflows"];
    is_yaml && workflows.iter().any(|dir| path.parent() == RelPath::from(*dir))
        || matches!(name, b".gitlab-ci.yml" | b"Jenkinsfile" | b"azure-pipelines.yml" | b"bitbucket-pipelines.yml")
        || name == b"config.yml" && path.parent().file_name() == b".circleci"
}

/// What pipelines show: that images are scanned. One that cannot be read shows nothing.
pub(super) fn of_pipelines(root: &Root, pipelines: &[RelPath]) -> Option<&'static str> {
    const SCANNERS: [&[u8]; 6] =
        [b"trivy", b"docker scout", b"docker/scout-action", b"grype", b"anchore/scan-action", b"snyk container"];
    let scans = |text: &[u8]| SCANNERS.iter().any(|scanner| memchr::memmem::find(text, scanner).is_some());
    let read = pipelines.iter().filter_map(|path| root.read(path).ok().flatten());
    read.into_iter().any(|text| scans(&text)).then_some("image-scan")
}

/// Drivers that ship logs away (docs.docker.com/engine/logging/configure, "Supported logging drivers").
const DRIVERS: [&str; 7] = ["awslogs", "fluentd", "gcplogs", "gelf", "loki", "splunk", "syslog"];

/// Images that ship the logs of all containers away.
const SHIPPERS: [&str; 8] =
    ["alloy", "filebeat", "fluent-bit", "fluentd", "logspout", "promtail", "vector", "opentelemetry-collector-contrib"];

/// What the services of each deployed stack show: that their logs go elsewhere, each by its driver, or all by a shipper.
pub(super) fn of_stacks(stacks: &[Stack]) -> Option<&'static str> {
    let mut deployed = stacks.iter().filter(|stack| stack.environment == Environment::Production).peekable();
    let is_some = deployed.peek().is_some();
    (is_some && deployed.all(ships_logs)).then_some("central-logs")
}

fn ships_logs(stack: &Stack) -> bool {
    let by_driver = |service: &Service<'_>| {
        let driver = service.text(&["logging", "driver"]).unwrap_or_default();
        DRIVERS.contains(&driver) || driver.starts_with("grafana/loki")
    };
    let is_shipper = |service: &Service<'_>| service.image_name().is_some_and(|name| SHIPPERS.contains(&name.as_str()));
    let is_some = stack.services().next().is_some();
    is_some && stack.services().all(|service| by_driver(&service))
        || stack.services().any(|service| is_shipper(&service))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let table = [
            ("INCIDENT_RESPONSE.md", Some("incident-plan")),
            ("incident-plan.adoc", Some("incident-plan")),
            ("incident.rs", None),
            ("alerts.yml", Some("monitoring")),
            ("takumi.rules.yml", Some("monitoring")),
            ("alertmanager.yml", None),
            ("compose.yaml", None),
        ];
        for (name, expected) in table {
            assert_eq!(of_name(name.as_bytes()), expected, "{name}");
        }
        assert!(is_pipeline(&RelPath::from(".github/workflows/ci.yml")));
        assert!(is_pipeline(&RelPath::from(".gitlab-ci.yml")));
        assert!(!is_pipeline(&RelPath::from("workflows/ci.yml")));
    }
}
