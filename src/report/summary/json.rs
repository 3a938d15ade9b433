//! The schema `envward.summary/1` (docs/summary.schema.json). Fields are only ever added; none holds a value.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use crate::policy::Status;
use crate::problem::ProblemKind;
use crate::report::json::{JsonExamined, JsonProblem, examined, problem, visible};
use crate::summary::{Counts, Line, OfKind, Summary};

const SCHEMA: &str = "envward.summary/1";

#[derive(Serialize)]
struct JsonSummary<'a> {
    schema: &'static str,
    version: &'static str,
    command: &'a str,
    as_of: String,
    oldest: String,
    status: &'static str,
    only_new: bool,
    repositories: JsonRepositories,
    findings: JsonCounts,
    not_shown: u64,
    hidden: u64,
    accepted: u64,
    worst: Vec<JsonLine<'a>>,
    left_out: u64,
    problems: Vec<JsonKind<'a>>,
    unread: Vec<JsonProblem>,
    unread_count: u64,
    examined: JsonExamined,
}

#[derive(Default, Serialize)]
struct JsonRepositories {
    all: u64,
    clean: u64,
    findings: u64,
    incomplete: u64,
    with_findings: u64,
}

#[derive(Default, Serialize)]
struct JsonCounts {
    critical: u64,
    error: u64,
    warning: u64,
    note: u64,
}

impl JsonCounts {
    fn of(counts: &Counts) -> Self {
        let Counts { critical, error, warning, note } = *counts;
        Self { critical, error, warning, note }
    }
}

#[derive(Serialize)]
struct JsonLine<'a> {
    name: &'a str,
    command: Option<&'a str>,
    findings: JsonCounts,
    reason: Option<JsonReason<'a>>,
    problems: u64,
    kind: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonReason<'a> {
    check: &'a str,
    severity: &'static str,
    title: &'a str,
    path: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonKind<'a> {
    kind: &'a str,
    count: u64,
    reports: u64,
    first: &'a str,
    message: Option<&'static str>,
    help: Option<&'static str>,
}

/// Writes the summary; `day` is its day where no report has one.
///
/// # Errors
/// Those of `out`.
pub fn write(summary: &Summary, command: &str, day: Date, out: &mut dyn Write) -> io::Result<()> {
    let (oldest, newest) = summary.days.unwrap_or((day, day));
    let repositories = &summary.repositories;
    visible::write(
        &JsonSummary {
            status: summary.status().word(),
            oldest: oldest.to_string(),
            only_new: summary.only_new,
            repositories: JsonRepositories {
                all: repositories.all(),
                clean: repositories.clean,
                findings: repositories.findings,
                incomplete: repositories.incomplete,
                with_findings: summary.with_findings,
            },
            findings: JsonCounts::of(&summary.counts),
            not_shown: summary.sums.not_shown,
            hidden: summary.sums.hidden,
            accepted: summary.sums.accepted,
            worst: summary.lines().map(line).collect(),
            left_out: summary.left_out(),
            problems: summary.problems.iter().map(|(kind, of)| problems(kind, of)).collect(),
            unread: summary.unread.iter().map(problem).collect(),
            unread_count: summary.unread_count,
            examined: examined(&summary.sums.examined),
            ..empty(command, newest)
        },
        out,
    )
}

/// Writes the object for a run that ended before there was a summary.
///
/// # Errors
/// Those of `out`.
pub fn write_error(
    command: &str,
    day: Date,
    (kind, message, help): (&'static str, String, String),
    out: &mut dyn Write,
) -> io::Result<()> {
    let unread = vec![JsonProblem { kind, path: None, message, help }];
    visible::write(&JsonSummary { unread, unread_count: 1, ..empty(command, day) }, out)
}

fn empty(command: &str, day: Date) -> JsonSummary<'_> {
    JsonSummary {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        command,
        as_of: day.to_string(),
        oldest: day.to_string(),
        status: Status::Incomplete.word(),
        only_new: false,
        repositories: JsonRepositories::default(),
        findings: JsonCounts::default(),
        not_shown: 0,
        hidden: 0,
        accepted: 0,
        worst: Vec::new(),
        left_out: 0,
        problems: Vec::new(),
        unread: Vec::new(),
        unread_count: 0,
        examined: JsonExamined::default(),
    }
}

fn line(line: &Line) -> JsonLine<'_> {
    let reason = line.reason.as_ref().map(|reason| JsonReason {
        check: &reason.check,
        severity: reason.severity.word(),
        title: &reason.title,
        path: reason.path.as_deref(),
    });
    JsonLine {
        name: &line.name,
        command: line.command.as_deref(),
        findings: JsonCounts::of(&line.counts),
        reason,
        problems: line.problems,
        kind: line.kind.as_deref(),
    }
}

fn problems<'a>(kind: &'a str, of: &'a OfKind) -> JsonKind<'a> {
    let known = ProblemKind::from_word(kind);
    JsonKind {
        kind,
        count: of.count,
        reports: of.reports,
        first: &of.first,
        message: known.map(ProblemKind::message),
        help: known.map(ProblemKind::help),
    }
}
