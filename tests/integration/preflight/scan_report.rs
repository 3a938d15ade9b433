//! `envward preflight --scan-report`: what scanners of images found.

use crate::common::listed::{findings, problems};
use crate::common::{Sandbox, TODAY};
use serde_json::Value;

fn preflight(sandbox: &Sandbox, args: &[&str]) -> Value {
    sandbox.envward(&[&["preflight", "--format", "json", "--as-of", TODAY], args].concat()).json()
}

/// Trivy's report on an image, of a day, with one hole of this level.
fn trivy(image: &str, day: &str, level: &str, fixed: &str) -> String {
    format!(
        "{{\"SchemaVersion\":2,\"CreatedAt\":\"{day}T08:00:00Z\",\"ArtifactName\":\"{image}\",\"Results\":[{{\"Vulnerabilities\":\
         [{{\"VulnerabilityID\":\"CVE-2024-1\",\"Severity\":\"{level}\",\"FixedVersion\":\"{fixed}\"}}]}}]}}"
    )
}

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    let compose = "services:\n  cache: {image: 'redis:7.2.3'}\n  db: {image: 'docker.io/library/postgres:15.5'}\n";
    sandbox.file("compose.yaml", 0o644, compose);
    sandbox
}

fn of_scans(report: &Value) -> Vec<String> {
    findings(report).into_iter().filter(|one| one.contains("image-vulnerable")).collect()
}

#[test]
fn vulnerabilities_are_as_grave_as_they_can_be_fixed() {
    let sandbox = project();
    for (level, fixed, expected) in
        [("CRITICAL", "7.2.4", "error"), ("HIGH", "7.2.4", "warning"), ("CRITICAL", "", "note"), ("HIGH", "", "note")]
    {
        sandbox.file("redis.json", 0o644, trivy("redis:7.2.3", "2026-06-20", level, fixed));
        let report = preflight(&sandbox, &["--scan-report", "redis.json"]);
        assert_eq!(of_scans(&report), [format!("{expected} image-vulnerable redis:7.2.3")]);
    }
    sandbox.file("redis.json", 0o644, trivy("redis:7.2.3", "2026-06-20", "MEDIUM", "7.2.4"));
    assert_eq!(of_scans(&preflight(&sandbox, &["--scan-report", "redis.json"])), [""; 0]);
    sandbox.file("redis.json", 0o644, trivy("redis:7.2.3", "2026-05-01", "LOW", ""));
    let old = preflight(&sandbox, &["--scan-report", "redis.json"]);
    assert_eq!(of_scans(&old), ["warning image-vulnerable redis:7.2.3"]);
}

#[test]
fn an_image_scan_is_vouched_for_where_each_image_was_scanned_of_late() {
    let sandbox = project();
    let is_open = |args: &[&str]| {
        let report = preflight(&sandbox, args);
        let all = report["findings"].as_array().unwrap();
        let missing = all.iter().find(|one| one["check"] == "attestation-missing").unwrap();
        missing["facts"]["missing"].as_array().unwrap().iter().any(|one| one == "image-scan")
    };
    sandbox.file("redis.json", 0o644, trivy("redis:7.2.3", "2026-06-20", "LOW", ""));
    sandbox.file("db.json", 0o644, trivy("postgres:15.5", "2026-06-20", "LOW", ""));
    sandbox.file("old.json", 0o644, trivy("postgres:15.5", "2026-04-20", "LOW", ""));
    sandbox.file("other.json", 0o644, trivy("postgres:16.1", "2026-06-20", "LOW", ""));
    assert!(is_open(&[]));
    assert!(is_open(&["--scan-report", "redis.json"]), "one of two");
    assert!(is_open(&["--scan-report", "redis.json", "--scan-report", "old.json"]), "too old");
    assert!(is_open(&["--scan-report", "redis.json", "--scan-report", "other.json"]), "another version");
    assert!(!is_open(&["--scan-report", "redis.json", "--scan-report", "db.json"]));
}

#[test]
fn what_is_no_report_is_no_clean_answer() {
    let sandbox = project();
    for text in ["", "{}", "Total: 0 (CRITICAL: 0)", "{\"runs\":[{\"tool\":{\"driver\":{\"name\":\"eslint\"}}}]}"] {
        sandbox.file("scan.json", 0o644, text);
        let report = preflight(&sandbox, &["--scan-report", "scan.json"]);
        assert_eq!(report["status"], "incomplete", "{text}");
        assert_eq!(problems(&report), ["no-scan-report scan.json"], "{text}");
    }
    let _ = sandbox.envward(&["preflight", "--scan-report", "gone.json"]).code(2);
    let _ = sandbox.envward(&["preflight", "--scan-report", "scan.json", "--inspect", "-"]).code(2);
}

#[test]
fn the_version_that_somebody_named_is_the_least() {
    let sandbox = Sandbox::new();
    let newest = "[preflight.newest]\npostgres = \"15.6\"\n\"grafana/grafana\" = \"10.2\"\n\"node\" = \"v20\"\n";
    sandbox.file("envward.toml", 0o644, newest);
    let found = |image: &str| {
        sandbox.file("compose.yaml", 0o644, format!("services:\n  a: {{image: '{image}'}}\n"));
        let report = preflight(&sandbox, &[]);
        findings(&report).iter().any(|one| one.contains("image-behind"))
    };
    for behind in [
        "postgres:15.5",
        "postgres:9.6.24-alpine",
        "docker.io/library/postgres:14",
        "grafana/grafana:10.1.9",
        "node:18.19.0-alpine",
    ] {
        assert!(found(behind), "{behind}");
    }
    for well in [
        "postgres:15.6",
        "postgres:15.10-alpine",
        "postgres:15",
        "postgres:16.1",
        "grafana/grafana:10.2.3",
        "acme/postgres:9.6",
        "postgres:latest",
        "node:20-alpine",
    ] {
        assert!(!found(well), "{well}");
    }
    sandbox.file("envward.toml", 0o644, "[preflight.newest]\npostgres = 15\n");
    let _ = sandbox.envward(&["preflight"]).code(2);
    sandbox.file("envward.toml", 0o644, "[preflight.newest]\npostgres = \"latest\"\n");
    let _ = sandbox.envward(&["preflight"]).code(2);
}
