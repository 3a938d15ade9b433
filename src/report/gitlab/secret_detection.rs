//! GitLab's secret detection report, for the vulnerability report of a project.
//!
//! <https://gitlab.com/gitlab-org/security-products/security-report-schemas>, version 15.0.7: the newest that GitLab 16
//! still reads.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::check::Group;
use crate::finding::{Fact, Finding, Severity};
use crate::git::CommitRef;
use crate::policy::{Report, Status};
use crate::problem::Problem;
use crate::report::place::{self, Fingerprints};
use crate::report::{json, wording};

/// The version of GitLab's schema.
const VERSION: &str = "15.0.7";
/// What GitLab's own analyzer writes for a secret that is in no commit.
const NO_COMMIT: &str = "0000000";
/// The longest name that GitLab takes, and below it the longest solution, in characters.
const NAME: usize = 255;
const SOLUTION: usize = 7000;

/// Writes the report of a run that began and ended at about `now`.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let (secrets, others): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| is_about_secrets(finding));
    let mut fingerprints = Fingerprints::default();
    let vulnerabilities: Vec<Value> =
        secrets.into_iter().map(|finding| vulnerability(finding, &fingerprints.of(finding))).collect();
    let mut messages: Vec<Value> = report.problems.iter().map(problem).collect();
    messages.extend(left_out(others.len()));
    let tool = json!({
        "id": "envward",
        "name": "envward",
        "url": env!("CARGO_PKG_REPOSITORY"),
        "vendor": { "name": "envward" },
        "version": env!("CARGO_PKG_VERSION"),
    });
    let time = now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let document = json!({
        "version": VERSION,
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": "secret_detection",
            "status": if report.status == Status::Incomplete { "failure" } else { "success" },
            "start_time": time,
            "end_time": time,
            "messages": messages,
        },
        "vulnerabilities": vulnerabilities,
    });
    json::visible::write(&document, out)
}

/// What belongs into a report about secrets: not the hardening of a container, and not the age of a secret.
fn is_about_secrets(finding: &Finding) -> bool {
    let check = finding.check;
    matches!(check.group, Group::EnvFile | Group::Secret | Group::Git | Group::Trace) || check.id.contains("secret-in")
}

fn left_out(count: usize) -> Option<Value> {
    let findings = wording::count(count as u64, "finding", "findings");
    let text = format!("not in this report, because not about exposed secrets: {findings}; use gitlab-codequality");
    (count > 0).then(|| json!({ "level": "info", "value": text }))
}

fn problem(problem: &Problem) -> Value {
    json!({ "level": "warn", "value": format!("{} -> {}", problem, problem.kind.help()) })
}

fn vulnerability(finding: &Finding, fingerprint: &str) -> Value {
    let severity = match finding.severity {
        Severity::Critical => "Critical",
        Severity::Error => "High",
        Severity::Warning => "Medium",
        Severity::Note => "Info",
    };
    let line = place::line(finding);
    json!({
        "id": fingerprint,
        "name": shortened(finding.check.title, NAME),
        "description": place::message(finding),
        "severity": severity,
        "solution": shortened(&wording::help(finding), SOLUTION),
        "identifiers": [{
            "type": "envward_check",
            "name": format!("envward {}", finding.check.id),
            "value": finding.check.id,
            "url": place::url(finding.check),
        }],
        "location": {
            "file": String::from_utf8_lossy(place::file(finding).as_bytes()),
            "start_line": line,
            "end_line": line,
            "commit": commit(finding),
        },
    })
}

/// The commit that exposed the secret.
fn commit(finding: &Finding) -> Value {
    let known = ["commit", "last_changed", "added"].into_iter().find_map(|name| match finding.get(name) {
        Some(Fact::Commit(commit)) => Some(commit),
        _ => None,
    });
    match known {
        Some(CommitRef { id, time, author, .. }) => {
            json!({ "sha": id.to_string(), "date": time.to_string(), "author": author.to_string() })
        }
        None => json!({ "sha": NO_COMMIT }),
    }
}

fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
