//! What the deployment checklists ask for and a file shows to be there. That it is there is all that is seen: whether an
//! alert reaches anybody, somebody attests.

use std::collections::BTreeSet;

use crate::docker::compose::{Service, Stack};
use crate::environment::Environment;
use crate::files::Root;
use crate::path::RelPath;
use crate::project::compose_files::ends_with;

/// The attestation that a file of this name shows to be true: an incident plan, alert rules.
pub(super) fn of_name(name: &[u8]) -> Option<&'static str> {
    const DOCUMENTS: [&str; 5] = [".md", ".rst", ".adoc", ".txt", ".pdf"];
    // Every name of a work tree passes here: most leave at once, without a copy.
    if !DOCUMENTS.iter().chain(&[".yml", ".yaml"]).any(|ending| ends_with(name, ending.as_bytes())) {
        return None;
    }
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    let is = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if name.contains("incident") && is(&DOCUMENTS) {
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

/// Which of these files show what they are named for: they hold more than comments. One that cannot be read shows
/// nothing.
pub(super) fn of_files(root: &Root, files: &BTreeSet<RelPath>) -> BTreeSet<RelPath> {
    let says = |path: &&RelPath| live(root, path).is_some_and(|text| !text.trim().is_empty());
    files.iter().filter(says).cloned().collect()
}

/// The pipelines that show that images are scanned. One that cannot be read shows nothing.
pub(super) fn of_pipelines(root: &Root, pipelines: &[RelPath]) -> BTreeSet<RelPath> {
    const SCANNERS: [&str; 6] =
        ["trivy", "docker scout", "docker/scout-action", "grype", "anchore/scan-action", "snyk container"];
    let scans =
        |path: &&RelPath| live(root, path).is_some_and(|text| SCANNERS.iter().any(|scanner| text.contains(scanner)));
    pipelines.iter().filter(scans).cloned().collect()
}

/// The text of a file without its comments: YAML's `#`, and Groovy's `//` and `/* */` in a Jenkinsfile.
fn live(root: &Root, path: &RelPath) -> Option<String> {
    let bytes = root.read(path).ok().flatten()?;
    let text = String::from_utf8_lossy(&bytes);
    let name = path.file_name();
    if name.ends_with(b".yml") || name.ends_with(b".yaml") {
        return Some(text.lines().map(without_hash).collect::<Vec<_>>().join("\n"));
    }
    if name != b"Jenkinsfile" {
        return Some(text.into_owned());
    }
    let blocks = text.split("/*").enumerate().map(|(at, part)| match at {
        0 => part,
        _ => part.split_once("*/").map_or("", |(_, rest)| rest),
    });
    let text = blocks.collect::<Vec<_>>().join(" ");
    let lines = text.lines().map(|line| match line.trim_start().starts_with("//") {
        true => "",
        false => line.split(" //").next().unwrap_or_default(),
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// A line of YAML without its comment: a `#` at its begin, or behind a blank.
fn without_hash(line: &str) -> &str {
    let begins = |at: usize| line.get(..at).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']));
    line.match_indices('#').find(|(at, _)| begins(*at)).and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

/// Drivers that ship logs away (docs.docker.com/engine/logging/configure, "Supported logging drivers").
const DRIVERS: [&str; 7] = ["awslogs", "fluentd", "gcplogs", "gelf", "loki", "splunk", "syslog"];

/// Images that ship the logs of all containers away.
const SHIPPERS: [&str; 8] =
    ["alloy", "filebeat", "fluent-bit", "fluentd", "logspout", "promtail", "vector", "opentelemetry-collector-contrib"];

/// The files of the deployed stacks, where each shows that its services' logs go elsewhere: each by its driver, or all by a
/// shipper.
pub(super) fn of_stacks(stacks: &[Stack]) -> BTreeSet<RelPath> {
    let deployed = || stacks.iter().filter(|stack| stack.environment == Environment::Production);
    match deployed().all(ships_logs) {
        true => deployed().map(|stack| stack.named.clone()).collect(),
        false => BTreeSet::new(),
    }
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
    fn comments_of_yaml() {
        for (line, expected) in
            [("# a", ""), ("  - run: x # y", "  - run: x "), ("a: b#c", "a: b#c"), ("a: 'é # b'", "a: 'é "), ("", "")]
        {
            assert_eq!(without_hash(line), expected, "{line}");
        }
    }

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
