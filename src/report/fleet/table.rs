//! The fleet on one screen: what is due, then how each host and each project stands.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::civil::Date;

use super::{FleetReport, day_of, lines};
use crate::policy::Status;
use crate::report::wording::count;
use crate::rotation::Urgency;
use crate::rotation::fleet::FleetRow;
use crate::terminal::{Ink, Style};

/// The columns behind a name.
const HEADING: &str = "exposed overdue     due expires not due";
/// The width of a name; a longer one has a line of its own.
const NAME: usize = 26;

/// Writes it.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &FleetReport<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let hosts = report.hosts();
    let sections = [
        lines::due(report, style),
        report.same.iter().map(|same| lines::same_value(same, style)).collect(),
        lines::doubts(report, style),
        by_host(report, style),
        by_project(report, style),
    ];
    for section in sections.iter().filter(|section| !section.is_empty()) {
        writeln!(out, "{section}")?;
    }
    let all = tally(report.fleet.rows.iter(), report.day);
    let (hosts, secrets) = (hosts.len() as u64, report.fleet.rows.len() as u64);
    let (hosts, secrets) = (count(hosts, "host", "hosts"), count(secrets, "secret", "secrets"));
    writeln!(out, "{}", style.set(Ink::Bold, &format!("{}, {secrets} on {hosts}", all.words(report.status()))))
}

/// How many rows stand how.
#[derive(Default)]
struct Tally {
    exposed: u64,
    overdue: u64,
    due: u64,
    expiring: u64,
    fresh: u64,
}

fn tally<'a>(rows: impl Iterator<Item = &'a FleetRow>, day: Date) -> Tally {
    let mut tally = Tally::default();
    for row in rows {
        tally.expiring += u64::from(row.expires_soon(day));
        match row.urgency(day) {
            Urgency::Exposed => tally.exposed += 1,
            Urgency::Overdue => tally.overdue += 1,
            Urgency::Due => tally.due += 1,
            Urgency::Unknown | Urgency::Fresh => tally.fresh += 1,
        }
    }
    tally
}

impl Tally {
    fn columns(&self) -> String {
        let Self { exposed, overdue, due, expiring, fresh } = self;
        format!("{exposed:>7} {overdue:>7} {due:>7} {expiring:>7} {fresh:>7}")
    }

    fn words(&self, status: Status) -> String {
        let Self { exposed, overdue, due, expiring, .. } = self;
        match exposed + overdue + due + expiring {
            0 if status == Status::Incomplete => "nothing that was reported is due".to_owned(),
            0 => "nothing is due".to_owned(),
            _ => format!("{exposed} exposed, {overdue} overdue, {due} due, {expiring} expired or about to expire"),
        }
    }
}

fn by_host(report: &FleetReport<'_>, style: Style) -> String {
    let mut rows: BTreeMap<&str, Vec<&FleetRow>> = BTreeMap::new();
    report.fleet.rows.iter().for_each(|row| rows.entry(&row.host).or_default().push(row));
    let mut text = style.set(Ink::Bold, &format!("{:NAME$} {HEADING}  last report", "hosts")) + "\n";
    for (host, reports) in report.hosts() {
        let last = reports.iter().filter_map(|report| report.received).max();
        let last = last.map_or_else(|| "never".to_owned(), |last| day_of(last).to_string());
        let tally = tally(rows.remove(host).unwrap_or_default().into_iter(), report.day);
        text += &line(host, &format!("{}  {last}", tally.columns()));
    }
    text
}

fn by_project(report: &FleetReport<'_>, style: Style) -> String {
    let mut projects: BTreeMap<&str, (usize, Vec<&FleetRow>)> = BTreeMap::new();
    for one in &report.fleet.reports {
        projects.entry(one.project.as_deref().unwrap_or_default()).or_default().0 += 1;
    }
    report.fleet.rows.iter().for_each(|row| projects.entry(&row.project).or_default().1.push(row));
    // That of a host that never reported is none.
    drop(projects.remove(""));
    if projects.is_empty() {
        return String::new();
    }
    let heading = style.set(Ink::Bold, &format!("{:NAME$} {HEADING}  hosts", "projects")) + "\n";
    projects.into_iter().fold(heading, |text, (project, (hosts, rows))| {
        text + &line(project, &format!("{}  {hosts}", tally(rows.into_iter(), report.day).columns()))
    })
}

fn line(name: &str, columns: &str) -> String {
    match name.chars().count() > NAME {
        true => format!("{name}\n{:NAME$} {columns}\n", ""),
        false => format!("{name:NAME$} {columns}\n"),
    }
}
