//! What is due on all hosts, for one reminder to one person. Nothing where nothing is due and every host reported.

use std::io::{self, Write};

use super::{FleetReport, name, what};
use crate::report::next_step;
use crate::rotation::Urgency;
use crate::rotation::fleet::{FleetRow, Same};
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// Writes what is due, by host and project, and what is missing or doubtful about the reports.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &FleetReport<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut text = due(report, style);
    let across = report.same.iter().filter(|same| same.crosses_environments);
    across.for_each(|same| text += &same_value(same, style));
    text += &doubts(report, style);
    out.write_all(text.as_bytes())
}

/// The rows for which something is to be done: each host, its projects, and the command that shows more.
pub(super) fn due(report: &FleetReport<'_>, style: Style) -> String {
    let mut text = String::new();
    for host in report.due.chunk_by(|one, other| one.host == other.host) {
        let Some(first) = host.first() else { continue };
        text += &format!("{}\n", style.set(Ink::Bold, &first.host));
        for project in host.chunk_by(|one, other| one.project == other.project) {
            text += &project.first().map(|row| format!("  {}\n", row.project)).unwrap_or_default();
            project.iter().for_each(|row| text += &entry(report, row, style));
        }
        text += &format!("  -> on {}: envward rotation status --due\n", first.host);
    }
    text
}

fn entry(report: &FleetReport<'_>, row: &FleetRow, style: Style) -> String {
    let ink = match row.urgency(report.day) {
        _ if row.expires_soon(report.day) => Ink::Red,
        Urgency::Exposed | Urgency::Overdue => Ink::Red,
        Urgency::Due => Ink::Magenta,
        Urgency::Unknown | Urgency::Fresh => Ink::Bold,
    };
    let environment = row.environment.word();
    let line = format!("{} ({environment}): {}", name(row), what(row, report.day));
    let mut lines = wrap(&line, style.width - 6).into_iter();
    let first = format!("    {}\n", style.set(ink, &lines.next().unwrap_or_default()));
    lines.fold(first, |text, line| text + &format!("      {line}\n"))
}

/// One value, and every place that uses it.
pub(super) fn same_value(same: &Same<'_>, style: Style) -> String {
    let (ink, heading) = match same.crosses_environments {
        true => (Ink::Red, "one value in several environments: give each its own"),
        false => (Ink::Bold, "one value on several hosts: replace it on all of them together"),
    };
    same.rows.iter().fold(format!("{}\n", style.set(ink, heading)), |text, row| {
        let place = format!("{}, {}: {} ({})", row.host, row.project, name(row), row.environment.word());
        wrap(&place, style.width - 4).iter().fold(text, |text, line| text + &format!("  {line}\n"))
    })
}

/// What is missing or doubtful about the reports.
pub(super) fn doubts(report: &FleetReport<'_>, style: Style) -> String {
    report.doubts().iter().fold(String::new(), |text, (what, help)| {
        let mut lines = wrap(what, style.width).into_iter();
        let first = format!("{}\n", style.set(Ink::Red, &lines.next().unwrap_or_default()));
        let text = lines.fold(text + &first, |text, line| text + &format!("  {line}\n"));
        next_step::lines(help, style.width - 2).iter().fold(text, |text, line| text + &format!("  {line}\n"))
    })
}
