//! The schema `envward.rotation/1` (docs/rotation.schema.json). Fields are only ever added; none holds a value.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::{ProjectReport, reasons, surprise};
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::Problem;
use crate::project::ExpirySource;
use crate::report::json::visible;
use crate::rotation::{ExpiryStatus, KeyStatus, SecretStatus, Stage, Surprise};
use crate::text::sanitize;

const SCHEMA: &str = "envward.rotation/1";

#[derive(Serialize)]
struct JsonRotation {
    schema: &'static str,
    version: &'static str,
    command: &'static str,
    as_of: String,
    status: &'static str,
    secrets: Vec<JsonSecret>,
    keys: Vec<JsonKey>,
    expiries: Vec<JsonExpiry>,
    findings: Vec<JsonFinding>,
    problems: Vec<JsonProblem>,
    limits: Vec<JsonProblem>,
    projects: Vec<JsonProject>,
}

#[derive(Serialize)]
struct JsonSecret {
    project: String,
    environment: &'static str,
    file: String,
    key: String,
    line: Option<u32>,
    class: &'static str,
    state: &'static str,
    urgency: &'static str,
    age_days: u32,
    age_basis: &'static str,
    since: String,
    soft_due: String,
    hard_due: String,
    reason: Option<String>,
    owner: Option<String>,
    snoozed_until: Option<String>,
    stage: Option<&'static str>,
    promoted: Option<String>,
    proven: Option<String>,
    proof: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other_places: Option<usize>,
}

#[derive(Serialize)]
struct JsonKey {
    project: String,
    id: String,
    prefix: String,
    name: String,
    urgency: &'static str,
    age_days: u32,
    since: String,
    expires: Option<String>,
    soft_due: String,
    hard_due: String,
    replaced_by: Option<String>,
}

#[derive(Serialize)]
struct JsonExpiry {
    project: String,
    environment: &'static str,
    file: String,
    key: Option<String>,
    line: Option<u32>,
    expires: String,
    days_left: u32,
    urgency: &'static str,
    source: &'static str,
    comment: Option<String>,
    certificate_file: Option<String>,
    certificate: Option<usize>,
    certificates: Option<usize>,
}

#[derive(Serialize)]
struct JsonFinding {
    project: String,
    kind: &'static str,
    message: String,
    help: &'static str,
}

#[derive(Serialize)]
struct JsonProblem {
    project: Option<String>,
    kind: &'static str,
    path: Option<String>,
    message: String,
    help: String,
}

#[derive(Serialize)]
struct JsonProject {
    name: String,
    root: String,
    ledger: String,
    other_ledger: Option<String>,
    left_out: usize,
}

/// Writes the projects' secrets, and of each only those that are chosen: one object and a newline.
///
/// # Errors
/// Those of `out`.
pub fn write(
    projects: &[(&ProjectReport, Vec<&SecretStatus>)],
    day: Date,
    status: Status,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut all = empty(day, status);
    for (report, chosen) in projects {
        all.secrets.extend(chosen.iter().map(|status| secret(report, status)));
        all.keys.extend(report.keys.iter().map(|one| key(report, one)));
        all.expiries.extend(report.expiries.iter().map(|one| expiry(report, one)));
        all.findings.extend(report.surprises.iter().map(|one| finding(report, one)));
        all.problems.extend(report.problems.iter().map(|one| problem(report, one)));
        all.limits.extend(report.limits.iter().map(|one| problem(report, one)));
        all.projects.push(project(report));
    }
    visible::write(&all, out)
}

/// Writes the object for a run that ended before there was an answer.
///
/// # Errors
/// Those of `out`.
pub fn write_error(
    day: Date,
    kind: &'static str,
    message: String,
    help: String,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut all = empty(day, Status::Incomplete);
    all.problems.push(JsonProblem { project: None, kind, path: None, message, help });
    visible::write(&all, out)
}

fn empty(day: Date, status: Status) -> JsonRotation {
    JsonRotation {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        command: "rotation status",
        as_of: day.to_string(),
        status: status.word(),
        secrets: Vec::new(),
        keys: Vec::new(),
        expiries: Vec::new(),
        findings: Vec::new(),
        problems: Vec::new(),
        limits: Vec::new(),
        projects: Vec::new(),
    }
}

