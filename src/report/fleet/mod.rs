//! `rotation status --from`: what all hosts reported, as text and JSON (`envward.fleet/1`), and the short lines of what is
//! due. Names come from other hosts; they were escaped when they were read.

mod json;
mod lines;
mod table;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use json::{write as write_json, write_error};
pub use lines::write as write_lines;
pub use table::write as write_table;

use crate::ledger::ValueState;
use crate::policy::Status;
use crate::report::wording::count;
use crate::rotation::fleet::{Fleet, FleetProblem, FleetRow, ReportOfHost, Same, key_names, same};
use crate::rotation::{Nearness, Urgency};

/// A daily job may be late, and a host may be off for a night.
const SILENT: i64 = 2 * 86_400;
/// Clocks that are kept right differ by less, and so does a report that waits for the database.
const CLOCK: i64 = 3_600;

/// What all hosts reported, on a day.
pub struct FleetReport<'a> {
    fleet: &'a Fleet,
    day: Date,
    until: Date,
    /// The rows for which something is to be done, by host and project, the most urgent first.
    due: Vec<&'a FleetRow>,
    /// The values that several hosts or environments use.
    same: Vec<Same<'a>>,
}

impl<'a> FleetReport<'a> {
    /// What is due on a day, or will be by `until`.
    #[must_use]
    pub fn new(fleet: &'a Fleet, day: Date, until: Date) -> Self {
        let mut due: Vec<&FleetRow> = fleet.rows.iter().filter(|row| row.is_due(day, until)).collect();
        due.sort_by_key(|row| (&row.host, &row.project, row.urgency(day), row.hard_due, &row.file, &row.key));
        Self { fleet, day, until, due, same: same(&fleet.rows) }
    }

    /// What the exit status says, before `--exit-zero`. What did not report was not examined.
    #[must_use]
    pub fn status(&self) -> Status {
        let is_incomplete = |report: &ReportOfHost| is_silent(report) || !report.is_complete;
        let is_across = self.same.iter().any(|same| same.crosses_environments);
        let has_wrong_clock = self.fleet.reports.iter().any(|report| wrong_clock(report).is_some());
        match () {
            () if !self.fleet.problems.is_empty() => Status::Incomplete,
            () if self.fleet.reports.iter().any(is_incomplete) => Status::Incomplete,
            () if !self.due.is_empty() || is_across || has_wrong_clock || self.has_several_keys() => Status::Findings,
            () => Status::Clean,
        }
    }

    fn has_several_keys(&self) -> bool {
        key_names(&self.fleet.rows).len() > 1
    }

    /// The reports of each host.
    fn hosts(&self) -> BTreeMap<&str, Vec<&ReportOfHost>> {
        let mut hosts: BTreeMap<&str, Vec<&ReportOfHost>> = BTreeMap::new();
        self.fleet.reports.iter().for_each(|report| hosts.entry(&report.host).or_default().push(report));
        hosts
    }

    /// What is missing or doubtful about the reports, and what to do: pairs of lines.
    fn doubts(&self) -> Vec<(String, String)> {
        let mut doubts: Vec<(String, String)> = self.fleet.problems.iter().map(problem).collect();
        for (host, reports) in self.hosts() {
            let silent: Vec<&&ReportOfHost> = reports.iter().filter(|report| is_silent(report)).collect();
            let on_host = |what: &str| format!("on {host}: {what}");
            if silent.len() == reports.len() {
                let last = reports.iter().filter_map(|report| report.received).max();
                let text = last.map_or_else(
                    || format!("{host} has never reported"),
                    |last| format!("{host} has not reported since {}", day_of(last)),
                );
                doubts.push((text, on_host("systemctl status envward-fleet.service")));
            } else {
                doubts.extend(silent.iter().filter_map(|report| {
                    let (project, last) = (report.project.as_ref()?, report.received.map(day_of)?);
                    let text = format!("{host} has not reported {project} since {last}");
                    Some((text, on_host("does the job still name the project? systemctl cat envward-fleet.service")))
                }));
            }
            let incomplete = reports.iter().filter(|report| !report.is_complete);
            doubts.extend(incomplete.filter_map(|report| {
                let text = format!("{host} could not examine everything in {}", report.project.as_ref()?);
                Some((text, on_host("envward rotation status")))
            }));
            let clock = reports.iter().filter_map(|report| wrong_clock(report)).max_by_key(|seconds| seconds.abs());
            doubts.extend(clock.map(|seconds| {
                let direction = if seconds > 0 { "ahead of" } else { "behind" };
                let text = format!("the clock of {host} is {} {direction} the database's", time(seconds));
                (text, on_host("set the clock, then: envward rotation status --accept-clock"))
            }));
        }
        if self.has_several_keys() {
            let text = "hosts use different fleet keys, so an equal value can be missed".to_owned();
            doubts.push((text, "copy one fleet key to all hosts".to_owned()));
        }
        doubts
    }
}

