//! GitLab's code quality report, which merge requests show.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io::{self, Write};
use std::num::NonZeroU32;

use serde_json::{Value, json};

use crate::finding::{Finding, Severity};
use crate::path::RelPath;
use crate::policy::Report;
use crate::problem::Problem;
use crate::report::json;
use crate::report::place::{self, Fingerprints};

/// Writes the report. What could not be examined is in it, too: an empty report means that all is well.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let findings = report.findings.iter().map(|finding| of_finding(finding, &fingerprints.of(finding)));
    let mut all: Vec<Value> = findings.collect();
    all.extend(report.problems.iter().map(|problem| of_problem(problem, &fingerprints.of_problem(problem))));
    json::visible::write(&all, out)
}

fn of_finding(finding: &Finding, fingerprint: &str) -> Value {
    let severity = match finding.severity {
        Severity::Critical => "blocker",
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Note => "info",
    };
    let at = location(&place::file(finding), place::line(finding));
    json!({
        "description": place::message(finding),
        "check_name": finding.check.id,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": at,
    })
}

fn of_problem(problem: &Problem, fingerprint: &str) -> Value {
    json!({
        "description": format!("{} -> {}", problem, problem.kind.help()),
        "check_name": problem.kind.word(),
        "fingerprint": fingerprint,
        "severity": "critical",
        "location": location(&place::file_of_problem(problem), NonZeroU32::MIN),
    })
}

/// GitLab compares the path with those of the merge request: bytes that are not UTF-8 it cannot have.
fn location(path: &RelPath, line: NonZeroU32) -> Value {
    json!({ "path": String::from_utf8_lossy(path.as_bytes()), "lines": { "begin": line } })
}
