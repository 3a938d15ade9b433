//! The ages as metrics for Prometheus's textfile collector: the text format 0.0.4.
//!
//! Instants, not ages, and no timestamps on samples: what the file says stays true when nobody writes it any more.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::standing::{Standing, Urgency};
use crate::ledger::{MarkKey, ValueState};

/// One project's part.
pub struct Exported<'a> {
    /// Its name.
    pub project: &'a str,
    /// Its secrets.
    pub standings: Vec<&'a Standing>,
    /// Whether every env file could be read.
    pub is_complete: bool,
}

/// A metric's name, what it is, and a secret's value; `None` where it has none.
type Metric = (&'static str, &'static str, fn(&Standing) -> Option<i64>);

const METRICS: [Metric; 5] = [
    ("envward_secret_since_timestamp_seconds", "When the value was made, as far as is known.", |one| {
        seconds(one.since)
    }),
    ("envward_secret_soft_due_timestamp_seconds", "When the secret should be replaced.", |one| seconds(one.soft_due)),
    ("envward_secret_hard_due_timestamp_seconds", "When the secret must have been replaced.", |one| {
        seconds(one.hard_due)
    }),
    ("envward_secret_exposed", "Whether others could read the value: 1 for yes.", |one| {
        Some(i64::from(one.urgency == Urgency::Exposed))
    }),
    ("envward_secret_snoozed_until_timestamp_seconds", "Until when somebody put the reminders off.", |one| {
        // The end of its last day.
        seconds(one.snooze.as_ref()?.until.tomorrow().ok()?)
    }),
];

/// The metrics of all projects. With `hidden`, a name that says nothing stands for project, file and key.
#[must_use]
pub fn prometheus(projects: &[Exported<'_>], now: Timestamp, hidden: Option<&MarkKey>) -> String {
    let mut out = String::new();
    for (name, help, value) in METRICS {
        let mut lines = String::new();
        for one in projects {
            let current = one.standings.iter().filter(|standing| standing.state == ValueState::Current);
            for standing in current {
                if let Some(value) = value(standing) {
                    let _ = writeln!(lines, "{name}{{{}}} {value}", labels(one.project, standing, hidden));
                }
            }
        }
        if !lines.is_empty() {
            let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{lines}");
        }
    }
    let run = ("envward_rotation_last_run_timestamp_seconds", "When envward looked last.");
    let complete = ("envward_rotation_complete", "Whether every env file could be read: 1 for yes.");
    for ((name, help), value) in [
        (run, &(|_: &Exported<'_>| now.as_second()) as &dyn Fn(&Exported<'_>) -> i64),
        (complete, &|one| i64::from(one.is_complete)),
    ] {
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n");
        for one in projects {
            let _ = writeln!(out, "{name}{{project=\"{}\"}} {}", project(one.project, hidden), value(one));
        }
    }
    out
}

fn labels(name: &str, standing: &Standing, hidden: Option<&MarkKey>) -> String {
    let (environment, class) = (standing.environment.word(), standing.class.word());
    let project = project(name, hidden);
    let secret = match hidden {
        Some(marks) => format!("secret=\"{}\"", id(marks, name, standing)),
        None => {
            format!("file=\"{}\",key=\"{}\"", escaped(&standing.file.to_string()), escaped(standing.key.as_str()))
        }
    };
    format!("project=\"{project}\",environment=\"{environment}\",{secret},class=\"{class}\"")
}

fn project(name: &str, hidden: Option<&MarkKey>) -> String {
    hidden.map_or_else(|| escaped(name), |marks| marks.hidden(&[b"project", name.as_bytes()]))
}

/// What stands for a secret where its name must not, and stays the same from run to run.
pub(super) fn id(marks: &MarkKey, project: &str, standing: &Standing) -> String {
    marks.hidden(&[project.as_bytes(), standing.file.as_bytes(), standing.key.as_str().as_bytes()])
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The start of a day, in UTC.
fn seconds(day: Date) -> Option<i64> {
    Some(TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?.as_second())
}
