//! The page of many reports put together: the most severe repositories first.

use std::io::{self, Write};

use jiff::civil::Date;

use super::advice::{advice, commands};
use super::markup::{Html, class, word};
use super::page::{Count, Sections, Subject, Tone, Verdict, badge, columns, page};
use crate::policy::Status;
use crate::problem::ProblemKind;
use crate::report::summary::text::{closing, command, examined, found};
use crate::report::wording::count;
use crate::summary::{Line, Summary};

/// Writes it; `day` is its day where no report has one.
///
/// # Errors
/// Those of `out`.
pub fn write(summary: &Summary, command: &str, day: Date, out: &mut dyn Write) -> io::Result<()> {
    let day = summary.days.map_or(day, |(_, newest)| newest);
    let subject = Subject { command, place: "", day };
    let mut sections = Sections::default();
    if summary.status() == Status::Incomplete {
        sections.add("not examined", |html| not_examined(summary, html));
    }
    if summary.lines().next().is_some() {
        sections.add("repositories", |html| repositories(summary, html));
    }
    sections.add("what was examined", |html| html.line("p", &[], &examined(summary)));
    out.write_all(page(&subject, &verdict(summary), |html| lead(summary, html), &sections).as_bytes())
}

fn verdict(summary: &Summary) -> Verdict {
    let is_incomplete = summary.status() == Status::Incomplete;
    let (text, _) = closing(summary);
    let (tone, word) = match summary.counts.highest() {
        Some(severity) => (severity.into(), severity.word()),
        None if is_incomplete => (Tone::Incomplete, "incomplete"),
        None => (Tone::Clean, "clean"),
    };
    let line = match text.as_str() {
        "clean" => "no finding".to_owned(),
        // What was not examined is below.
        _ if is_incomplete && tone != Tone::Incomplete => found(summary),
        text => text.strip_prefix("incomplete: ").unwrap_or(text).to_owned(),
    };
    let incomplete = summary.repositories.incomplete;
    let gap = match incomplete + summary.unread_count {
        0 => "not everything could be examined, so there may be more".to_owned(),
        number => {
            format!("{} not wholly examined, so there may be more", count(number, "report is", "reports are"))
        }
    };
    let gap = (is_incomplete && tone != Tone::Incomplete).then_some(gap);
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let counts = [
        (Tone::Critical, summary.counts.critical, "critical"),
        (Tone::Error, summary.counts.error, "errors"),
        (Tone::Warning, summary.counts.warning, "warnings"),
        (Tone::Note, summary.counts.note, "notes"),
        (Tone::Incomplete, incomplete + summary.unread_count, "not wholly examined"),
        (Tone::Clean, summary.repositories.clean, "are clean"),
    ];
    let counts = counts.into_iter().map(|(tone, value, word)| Count { tone, number: number(value), word }).collect();
    Verdict { tone, word, line, gap, counts }
}

/// The most severe repository, and why.
fn lead(summary: &Summary, html: &mut Html<'_>) {
    let Some(worst) = summary.lines().find(|line| line.counts.all() > 0) else { return };
    let why = worst.reason.as_ref().map(|reason| format!(": {}", reason.title)).unwrap_or_default();
    html.line("p", &[class("lead")], &format!("most severe: {}{why}", worst.name));
}

fn not_examined(summary: &Summary, html: &mut Html<'_>) {
    html.line("p", &[], "There may be more findings than this page shows, because these could not be examined.");
    for problem in &summary.unread {
        entry(&problem.to_string(), Some(problem.kind), html);
    }
    let more = summary.unread_count.saturating_sub(summary.unread.len() as u64);
    if more > 0 {
        let text = count(more, "more input that cannot be read", "more inputs that cannot be read");
        html.line("p", &[], &format!("and {text}"));
    }
    for (kind, of) in &summary.problems {
        let places = count(of.reports, "place", "places");
        entry(&format!("{kind} in {places}, such as {}", of.first), ProblemKind::from_word(kind), html);
    }
}

fn entry(what: &str, kind: Option<ProblemKind>, html: &mut Html<'_>) {
    html.element("article", &[class("incomplete")], |html| {
        html.element("p", &[class("what")], |html| {
            badge(Tone::Incomplete, "not examined", html);
            html.text(" ");
            html.line("span", &[], what);
        });
        kind.into_iter().for_each(|kind| advice(kind.help(), html));
    });
}

/// The columns beside the name.
const COLUMNS: [&str; 5] = ["critical", "errors", "warnings", "notes", "not examined"];

fn repositories(summary: &Summary, html: &mut Html<'_>) {
    html.element("table", &[class("repositories")], |html| {
        html.line(
            "caption",
            &[],
            "repositories that are not clean, the most severe first, each with its first finding",
        );
        columns(std::iter::once("repository").chain(COLUMNS), html);
        html.element("tbody", &[], |html| summary.lines().for_each(|line| row(line, html)));
    });
    let left = summary.left_out();
    if left > 0 {
        let more = count(left, "more repository is", "more repositories are");
        html.line("p", &[], &format!("{more} not clean, and not listed here"));
    }
}

fn row(line: &Line, html: &mut Html<'_>) {
    html.element("tr", &[], |html| {
        html.element("th", &[word("scope", "row")], |html| {
            html.element("span", &[class("name")], |html| html.line("code", &[], &line.name));
        });
        let counts = &line.counts;
        let numbers = [counts.critical, counts.error, counts.warning, counts.note, line.problems];
        for (name, number) in COLUMNS.into_iter().zip(numbers) {
            let is_none = if number == 0 { "number none" } else { "number" };
            html.line("td", &[word("data-of", name), class(is_none)], &number.to_string());
        }
    });
    html.element("tr", &[class("step")], |html| {
        html.element("td", &[word("colspan", "6")], |html| {
            match (&line.reason, &line.kind) {
                (Some(reason), _) => {
                    badge(reason.severity.into(), reason.severity.word(), html);
                    let path = reason.path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default();
                    html.line("span", &[], &format!(" {path}{} ", reason.title));
                    html.line("code", &[class("check")], &reason.check);
                }
                (None, Some(kind)) => {
                    badge(Tone::Incomplete, "not examined", html);
                    html.line("span", &[], &format!(" {kind}"));
                }
                (None, None) => {}
            }
            commands(&command(line).into_iter().collect::<Vec<_>>(), html);
        });
    });
}
