//! For the hooks: what was stopped, why, and how to get on, in at most twelve lines; silent where there is nothing to
//! say.

use std::collections::HashSet;
use std::io::{self, Write};

use super::wording;
use crate::checks::git::{env_file_staged, env_file_tracked, live_value_elsewhere};
use crate::finding::{Finding, Origin, Severity};
use crate::policy::{Report, Status};
use crate::problem::Problem;
use crate::terminal::{Ink, Style};

/// More findings than these are counted.
const SHOWN: usize = 4;

/// What a hook is about.
pub struct About {
    /// What is stopped, as the first line says.
    stopped: &'static str,
    /// The command that shows all.
    all: &'static str,
    /// What becomes of an ignore that is added where it was meant.
    meant: &'static str,
}

/// A commit.
pub const COMMIT: About = About { stopped: "the commit was stopped", all: "envward scan --staged", meant: "stage it" };

/// A push.
pub const PUSH: About = About { stopped: "the push was stopped", all: "envward scan", meant: "commit it" };

/// A push, on the server. It obeys the ignores that it has already.
pub const RECEIVE: About = About { stopped: "the push was refused", all: "envward scan", meant: "on this side" };

/// Writes the report: at most twelve lines. `aside` is what could not be looked at and stops nothing.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, aside: &[Problem], about: &About, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if report.status == Status::Clean {
        return reminders(report, aside, out);
    }
    writeln!(out, "{}", style.set(Ink::Red, &format!("envward: {}", about.stopped)))?;
    for problem in report.problems.iter().take(SHOWN) {
        writeln!(out, "  {}\n  -> {}", problem, problem.kind.help())?;
    }
    let mut stops: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.severity >= report.fail_on).collect();
    // Of an env file that must not be there at all, the values in it need no lines of their own.
    let whole: HashSet<Origin> =
        stops.iter().filter(|stop| stop.is_of(&env_file_staged::CHECK)).map(|stop| stop.origin.clone()).collect();
    stops.retain(|stop| !stop.is_of(&live_value_elsewhere::CHECK) || !whole.contains(&stop.origin));
    let room = SHOWN.saturating_sub(report.problems.len());
    for finding in stops.iter().take(room) {
        writeln!(out, "  {}\n  -> {}", line(finding), wording::help(finding))?;
    }
    match stops.len().saturating_sub(room) + report.problems.len().saturating_sub(SHOWN) {
        0 => {}
        more => writeln!(out, "  and {more} more: {}", about.all)?,
    }
    let Some(first) = stops.first() else { return Ok(()) };
    let way = format!("meant? [[ignore]] {} in envward.toml, with a reason; {}", first.check.id, about.meant);
    writeln!(out, "  {}", style.set(Ink::Dim, &way))
}

/// What stops nothing: one line each, and one for all env files that git tracks. A reminder, not a wall.
fn reminders(report: &Report, aside: &[Problem], out: &mut dyn Write) -> io::Result<()> {
    let (notes, warnings): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| finding.severity == Severity::Note);
    for finding in warnings.iter().take(SHOWN) {
        writeln!(out, "envward: {}; {}", line(finding), wording::help(finding))?;
    }
    for problem in aside.iter().take(SHOWN) {
        writeln!(out, "envward: {problem}; its values were not looked for")?;
    }
    let tracked: Vec<&&Finding> = notes.iter().filter(|finding| finding.is_of(&env_file_tracked::CHECK)).collect();
    if let Some(first) = tracked.first() {
        let others = match tracked.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        writeln!(out, "envward: {}{others}: git tracks it, unchanged here [{}]", first.origin, first.check.id)?;
    }
    match warnings.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "envward: and {more} more: envward check"),
    }
}

fn line(finding: &Finding) -> String {
    let place = match finding.line {
        Some(line) => format!("{}:{line}", finding.origin),
        None => finding.origin.to_string(),
    };
    format!("{place}: {} [{}]", wording::what(finding), finding.check.id)
}
