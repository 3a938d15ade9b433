//! SARIF 2.1.0, for code scanning. No snippets: the line is the secret.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::io::{self, Write};

use serde_json::{Value, json};

use super::json;
use super::place::{self, Fingerprints};
use crate::check::Check;
use crate::checks;
use crate::finding::{Finding, Severity};
use crate::path::RelPath;
use crate::policy::{Hidden, Report, Status, Suppression};
use crate::problem::Problem;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let shown = report.findings.iter().map(|finding| (finding, None));
    let hidden = report.hidden.iter().map(|Hidden { finding, by }| (finding, Some(by)));
    let mut fingerprints = Fingerprints::default();
    let results: Vec<Value> =
        shown.chain(hidden).map(|(finding, by)| result(finding, &fingerprints.of(finding), by)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "envward",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": checks::ALL.iter().map(|check| rule(check)).collect::<Vec<_>>(),
            }},
            "originalUriBaseIds": { "SRCROOT": { "description": { "text": "the project root" } } },
            "columnKind": "utf16CodeUnits",
            "invocations": [{
                "executionSuccessful": report.status != Status::Incomplete,
                "toolExecutionNotifications": report.problems.iter().map(notification).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    });
    json::visible::write(&log, out)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The score by which GitHub ranks security results.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::Error => "8.0",
        Severity::Warning => "5.0",
        Severity::Note => "1.0",
    }
}

fn rule(check: &Check) -> Value {
    json!({
        "id": check.id,
        "name": friendly(check.id),
        "helpUri": place::url(check),
        "shortDescription": { "text": check.title },
        "fullDescription": { "text": check.title },
        "help": { "text": check.doc, "markdown": check.doc },
        "defaultConfiguration": { "level": level(check.severity) },
        "properties": { "security-severity": score(check.severity), "tags": ["security"] },
    })
}

/// The id as one word: `env-file-mode` is `EnvFileMode`.
fn friendly(id: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    id.split('-').map(word).collect()
}

fn result(finding: &Finding, fingerprint: &str, hidden_by: Option<&Suppression>) -> Value {
    let mut result = json!({
        "ruleId": finding.check.id,
        "level": level(finding.severity),
        "message": { "text": place::message(finding) },
        "locations": [location(finding)],
        "partialFingerprints": { "envward/v1": fingerprint },
    });
    if let Value::Object(result) = &mut result {
        if let Some(index) = checks::ALL.iter().position(|check| check.id == finding.check.id) {
            result.insert("ruleIndex".into(), json!(index));
        }
        if let Some(excuse) = hidden_by {
            let kind = if excuse.reason.is_some() { "external" } else { "inSource" };
            let reason = excuse.reason.clone().unwrap_or_else(|| "a comment in the env file".into());
            result.insert("suppressions".into(), json!([{ "kind": kind, "justification": reason }]));
        }
    }
    result
}

fn location(finding: &Finding) -> Value {
    let mut location = json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place::file(finding)), "uriBaseId": "SRCROOT" },
        "region": { "startLine": place::line(finding) },
    }});
    let key = finding.key.as_ref().map(|key| json!({ "name": key.as_str(), "kind": "member" }));
    let other =
        place::is_elsewhere(finding).then(|| json!({ "fullyQualifiedName": finding.place(), "kind": "resource" }));
    let names: Vec<Value> = other.into_iter().chain(key).collect();
    if let (false, Value::Object(location)) = (names.is_empty(), &mut location) {
        location.insert("logicalLocations".into(), json!(names));
    }
    location
}

fn notification(problem: &Problem) -> Value {
    json!({
        "level": "error",
        "descriptor": { "id": problem.kind.word() },
        "message": { "text": format!("{} -> {}", problem, problem.kind.help()) },
    })
}

/// A path as a relative reference (RFC 3986): everything but unreserved characters and `/` is encoded.
fn uri(path: &RelPath) -> String {
    let encoded = |byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.as_bytes().iter().map(encoded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_names() {
        assert_eq!(friendly("env-file-in-git"), "EnvFileInGit");
    }

    #[test]
    fn paths_become_references() {
        assert_eq!(uri(&RelPath::new(b"a b/\xff#.env".as_slice())), "a%20b/%FF%23.env");
    }
}
