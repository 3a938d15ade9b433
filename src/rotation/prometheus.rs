//! The ages as metrics for Prometheus's textfile collector: the text format 0.0.4.
//!
//! Instants, not ages, and no timestamps on samples: what the file says stays true when nobody writes it any more.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::export::{Dated, Expiring, Exported};
use crate::ledger::FingerprintKey;

/// A metric's name, what it is, and the value of a secret or an admin key; `None` where it has none.
type Metric = (&'static str, &'static str, fn(&Dated) -> Option<i64>);

const METRICS: [Metric; 7] = [
    ("envward_secret_since_timestamp_seconds", "Since when the secret has its value, as far as known.", |one| {
        seconds(one.since)
    }),
    ("envward_secret_soft_due_timestamp_seconds", "When the secret becomes due.", |one| seconds(one.soft_due)),
    ("envward_secret_hard_due_timestamp_seconds", "When the secret becomes overdue.", |one| seconds(one.hard_due)),
    ("envward_secret_exposed", "1 if the value is exposed, else 0.", |one| Some(i64::from(one.is_exposed))),
    (
        "envward_secret_promoted_timestamp_seconds",
        "When the new value was written, if the rotation is not confirmed yet.",
        |one| seconds(one.promoted?),
    ),
    ("envward_secret_proven_timestamp_seconds", "When evidence showed that the old value is out of use.", |one| {
        seconds(one.proven?)
    }),
    ("envward_secret_snoozed_until_timestamp_seconds", "Until when the reminders are postponed.", |one| {
        // The end of its last day.
        seconds(one.snoozed_until?.tomorrow().ok()?)
    }),
];

/// The metric of the expiry dates.
const EXPIRES: &str = "envward_secret_expires_timestamp_seconds";

/// The metrics of all projects. With `hides_names`, a name that says nothing stands for project, file and key.
#[must_use]
pub fn prometheus(
    projects: &[Exported<'_>],
    now: Timestamp,
    fingerprints: &FingerprintKey,
    hides_names: bool,
) -> String {
    let hidden = hides_names.then_some(fingerprints);
    let dated: Vec<(&str, Vec<Dated>)> = projects.iter().map(|one| (one.project, one.dated(fingerprints))).collect();
    let mut out = String::new();
    for (name, help, value) in METRICS {
        let mut lines = String::new();
        for (project, dated) in &dated {
            for one in dated {
                if let Some(value) = value(one) {
                    let _ = writeln!(lines, "{name}{{{}}} {value}", labels(project, one, hidden));
                }
            }
        }
        if !lines.is_empty() {
            let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{lines}");
        }
    }
    let mut lines = String::new();
    for project in projects {
        for one in project.expiring(fingerprints) {
            if let Some(value) = seconds(one.day) {
                let _ = writeln!(lines, "{EXPIRES}{{{}}} {value}", labels_of_expiry(project.project, &one, hidden));
            }
        }
    }
    if !lines.is_empty() {
        let _ = write!(out, "# HELP {EXPIRES} When the value stops being valid.\n# TYPE {EXPIRES} gauge\n{lines}");
    }
    let run = ("envward_rotation_last_run_timestamp_seconds", "When envward last checked.");
    let complete = ("envward_rotation_complete", "1 if every env file could be read, else 0.");
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

fn labels(name: &str, one: &Dated, hidden: Option<&FingerprintKey>) -> String {
    let secret = match (hidden, &one.file) {
        (Some(_), _) => format!("secret=\"{}\"", one.id),
        (None, Some(file)) => format!("file=\"{}\",key=\"{}\"", escaped(file), escaped(&one.key)),
        (None, None) => format!("key=\"{}\"", escaped(&one.key)),
    };
    let (project, environment, class) = (project(name, hidden), one.environment, one.class);
    format!("project=\"{project}\",environment=\"{environment}\",{secret},class=\"{class}\"")
}

fn labels_of_expiry(name: &str, one: &Expiring, hidden: Option<&FingerprintKey>) -> String {
    let secret = match hidden {
        Some(_) => format!("secret=\"{}\"", one.id),
        None => format!("file=\"{}\",key=\"{}\"", escaped(&one.file), escaped(&one.key)),
    };
    let (project, environment, source) = (project(name, hidden), one.environment, one.source);
    format!("project=\"{project}\",environment=\"{environment}\",{secret},source=\"{source}\"")
}

fn project(name: &str, hidden: Option<&FingerprintKey>) -> String {
    hidden.map_or_else(|| escaped(name), |fingerprints| fingerprints.hidden(&[b"project", name.as_bytes()]))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The start of a day, in UTC.
fn seconds(day: Date) -> Option<i64> {
    Some(TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?.as_second())
}
