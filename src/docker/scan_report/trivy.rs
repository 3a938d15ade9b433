//! `trivy image --format json` (trivy.dev, "Reporting").

use serde::Deserialize;

use super::{Level, Scan, day};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    #[serde(rename = "SchemaVersion")]
    _schema: u64,
    artifact_name: String,
    created_at: Option<String>,
    results: Option<Vec<Target>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Target {
    vulnerabilities: Option<Vec<Vulnerability>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Vulnerability {
    severity: Option<String>,
    fixed_version: Option<String>,
}

pub(super) fn read(bytes: &[u8]) -> Option<Scan> {
    let report: Report = serde_json::from_slice(bytes).ok()?;
    let mut scan = Scan::new(Some(report.artifact_name), report.created_at.as_deref().and_then(day));
    let found = report.results.into_iter().flatten().flat_map(|target| target.vulnerabilities.unwrap_or_default());
    for one in found {
        let is_fixed = one.fixed_version.is_some_and(|version| !version.is_empty());
        scan.add(one.severity.as_deref().and_then(Level::of_word), is_fixed);
    }
    Some(scan)
}
