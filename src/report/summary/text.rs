//! The screen: the most severe repositories, what was not examined, and how many there are of everything. As long for two
//! thousand repositories as for twenty.

use std::cmp::Reverse;
use std::io::{self, Write};

use crate::finding::Severity;
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::ProblemKind;
use crate::report::next_step;
use crate::report::wording::count;
use crate::shell::for_shell;
use crate::summary::{Counts, Line, OfKind, Summary};
use crate::terminal::{Ink, Style};
use crate::text::{sanitize, wrap};

/// So many repositories are on the screen.
const SHOWN: usize = 6;
/// So many kinds of problems, and inputs that could not be read.
const SHOWN_PROBLEMS: usize = 4;

/// Writes it; with `all`, everything that the summary keeps.
///
/// # Errors
/// Those of `out`.
pub fn write(summary: &Summary, all: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (lines, problems) = if all { (usize::MAX, usize::MAX) } else { (SHOWN, SHOWN_PROBLEMS) };
    for section in [repositories(summary, lines, style), not_examined(summary, problems, style)] {
        if !section.is_empty() {
            writeln!(out, "{section}")?;
        }
    }
    let (text, ink) = closing(summary);
    wrap(&text, style.width).iter().try_for_each(|line| writeln!(out, "{}", style.set(ink, line)))?;
    wrap(&examined(summary), style.width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    match summary.lines().find_map(command) {
        Some(command) => writeln!(out, "-> see one: {command}"),
        None => Ok(()),
    }
}

/// The most severe ones, each with its first finding.
fn repositories(summary: &Summary, most: usize, style: Style) -> String {
    let lines = || summary.lines().filter(|line| line.counts.all() > 0);
    let shown: Vec<&Line> = lines().take(most).collect();
    if shown.is_empty() {
        return String::new();
    }
    let heading = if summary.only_new { "new findings, the most severe first" } else { "most severe repositories" };
    let text = format!("{}\n", style.set(Ink::Bold, heading));
    let text = shown.iter().fold(text, |text, line| text + &entry(line, style));
    let more = (summary.with_findings).saturating_sub(shown.len() as u64);
    match more {
        0 => text,
        // More than are kept.
        more if shown.len() == lines().count() => text + &format!("  and {}\n", repositories_with(more)),
        more => text + &format!("  and {} (--all lists them)\n", repositories_with(more)),
    }
}

fn repositories_with(more: u64) -> String {
    count(more, "more repository with findings", "more repositories with findings")
}

fn entry(line: &Line, style: Style) -> String {
    let counts = counts(&line.counts).join(", ");
    let name = sanitize(line.name.as_bytes());
    let room = style.width.saturating_sub(4 + counts.chars().count());
    let first = format!("  {}: {counts}\n", style.set(Ink::Bold, &cut_in_the_middle(&name, room)));
    let Some(reason) = &line.reason else { return first };
    let path = reason.path.as_ref().map(|path| format!("{}: ", sanitize(path.as_bytes()))).unwrap_or_default();
    let text = format!("{path}{}", sanitize(reason.title.as_bytes()));
    first + &format!("    {}\n", style.set(ink(reason.severity), &cut(&text, style.width.saturating_sub(4))))
}

fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Critical | Severity::Error => Ink::Red,
        Severity::Warning => Ink::Magenta,
        Severity::Note => Ink::Plain,
    }
}

/// What could not be examined: each input that could not be read, then the problems of the reports by kind.
fn not_examined(summary: &Summary, most: usize, style: Style) -> String {
    let mut kinds: Vec<(&String, &OfKind)> = summary.problems.iter().collect();
    kinds.sort_by_key(|(kind, of)| (Reverse(of.reports), Reverse(of.count), *kind));
    if kinds.is_empty() && summary.unread.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", style.set(Ink::Bold, "not examined"));
    for (at, problem) in summary.unread.iter().enumerate().take(most) {
        let lines = wrap(&problem.to_string(), style.width - 2);
        text = lines.iter().fold(text, |text, line| text + &format!("  {line}\n"));
        if summary.unread.get(at + 1).filter(|_| at + 1 < most).is_none_or(|next| next.kind != problem.kind) {
            text += &advice(problem.kind.help(), style);
        }
    }
    let unread = summary.unread_count.saturating_sub(summary.unread.len().min(most) as u64);
    if unread > 0 {
        text +=
            &format!("  and {}\n", count(unread, "more input that cannot be read", "more inputs that cannot be read"));
    }
    for (kind, of) in kinds.iter().take(most) {
        let known = ProblemKind::from_word(kind);
        let first = format!("{} in {}", sanitize(kind.as_bytes()), count(of.reports, "place", "places"));
        let room = style.width.saturating_sub(first.chars().count() + 4);
        text += &format!("  {first}: {}\n", cut_in_the_middle(&sanitize(of.first.as_bytes()), room));
        text += &known.map(|kind| advice(kind.help(), style)).unwrap_or_default();
    }
    match kinds.len().saturating_sub(most) {
        0 => text,
        more => {
            text + &format!("  and {} (--all)\n", count(more as u64, "more kind of problem", "more kinds of problems"))
        }
    }
}