fn is_silent(report: &ReportOfHost) -> bool {
    report.received.is_none() || report.seconds_ago.is_some_and(|seconds| seconds > SILENT)
}

/// By how many seconds a clock is wrong, where that is much.
fn wrong_clock(report: &ReportOfHost) -> Option<i64> {
    report.clock_ahead.filter(|seconds| seconds.abs() > CLOCK)
}

fn day_of(time: jiff::Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

/// About how long a time is, in its largest unit.
fn time(seconds: i64) -> String {
    match seconds.unsigned_abs() {
        long if long >= 2 * 86_400 => count((long + 43_200) / 86_400, "day", "days"),
        short => count(short.div_ceil(3_600), "hour", "hours"),
    }
}

/// What could not be read of the input, and what to do.
fn problem(problem: &FleetProblem) -> (String, String) {
    let again = "run psql again, and look at what it says on standard error";
    match problem {
        FleetProblem::Cut(count, Some(promised)) => (
            format!("the table is not whole: {count} of {promised} rows"),
            format!("{again}; a query with a condition must leave out the column `rows`"),
        ),
        FleetProblem::Cut(..) => ("the table is cut off in its last row".to_owned(), again.to_owned()),
        FleetProblem::Newer(version) => (
            format!("the table has version {version}, and this envward knows version 1: parts may be missing"),
            "update envward on this machine".to_owned(),
        ),
        FleetProblem::Broken(number, line) => {
            let rows = count(*number, "row is not", "rows are not");
            (
                format!("{rows} of this table; the first is on line {line}"),
                "give the table as psql prints it".to_owned(),
            )
        }
        FleetProblem::Unread => ("the table could not be read to its end".to_owned(), again.to_owned()),
    }
}

/// What is to be done about a row, in words.
fn what(row: &FleetRow, day: Date) -> String {
    let texts = [age(row, day), expiry(row, day)];
    texts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn age(row: &FleetRow, day: Date) -> Option<String> {
    let (soft, hard) = (row.soft_due?, row.hard_due?);
    let days = row.age(day).map(|age| count(age.into(), "day", "days") + " old, ").unwrap_or_default();
    let text = match (row.state, row.urgency(day)) {
        (ValueState::Pending, _) => "the rotation is not finished: a new value waits".to_owned(),
        (ValueState::Current, Urgency::Exposed) => format!("{days}exposed, replace it now: {}", why(row)),
        (ValueState::Current, Urgency::Overdue) => format!("{days}overdue since {hard}"),
        (ValueState::Current, Urgency::Due) if soft <= day => format!("{days}due since {soft}, overdue on {hard}"),
        (ValueState::Current, Urgency::Due) => format!("{days}a replaced value is in use again"),
        (ValueState::Current, Urgency::Unknown | Urgency::Fresh) => format!("{days}due on {soft}"),
        _ => "the rotation is not finished: the old value may still be accepted".to_owned(),
    };
    Some(text)
}

fn why(row: &FleetRow) -> String {
    let word = |word: &str| match word {
        "tracked" => "git tracks the file".to_owned(),
        "committed" => "in git history".to_owned(),
        "incident" => "exposed by an incident".to_owned(),
        other => other.to_owned(),
    };
    row.exposed_why.iter().flat_map(|all| all.split(',')).map(word).collect::<Vec<_>>().join(", ")
}

fn expiry(row: &FleetRow, day: Date) -> Option<String> {
    let (expires, nearness) = (row.expires?, row.nearness(day)?);
    Some(match nearness {
        Nearness::Expired => format!("expired on {expires}"),
        _ => format!("expires on {expires}"),
    })
}

/// A key and its file.
fn name(row: &FleetRow) -> String {
    if row.file.is_empty() { row.key.clone() } else { format!("{} of {}", row.key, row.file) }
}
