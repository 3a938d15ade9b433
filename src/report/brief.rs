//! For the hook: what stopped the commit and how to get on, in a few lines; silent where nothing did.

use std::io::{self, Write};

use super::{Report, Status, json, wording};
use crate::finding::{Finding, Severity};
use crate::tty::{Ink, Style};

/// More findings than these are counted.
const SHOWN: usize = 4;

/// Writes the report: at most twelve lines.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if report.status == Status::Clean {
        // One line each: a reminder, not a wall.
        let warnings = report.findings.iter().filter(|finding| finding.severity > Severity::Note);
        return warnings.take(SHOWN).try_for_each(|finding| writeln!(out, "envward: {}", line(finding)));
    }
    writeln!(out, "{}", style.set(Ink::Red, "envward: the commit was stopped"))?;
    for problem in report.problems.iter().take(SHOWN) {
        writeln!(out, "  {}\n  -> {}", json::message(problem), problem.kind.help())?;
    }
    let stops: Vec<&Finding> = report.findings.iter().filter(|finding| finding.severity >= report.fail_on).collect();
    let room = SHOWN.saturating_sub(report.problems.len());
    for finding in stops.iter().take(room) {
        writeln!(out, "  {}\n  -> {}", line(finding), wording::help(finding))?;
    }
    match stops.len().saturating_sub(room) {
        0 => {}
        more => writeln!(out, "  and {more} more: envward scan --staged")?,
    }
    let Some(first) = stops.first() else { return Ok(()) };
    let way = format!("meant? add an [[ignore]] of {} to envward.toml, with a reason", first.check.id);
    writeln!(out, "  {}", style.set(Ink::Dim, &way))
}

fn line(finding: &Finding) -> String {
    format!("{}: {} [{}]", finding.origin, wording::what(finding), finding.check.id)
}