fn advice(help: &str, style: Style) -> String {
    next_step::lines(help, style.width - 4).iter().fold(String::new(), |text, line| text + &format!("    {line}\n"))
}

/// How many findings there are.
pub(in crate::report) fn found(summary: &Summary) -> String {
    let new = if summary.only_new { "new: " } else { "" };
    let found = counts(&summary.counts).join(", ");
    let repositories = count(summary.with_findings, "repository", "repositories");
    match (found.is_empty(), summary.only_new) {
        (false, _) => format!("{new}{found} in {repositories}"),
        (true, true) => "no new finding".to_owned(),
        (true, false) => "no finding".to_owned(),
    }
}

/// What all of it comes to, and in which colour that is said.
pub(in crate::report) fn closing(summary: &Summary) -> (String, Ink) {
    let found = found(summary);
    let incomplete = summary.repositories.incomplete;
    match summary.status() {
        Status::Incomplete if incomplete > 0 => {
            let all = count(incomplete, "repository", "repositories");
            (format!("incomplete: {all} could not be wholly examined; {found}"), Ink::Red)
        }
        Status::Incomplete => (format!("incomplete: not everything could be examined; {found}"), Ink::Red),
        Status::Clean if summary.counts.all() == 0 && !summary.only_new => ("clean".to_owned(), Ink::Bold),
        Status::Clean | Status::Findings => (found, Ink::Bold),
    }
}

/// How much there was.
pub(in crate::report) fn examined(summary: &Summary) -> String {
    let sums = &summary.sums;
    let other = [
        (sums.examined.commits, "commit", "commits"),
        (sums.examined.env_files, "env file", "env files"),
        (sums.hidden, "finding ignored", "findings ignored"),
        (sums.accepted, "problem accepted", "problems accepted"),
        (sums.not_shown, "finding below --min-severity", "findings below --min-severity"),
    ];
    let other =
        other.into_iter().filter(|(number, ..)| *number > 0).map(|(number, one, many)| count(number, one, many));
    let all = std::iter::once(count(summary.repositories.all(), "repository", "repositories")).chain(other);
    let days = match summary.days {
        Some((first, last)) if first != last => format!("; reports from {first} to {last}"),
        _ => String::new(),
    };
    format!("examined {}{days}", all.collect::<Vec<_>>().join(", "))
}

/// The command that shows a repository.
pub(in crate::report) fn command(line: &Line) -> Option<String> {
    let command = match line.command.as_deref()? {
        known @ ("check" | "preflight" | "scan") => known,
        _ => "scan",
    };
    Some(format!("envward {command} {}", for_shell(&RelPath::from(line.name.as_str()))))
}

fn counts(counts: &Counts) -> Vec<String> {
    let all = [
        (counts.critical, "critical", "critical"),
        (counts.error, "error", "errors"),
        (counts.warning, "warning", "warnings"),
        (counts.note, "note", "notes"),
    ];
    all.into_iter().filter(|(number, ..)| *number > 0).map(|(number, one, many)| count(number, one, many)).collect()
}

/// The beginning of a text that is too long.
fn cut(text: &str, width: usize) -> String {
    match text.chars().count() > width {
        true => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// Both ends of a name that is too long: repositories in one directory differ at the end.
fn cut_in_the_middle(name: &str, width: usize) -> String {
    let length = name.chars().count();
    if length <= width {
        return name.to_owned();
    }
    let (before, after) = (width / 3, width.saturating_sub(width / 3 + 1));
    let end = name.chars().skip(length - after.min(length));
    name.chars().take(before).chain(['…']).chain(end).collect()
}
