//! SARIF 2.1.0, for code scanning. No snippets: the line is the secret.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::io::{self, Write};
use std::num::NonZeroU32;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{json, wording};
use crate::check::Check;
use crate::checks;
use crate::env::Key;
use crate::finding::{Finding, Severity};
use crate::path::RelPath;
use crate::policy::{Hidden, Report, Status, Suppression};
use crate::problem::Problem;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let shown = report.findings.iter().map(|finding| result(finding, None));
    let hidden = report.hidden.iter().map(|Hidden { finding, by }| result(finding, Some(by)));
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
            "results": shown.chain(hidden).collect::<Vec<_>>(),
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
        "shortDescription": { "text": check.title },
        "fullDescription": { "text": check.title },
        "help": { "text": check.doc, "markdown": check.doc },
        "defaultConfiguration": { "level": level(check.severity) },
        "properties": { "security-severity": score(check.severity), "tags": ["security"] },
    })
}

fn result(finding: &Finding, hidden_by: Option<&Suppression>) -> Value {
    let path = finding.path();
    // A file of the host is below no root.
    let artifact = match path.as_bytes().starts_with(b"/") {
        true => json!({ "uri": format!("file://{}", uri(&path)) }),
        false => json!({ "uri": uri(&path), "uriBaseId": "SRCROOT" }),
    };
    let place = json!({
        "artifactLocation": artifact,
        // Code scanning shows nothing in a file without a line: what concerns all of it stands at its beginning.
        "region": { "startLine": finding.line.unwrap_or(NonZeroU32::MIN) },
    });
    let mut location = json!({ "physicalLocation": place });
    if let (Some(key), Value::Object(location)) = (&finding.key, &mut location) {
        location.insert("logicalLocations".into(), json!([{ "name": key.as_str(), "kind": "member" }]));
    }
    let text = format!("{} -> {}", wording::what(finding), wording::help(finding));
    let mut result = json!({
        "ruleId": finding.check.id,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [location],
        "partialFingerprints": { "envward/v1": fingerprint(finding) },
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

fn notification(problem: &Problem) -> Value {
    json!({
        "level": "error",
        "descriptor": { "id": problem.kind.word() },
        "message": { "text": format!("{} -> {}", problem, problem.kind.help()) },
    })
}

/// Stable over runs and lines: of the check, the origin, the path (or the object that has none) and the key.
fn fingerprint(finding: &Finding) -> String {
    let mut hash = Sha256::new();
    let key = finding.key.as_ref().map(Key::as_str).unwrap_or_default();
    let pathless = finding.origin.has_no_path().then(|| finding.origin.to_string());
    for part in
        [finding.check.id.as_bytes(), finding.origin.word().as_bytes(), finding.path().as_bytes(), key.as_bytes()]
            .into_iter()
            .chain(pathless.as_deref().map(str::as_bytes))
    {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A path as a relative reference (RFC 3986): everything but unreserved characters and `/` is encoded.
fn uri(path: &RelPath) -> String {
    let encoded = |byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    if path.is_root() { ".".into() } else { path.as_bytes().iter().map(encoded).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri(&RelPath::new(b"a b/\xff#.env".as_slice())), "a%20b/%FF%23.env");
        assert_eq!(uri(&RelPath::default()), ".");
    }
}
