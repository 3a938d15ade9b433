//! SARIF 2.1.0 of a scanner of images: `docker scout cves --format sarif`, `trivy image --format sarif`, `grype -o sarif`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Level, Scan, day};

#[derive(Deserialize)]
struct Log {
    runs: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    results: Option<Vec<Found>>,
    invocations: Option<Vec<Invocation>>,
    properties: Option<Properties>,
}

#[derive(Deserialize)]
struct Tool {
    driver: Driver,
}

#[derive(Deserialize)]
struct Driver {
    name: String,
    rules: Option<Vec<Rule>>,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
    properties: Option<RuleProperties>,
}

#[derive(Default, Deserialize)]
struct RuleProperties {
    /// A CVSS score, as text or as a number.
    #[serde(rename = "security-severity")]
    score: Option<Value>,
    #[serde(rename = "cvssV3_severity")]
    word: Option<String>,
    /// Docker Scout: `not fixed` where there is none.
    fixed_version: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    rule_id: Option<String>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    end_time_utc: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    image_name: Option<String>,
}

/// Scanners of images: what other tools write as SARIF is no such report.
const SCANNERS: [&str; 3] = ["scout", "trivy", "grype"];

pub(super) fn read(bytes: &[u8]) -> Option<Vec<Scan>> {
    let log: Log = serde_json::from_slice(bytes).ok()?;
    let is_scanner = |run: &Run| {
        let name = run.tool.driver.name.to_ascii_lowercase();
        SCANNERS.iter().any(|scanner| name.contains(scanner))
    };
    log.runs.iter().all(is_scanner).then(|| log.runs.into_iter().map(of_run).collect())
}

fn of_run(run: Run) -> Scan {
    let ended = run.invocations.into_iter().flatten().find_map(|one| one.end_time_utc);
    let mut scan = Scan::new(run.properties.and_then(|all| all.image_name), ended.as_deref().and_then(day));
    let rules: HashMap<String, RuleProperties> = run
        .tool
        .driver
        .rules
        .into_iter()
        .flatten()
        .map(|rule| (rule.id, rule.properties.unwrap_or_default()))
        .collect();
    for found in run.results.into_iter().flatten() {
        let rule = found.rule_id.as_ref().and_then(|id| rules.get(id));
        let text = found.message.and_then(|message| message.text).unwrap_or_default();
        let is_fixed = rule.is_some_and(RuleProperties::is_fixed) || fixed_in(&text);
        scan.add(rule.and_then(RuleProperties::level), is_fixed);
    }
    scan
}

impl RuleProperties {
    fn level(&self) -> Option<Level> {
        let score = self.score.as_ref().and_then(|score| score.as_f64().or_else(|| score.as_str()?.parse().ok()));
        score.and_then(Level::of_score).or_else(|| self.word.as_deref().and_then(Level::of_word))
    }

    fn is_fixed(&self) -> bool {
        let version = self.fixed_version.as_ref().and_then(Value::as_str);
        version.is_some_and(|version| !version.is_empty() && version != "not fixed")
    }
}

/// Trivy writes the version into its message, and nothing behind the colon where there is none.
fn fixed_in(message: &str) -> bool {
    message.lines().filter_map(|line| line.strip_prefix("Fixed Version:")).any(|version| !version.trim().is_empty())
}
