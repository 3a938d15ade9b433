//! For the hooks: what was stopped, why, and how to get on, in at most twelve lines; silent where there is nothing to
//! say.

use std::collections::HashSet;
use std::io::{self, Write};

use super::{next_step, wording};
use crate::checks::git::{env_file_staged, env_file_tracked, live_value_elsewhere};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::policy::{Report, Status};
use crate::problem::{Problem, ProblemKind};
use crate::project::is_compose_file;
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// More findings than these are counted.
const SHOWN: usize = 4;
/// The lines of the whole screen.
const LINES: usize = 12;

/// What a hook is about.
pub struct About {
    /// What is stopped, as the first line says.
    stopped: &'static str,
    /// The command that shows all.
    all: &'static str,
    /// What to do with an ignore that is added where it was intended.
    then: &'static str,
}

/// A commit.
pub const COMMIT: About =
    About { stopped: "the commit was stopped", all: "envward scan --staged --all", then: "and stage envward.toml" };

/// A push.
pub const PUSH: About =
    About { stopped: "the push was stopped", all: "envward scan --all", then: "and commit envward.toml" };

/// A push, on the server. It obeys the ignores that it has already.
pub const RECEIVE: About = About {
    stopped: "the push was refused",
    all: "envward scan --all",
    then: "in the HEAD of the server's repository",
};

/// What to type next, where the change at hand says more than its kind does.
#[derive(Debug, Default)]
pub struct Next {
    /// The command that shows all.
    pub all: Option<String>,
    /// What to do about the first commit with a finding, step by step. Its findings then need no advice of their own.
    pub steps: Vec<String>,
}

/// Writes that git's command was stopped: the first line.
///
/// # Errors
/// Those of `out`.
pub fn stopped(about: &About, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", style.set(Ink::Red, &format!("envward: {}", about.stopped)))
}

/// Writes the report: at most twelve lines. `aside` is what could not be examined and stops nothing.
///
/// # Errors
/// Those of `out`.
pub fn write(
    report: &Report,
    aside: &[Problem],
    about: &About,
    next: &Next,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if report.status == Status::Clean {
        return reminders(report, aside, style, out);
    }
    stopped(about, style, out)?;
    let problems = report.problems.iter().map(|problem| entry(&problem.to_string(), problem.kind.help(), style));
    let stops = stops(report);
    let findings = stops.iter().map(|finding| match next.steps.is_empty() || !is_in_a_commit(finding) {
        true => entry(&line(finding), &wording::help(finding), style),
        false => wrap(&line(finding), style.width - 2),
    });
    let entries: Vec<Vec<String>> = problems.chain(findings).take(SHOWN).collect();
    let steps = steps(&next.steps, style);
    let mut way = stops.first().map(|first| way_out(first, about, style)).unwrap_or_default();
    let count = report.problems.len() + stops.len();
    let more = |more: usize| {
        let text = format!("and {more} more: {}", next.all.as_deref().unwrap_or(about.all));
        next_step::unbroken(&text, style.width - 2)
    };
    // Beside the first line and the count.
    let mut room = LINES.saturating_sub(steps.len() + 1 + more(count).len());
    // To take a secret out is more than to leave it in.
    if !steps.is_empty() && way.len() + entries.first().map_or(0, Vec::len) > room {
        way.clear();
    }
    room = room.saturating_sub(way.len());
    let mut shown = 0;
    for lines in entries {
        // The first one is shown whatever its length.
        if shown > 0 && lines.len() > room {
            break;
        }
        room = room.saturating_sub(lines.len());
        shown += 1;
        lines.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    let more = if count > shown { more(count - shown) } else { Vec::new() };
    more.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    steps.iter().chain(&way).try_for_each(|line| writeln!(out, "  {line}"))
}

/// The steps that take a secret out of a commit.
fn steps(steps: &[String], style: Style) -> Vec<String> {
    if steps.is_empty() {
        return Vec::new();
    }
    let width = style.width - 2;
    let lines = steps.iter().flat_map(|step| next_step::lines(step, width));
    wrap("A new commit is not enough. Type, and push again:", width).into_iter().chain(lines).collect()
}

/// Whether a finding is about a commit that a new one does not change.
fn is_in_a_commit(finding: &Finding) -> bool {
    matches!(finding.get("commit"), Some(Fact::Commit(_))) || finding.help == live_value_elsewhere::AMEND
}

/// How to get on where it was intended.
fn way_out(first: &Finding, about: &About, style: Style) -> Vec<String> {
    let (check, then) = (first.check.id, about.then);
    let kept = "The command takes the file out of the commit; the file stays on disk. Then stage the new line: git add .gitignore";
    let kept = Some(kept).filter(|_| !is_in_a_commit(first) && wording::help(first).starts_with("git rm --cached"));
    let way = format!("If this is intended: add an [[ignore]] for {check}, with a reason, to envward.toml {then}");
    kept.into_iter().chain([way.as_str()]).flat_map(|text| wrap(text, style.width - 2)).collect()
}

/// What stops it, the most severe first.
#[must_use]
pub fn stops(report: &Report) -> Vec<&Finding> {
    let mut stops: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.severity >= report.fail_on).collect();
    // Of an env file that must not be there at all, the values in it need no lines of their own.
    let whole: HashSet<Origin> =
        stops.iter().filter(|stop| stop.is_of(&env_file_staged::CHECK)).map(|stop| stop.origin.clone()).collect();
    stops.retain(|stop| !stop.is_of(&live_value_elsewhere::CHECK) || !whole.contains(&stop.origin));
    stops
}

/// What is wrong, and below it what to do.
fn entry(what: &str, help: &str, style: Style) -> Vec<String> {
    let width = style.width - 2;
    wrap(what, width).into_iter().chain(next_step::lines(help, width)).collect()
}

/// Whether it is about a compose file, which has no values of its own.
fn names_env_files(problem: &Problem) -> bool {
    problem.path.as_ref().is_some_and(|path| is_compose_file(path.file_name()))
}

/// What stops nothing: two lines each, and one for all env files that git tracks. A reminder, not a wall.
fn reminders(report: &Report, aside: &[Problem], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (notes, warnings): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| finding.severity == Severity::Note);
    for finding in warnings.iter().take(SHOWN) {
        wrap(&format!("envward: {}", line(finding)), style.width)
            .iter()
            .try_for_each(|line| writeln!(out, "{line}"))?;
        let help = next_step::lines(&wording::help(finding), style.width - 2);
        help.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    for problem in aside.iter().take(SHOWN) {
        let unsaid = match problem.kind {
            ProblemKind::BrokenCompose | ProblemKind::BrokenDockerfile => "it was not examined for secrets",
            _ if names_env_files(problem) => {
                "this change was not searched for the values of the env files that it names"
            }
            _ => "this change was not searched for its values",
        };
        let text = format!("envward: {problem}: {unsaid}");
        wrap(&text, style.width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    let tracked: Vec<&&Finding> = notes.iter().filter(|finding| finding.is_of(&env_file_tracked::CHECK)).collect();
    if let Some(first) = tracked.first() {
        let others = match tracked.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let all = if tracked.len() > 1 { ". To see all: envward check --all" } else { "" };
        let text = format!("envward: git tracks {}{others}, unchanged here [{}]{all}", first.origin, first.check.id);
        wrap(&text, style.width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    match warnings.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "envward: and {more} more: envward check --all"),
    }
}

fn line(finding: &Finding) -> String {
    let place = match finding.line {
        Some(line) => format!("{}:{line}", finding.origin),
        None => finding.origin.to_string(),
    };
    format!("{place}: {} [{}]", wording::what(finding), finding.check.id)
}
