//! The schema `envward.report/1` (docs/report.schema.json). Fields are only ever added; none holds a value.

pub(in crate::report) mod visible;

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::wording;
use crate::env::readers::{Reader, Verdict};
use crate::finding::{ExposedKey, Fact, Finding};
use crate::git::CommitRef;
use crate::path::RelPath;
use crate::policy::{
    Accepted, Below, Examined, FileReaders, Hidden, KeyReaders, Report, Status, Suppression, UnusedIgnore,
};
use crate::problem::Problem;

const SCHEMA: &str = "envward.report/1";

#[derive(Serialize)]
struct JsonReport<'a> {
    schema: &'static str,
    version: &'static str,
    command: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    only_new: bool,
    as_of: String,
    status: &'static str,
    findings: Vec<JsonFinding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_shown: Option<usize>,
    hidden: Vec<JsonHidden>,
    unused_ignores: Vec<JsonUnused>,
    problems: Vec<JsonProblem>,
    accepted: Vec<JsonAccepted>,
    examined: JsonExamined,
    #[serde(skip_serializing_if = "Option::is_none")]
    readers: Option<Vec<JsonReaders>>,
}

#[derive(Serialize)]
struct JsonReaders {
    path: String,
    line: u32,
    key: Option<String>,
    values: Map<String, Value>,
}

#[derive(Serialize)]
struct JsonFinding {
    check: &'static str,
    severity: &'static str,
    title: String,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    path: Option<String>,
    object: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_hex: Option<String>,
    line: Option<u32>,
    key: Option<String>,
    facts: Map<String, Value>,
    help: String,
}

#[derive(Serialize)]
struct JsonHidden {
    #[serde(flatten)]
    finding: JsonFinding,
    ignored_by: JsonExcuse,
}

#[derive(Serialize)]
struct JsonExcuse {
    place: String,
    reason: Option<String>,
    until: Option<String>,
}

#[derive(Serialize)]
struct JsonUnused {
    check: String,
    place: String,
    reason: Option<String>,
    until: Option<String>,
}

/// What could not be examined.
#[derive(Serialize)]
pub(in crate::report) struct JsonProblem {
    pub(in crate::report) kind: &'static str,
    pub(in crate::report) path: Option<String>,
    pub(in crate::report) message: String,
    pub(in crate::report) help: String,
}

#[derive(Serialize)]
struct JsonAccepted {
    #[serde(flatten)]
    problem: JsonProblem,
    reason: Option<String>,
    until: Option<String>,
}

/// How much was examined.
#[derive(Default, Serialize)]
pub(in crate::report) struct JsonExamined {
    files: u64,
    env_files: u64,
    #[serde(skip_serializing_if = "is_zero")]
    main_env_files: u64,
    index_entries: u64,
    commits: u64,
    objects: u64,
    containers: u64,
    declared_harmless: u64,
    bytes: u64,
    processes: u64,
}

/// Writes the report: one object and a newline.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    visible::write(&object(report), out)
}

/// Writes the report in one line.
///
/// # Errors
/// Those of `out`.
pub fn write_line(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    visible::write_line(&object(report), out)
}

fn object(report: &Report) -> JsonReport<'_> {
    JsonReport {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        command: report.command,
        repository: report.repository.as_ref().map(path_text),
        only_new: report.only_new,
        as_of: report.as_of.to_string(),
        status: report.status.word(),
        findings: report.findings.iter().map(finding).collect(),
        not_shown: report.below.as_ref().map(Below::all),
        hidden: report.hidden.iter().map(hidden).collect(),
        unused_ignores: report.unused_ignores.iter().map(unused).collect(),
        problems: report.problems.iter().map(problem).collect(),
        accepted: report.accepted.iter().map(accepted).collect(),
        examined: examined(&report.examined),
        readers: report.readers.as_ref().map(|files| files.iter().flat_map(readers).collect()),
    }
}

