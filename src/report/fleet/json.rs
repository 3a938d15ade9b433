//! The schema `envward.fleet/1` (docs/fleet.schema.json). Fields are only ever added; none holds a value.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::{FleetReport, is_silent, problem};
use crate::ledger::Basis;
use crate::policy::Status;
use crate::report::json::visible;
use crate::rotation::fleet::FleetRow;

const SCHEMA: &str = "envward.fleet/1";

#[derive(Serialize)]
struct JsonFleet<'a> {
    schema: &'static str,
    version: &'static str,
    command: &'static str,
    as_of: String,
    status: &'static str,
    reports: Vec<JsonReport<'a>>,
    secrets: Vec<JsonRow<'a>>,
    same: Vec<JsonSame<'a>>,
    problems: Vec<JsonProblem>,
}

#[derive(Serialize)]
struct JsonReport<'a> {
    host: &'a str,
    project: Option<&'a str>,
    received: Option<String>,
    is_late: bool,
    is_complete: bool,
    clock_ahead_seconds: Option<i64>,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    host: &'a str,
    project: &'a str,
    kind: &'static str,
    environment: &'static str,
    file: &'a str,
    key: &'a str,
    class: Option<&'a str>,
    state: &'static str,
    urgency: &'static str,
    is_due: bool,
    age_days: Option<u32>,
    age_basis: Option<&'static str>,
    since: Option<String>,
    rotated: Option<String>,
    soft_due: Option<String>,
    hard_due: Option<String>,
    expires: Option<String>,
    exposed: bool,
    exposed_why: Vec<&'a str>,
    remarks: Vec<&'a str>,
    proven: Option<String>,
    snoozed_until: Option<String>,
    last_seen: Option<String>,
}

#[derive(Serialize)]
struct JsonSame<'a> {
    crosses_environments: bool,
    places: Vec<JsonPlace<'a>>,
}

#[derive(Serialize)]
struct JsonPlace<'a> {
    host: &'a str,
    project: &'a str,
    environment: &'static str,
    file: &'a str,
    key: &'a str,
}

#[derive(Serialize)]
struct JsonProblem {
    message: String,
    help: String,
}

/// Writes the fleet, or with `only_due` of its rows only those for which something is to be done.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &FleetReport<'_>, status: Status, only_due: bool, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<&FleetRow> = if only_due { report.due.clone() } else { report.fleet.rows.iter().collect() };
    let fleet = JsonFleet {
        reports: report.fleet.reports.iter().map(of_report).collect(),
        secrets: rows.into_iter().map(|one| row(report, one)).collect(),
        same: report.same.iter().map(of_same).collect(),
        problems: report
            .fleet
            .problems
            .iter()
            .map(problem)
            .map(|(message, help)| JsonProblem { message, help })
            .collect(),
        ..empty(report.day, status)
    };
    visible::write(&fleet, out)
}

/// Writes the object for an input that is no table.
///
/// # Errors
/// Those of `out`.
pub fn write_error(day: Date, message: String, help: String, out: &mut dyn Write) -> io::Result<()> {
    let problems = vec![JsonProblem { message, help }];
    visible::write(&JsonFleet { problems, ..empty(day, Status::Incomplete) }, out)
}

fn empty<'a>(day: Date, status: Status) -> JsonFleet<'a> {
    JsonFleet {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        command: "rotation status",
        as_of: day.to_string(),
        status: status.word(),
        reports: Vec::new(),
        secrets: Vec::new(),
        same: Vec::new(),
        problems: Vec::new(),
    }
}

fn of_report(report: &crate::rotation::fleet::ReportOfHost) -> JsonReport<'_> {
    JsonReport {
        host: &report.host,
        project: report.project.as_deref(),
        received: report.received.map(|time| time.to_string()),
        is_late: is_silent(report),
        is_complete: report.is_complete,
        clock_ahead_seconds: report.clock_ahead,
    }
}

fn of_same<'a>(same: &super::Same<'a>) -> JsonSame<'a> {
    let place = |row: &&'a FleetRow| JsonPlace {
        host: &row.host,
        project: &row.project,
        environment: row.environment.word(),
        file: &row.file,
        key: &row.key,
    };
    JsonSame { crosses_environments: same.crosses_environments, places: same.rows.iter().map(place).collect() }
}

fn row<'a>(report: &FleetReport<'_>, row: &'a FleetRow) -> JsonRow<'a> {
    let date = |date: Option<Date>| date.map(|date| date.to_string());
    let words = |words: &'a Option<String>| words.iter().flat_map(|all| all.split(',')).collect();
    JsonRow {
        host: &row.host,
        project: &row.project,
        kind: row.kind.word(),
        environment: row.environment.word(),
        file: &row.file,
        key: &row.key,
        class: row.class.as_deref(),
        state: row.state.word(),
        urgency: row.urgency(report.day).word(),
        is_due: row.is_due(report.day, report.until),
        age_days: row.age(report.day),
        age_basis: row.basis.map(Basis::word),
        since: date(row.since),
        rotated: date(row.rotated),
        soft_due: date(row.soft_due),
        hard_due: date(row.hard_due),
        expires: date(row.expires),
        exposed: row.exposed,
        exposed_why: words(&row.exposed_why),
        remarks: words(&row.remarks),
        proven: date(row.proven),
        snoozed_until: date(row.snoozed_until),
        last_seen: date(row.last_seen),
    }
}