fn key(report: &ProjectReport, key: &KeyStatus) -> JsonKey {
    JsonKey {
        project: report.mask.text(&report.name),
        id: key.id.to_string(),
        prefix: key.prefix.as_str().to_owned(),
        name: report.mask.text(&key.name),
        urgency: key.urgency.word(),
        age_days: key.age,
        since: key.since.to_string(),
        expires: key.expires.map(|date| date.to_string()),
        soft_due: key.soft_due.to_string(),
        hard_due: key.hard_due.to_string(),
        replaced_by: key.replaced_by.as_ref().map(ToString::to_string),
    }
}

fn expiry(report: &ProjectReport, status: &ExpiryStatus) -> JsonExpiry {
    let date = &status.date;
    let name = |one: &RelPath| report.mask.text(&path(one));
    let (comment, certificate_file) = match &date.source {
        ExpirySource::Comment(file, _) => (Some(name(file)), None),
        ExpirySource::File(file, _) => (None, Some(name(file))),
        ExpirySource::Recorded | ExpirySource::Value(_) => (None, None),
    };
    JsonExpiry {
        project: report.mask.text(&report.name),
        environment: date.environment.word(),
        file: name(&date.file),
        key: date.key.as_ref().map(|key| report.mask.text(key.as_str())),
        line: date.line.map(Into::into),
        expires: date.day.to_string(),
        days_left: status.left,
        urgency: status.nearness.word(),
        source: status.source(),
        comment,
        certificate_file,
        certificate: status.of_chain().map(|(number, _)| number),
        certificates: status.of_chain().map(|(_, count)| count),
    }
}

fn secret(report: &ProjectReport, status: &SecretStatus) -> JsonSecret {
    let text = |text: &str| report.mask.text(text);
    JsonSecret {
        project: text(&report.name),
        environment: status.environment.word(),
        file: text(&path(&status.file)),
        key: text(status.key.as_str()),
        line: status.line.map(Into::into),
        class: status.class.word(),
        state: status.state.word(),
        urgency: status.urgency.word(),
        age_days: status.age,
        age_basis: status.basis.word(),
        since: status.since.to_string(),
        soft_due: status.soft_due.to_string(),
        hard_due: status.hard_due.to_string(),
        reason: reasons(status).as_deref().map(text),
        owner: status.owner.as_deref().map(text),
        snoozed_until: status.snooze.as_ref().map(|snooze| snooze.until.to_string()),
        stage: status.stage.map(Stage::word),
        promoted: status.promoted.map(|day| day.to_string()),
        proven: status.proof.as_ref().map(|proof| proof.day.to_string()),
        proof: status.proof.as_ref().map(|proof| proof.kinds.clone()),
        other_places: report.other_places(status),
    }
}

fn finding(report: &ProjectReport, one: &Surprise) -> JsonFinding {
    let kind = match one {
        Surprise::ClockBack(_) => "clock-back",
        Surprise::KeyLost => "key-lost",
        Surprise::Vanished(..) => "env-file-vanished",
    };
    let (message, help) = surprise(one);
    JsonFinding { project: report.mask.text(&report.name), kind, message: report.mask.text(&message), help }
}

fn problem(report: &ProjectReport, problem: &Problem) -> JsonProblem {
    JsonProblem {
        project: Some(report.mask.text(&report.name)),
        kind: problem.kind.word(),
        path: problem.path.as_ref().map(|one| report.mask.text(&path(one))),
        message: report.mask.text(&problem.to_string()),
        help: problem.kind.help().to_owned(),
    }
}

fn project(report: &ProjectReport) -> JsonProject {
    let path =
        |path: &std::path::Path| report.mask.text(&sanitize(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str())));
    JsonProject {
        name: report.mask.text(&report.name),
        root: path(&report.root),
        ledger: path(&report.ledger),
        other_ledger: report.other_ledger.as_deref().map(path),
        left_out: report.unnamed,
    }
}

fn path(path: &RelPath) -> String {
    path.to_str().map_or_else(|| path.to_string(), str::to_owned)
}