/// Writes the object for a run that ended before there was a report: a mistake on the command line or in the
/// configuration, a project that cannot be opened; in one line where reports are lines.
///
/// # Errors
/// Those of `out`.
pub fn write_error(
    command: &str,
    as_of: Date,
    (kind, message, help): (&'static str, String, String),
    is_line: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let report = JsonReport {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        command,
        repository: None,
        only_new: false,
        as_of: as_of.to_string(),
        status: Status::Incomplete.word(),
        findings: Vec::new(),
        not_shown: None,
        hidden: Vec::new(),
        unused_ignores: Vec::new(),
        problems: vec![JsonProblem { kind, path: None, message, help }],
        accepted: Vec::new(),
        examined: JsonExamined::default(),
        readers: None,
    };
    if is_line { visible::write_line(&report, out) } else { visible::write(&report, out) }
}

fn readers(file: &FileReaders) -> Vec<JsonReaders> {
    let word = |(reader, verdict): &(Reader, Verdict)| (reader.name().to_owned(), Value::from(verdict.word()));
    let of = |one: &KeyReaders| JsonReaders {
        path: path_text(&file.path),
        line: one.line.get(),
        key: one.key.as_ref().map(ToString::to_string),
        values: one.verdicts.iter().map(word).collect(),
    };
    file.keys.iter().map(of).collect()
}

fn finding(finding: &Finding) -> JsonFinding {
    let path = file_of(finding);
    JsonFinding {
        check: finding.check.id,
        severity: finding.severity.word(),
        title: wording::what(finding),
        origin: finding.origin.word(),
        repository: finding.repository.as_ref().map(path_text),
        path: path.map(path_text),
        object: finding.origin.object().map(|id| id.to_string()),
        path_hex: path.and_then(path_hex),
        line: finding.line.map(Into::into),
        key: finding.key.as_ref().map(ToString::to_string),
        facts: finding.facts.iter().map(|(name, fact)| ((*name).to_owned(), value(fact))).collect(),
        help: wording::help(finding),
    }
}

/// The path that a finding is about; `None` for what has none.
pub(in crate::report) fn file_of(finding: &Finding) -> Option<&RelPath> {
    Some(finding.origin.path()).filter(|path| !(path.is_root() && finding.origin.has_no_path()))
}

/// As it is where it is UTF-8 (JSON escapes control characters itself), else escaped.
pub(in crate::report) fn path_text(path: &RelPath) -> String {
    path.to_str().map_or_else(|| path.to_string(), str::to_owned)
}

fn path_hex(path: &RelPath) -> Option<String> {
    let hex = || path.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    path.to_str().is_none().then(hex)
}

fn value(fact: &Fact) -> Value {
    match fact {
        Fact::Number(number) => json!(number),
        Fact::Flag(flag) => json!(flag),
        Fact::Word(word) => json!(word),
        Fact::Words(words) => json!(words),
        Fact::Mode(mode) => json!(format!("{mode:04o}")),
        Fact::Line(line) => json!(line),
        Fact::Lines(lines) => json!(lines),
        Fact::Path(path) => json!(path_text(path)),
        Fact::Paths(paths) => paths.iter().map(path_text).collect(),
        Fact::Day(day) => json!(day.to_string()),
        Fact::Key(key) => json!(key.as_str()),
        Fact::Place { path, key, line } => {
            json!({ "path": path_text(path), "key": key.as_ref().map(ToString::to_string), "line": line })
        }
        Fact::Name(name) => json!(name.to_string()),
        Fact::Names(names) => names.iter().map(ToString::to_string).collect(),
        Fact::Commit(commit) => commit_value(commit),
        Fact::Exposed(keys) => keys.iter().map(exposed).collect(),
        Fact::None => Value::Null,
    }
}

fn commit_value(commit: &CommitRef) -> Value {
    json!({ "commit": commit.id.to_string(), "time": commit.time.to_string(), "author": commit.author.to_string() })
}

fn exposed(key: &ExposedKey) -> Value {
    json!({ "key": key.key.as_ref().map(ToString::to_string), "state": key.state.word(), "strength": key.strength.word() })
}

fn hidden(hidden: &Hidden) -> JsonHidden {
    let Suppression { reason, until, .. } = &hidden.by;
    let ignored_by = JsonExcuse { place: place(&hidden.by), reason: reason.clone(), until: day(*until) };
    JsonHidden { finding: finding(&hidden.finding), ignored_by }
}

fn unused(unused: &UnusedIgnore) -> JsonUnused {
    let Suppression { reason, until, .. } = &unused.at;
    JsonUnused { check: unused.check.clone(), place: place(&unused.at), reason: reason.clone(), until: day(*until) }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

pub(in crate::report) fn examined(examined: &Examined) -> JsonExamined {
    JsonExamined {
        files: examined.files,
        env_files: examined.env_files,
        main_env_files: examined.main_env_files,
        index_entries: examined.index_entries,
        commits: examined.commits,
        objects: examined.objects,
        containers: examined.containers,
        declared_harmless: examined.declared_harmless,
        bytes: examined.bytes,
        processes: examined.processes,
    }
}

pub(in crate::report) fn problem(problem: &Problem) -> JsonProblem {
    JsonProblem {
        kind: problem.kind.word(),
        path: problem.path.as_ref().map(path_text),
        message: problem.to_string(),
        help: problem.kind.help().to_owned(),
    }
}

fn accepted(accepted: &Accepted) -> JsonAccepted {
    let Suppression { reason, until, .. } = &accepted.by;
    JsonAccepted { problem: problem(&accepted.problem), reason: reason.clone(), until: day(*until) }
}

fn place(excuse: &Suppression) -> String {
    wording::at(&excuse.path, excuse.line)
}

fn day(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}
