//! The deployment checklists, each line with what is known of it.

use std::io::{self, Write};

use super::wording;
use crate::finding::{Finding, Severity};
use crate::policy::{Report, Status};
use crate::preflight::{Answer, State};
use crate::terminal::{Ink, Style};
use crate::text::{sanitize, wrap};

/// A checklist, answered.
#[derive(Debug)]
pub struct Answered {
    /// Its heading.
    pub title: &'static str,
    /// Its lines, and what is known of each.
    pub lines: Vec<Answer>,
}

/// For a terminal; with `all`, what each line rests on.
///
/// # Errors
/// Those of `out`.
pub fn text(lists: &[Answered], report: &Report, all: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
    const INDENT: usize = 12;
    for list in lists {
        writeln!(out, "{}", style.set(Ink::Bold, list.title))?;
        for answer in &list.lines {
            let state = &answer.state;
            let text = format!("{}{}", answer.line.text.replace('`', ""), detail(state));
            let ground = if all { ground(answer) } else { Vec::new() };
            let texts = [text].into_iter().chain(ground.into_iter().map(|(what, names)| format!("{what}: {names}")));
            let rows: Vec<String> = texts.flat_map(|text| wrap(&text, style.width - INDENT)).collect();
            let mut rows = rows.into_iter();
            let word = style.set(ink(state), &format!("{:8}", state.word()));
            writeln!(out, "  {word}  {}", rows.next().unwrap_or_default())?;
            rows.try_for_each(|row| writeln!(out, "{:INDENT$}{row}", ""))?;
        }
        writeln!(out)?;
    }
    closing(lists, report).iter().flat_map(|line| wrap(line, style.width)).try_for_each(|line| writeln!(out, "{line}"))
}

/// For a document or a pull request; with `all`, what each line rests on.
///
/// # Errors
/// Those of `out`.
pub fn markdown(lists: &[Answered], report: &Report, all: bool, out: &mut dyn Write) -> io::Result<()> {
    for list in lists {
        writeln!(out, "### {}\n", list.title)?;
        for answer in &list.lines {
            let (line, state) = (&answer.line, &answer.state);
            let done = matches!(state, State::Pass(_) | State::Attested { .. });
            let mark = if done { 'x' } else { ' ' };
            let word = if matches!(state, State::Pass(_)) { String::new() } else { format!(" — {}", state.word()) };
            writeln!(out, "- [{mark}] {}{word}{}", line.text, escaped(&detail(state)))?;
            for (what, names) in if all { ground(answer) } else { Vec::new() } {
                writeln!(out, "  - {what}: {}", escaped(&names))?;
            }
        }
        writeln!(out)?;
    }
    closing(lists, report).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// What a person wrote is text here, too.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|letter| "\\`*_[]<>#|".contains(letter).then_some('\\').into_iter().chain([letter])).collect()
}

/// What an answer rests on: checks, files, and what somebody says.
fn ground(answer: &Answer) -> Vec<(&'static str, String)> {
    let checks = answer.line.checks().iter().map(|check| check.id).collect::<Vec<_>>().join(", ");
    let files: Vec<_> = answer.files.iter().map(|path| sanitize(path.as_bytes()).to_string()).collect();
    let attestation = answer.line.attestation.unwrap_or_default().to_owned();
    let all = [("checks", checks), ("files", files.join(", ")), ("attestation", attestation)];
    all.into_iter().filter(|(_, names)| !names.is_empty()).collect()
}

fn detail(state: &State) -> String {
    let count = |number: usize, one, many| wording::count(number as u64, one, many);
    match state {
        State::Fail(number) => format!(": {}", count(*number, "finding", "findings")),
        State::Pass(0) | State::NotSeen => String::new(),
        State::Pass(notes) => format!(" ({})", count(*notes, "note", "notes")),
        State::Attested { on, by } => format!(" ({on}, by {})", sanitize(by.as_bytes())),
        State::Stale(on) => format!(": attested on {on}, no longer valid"),
    }
}

fn ink(state: &State) -> Ink {
    match state {
        State::Pass(_) | State::Attested { .. } => Ink::Bold,
        State::Fail(_) => Ink::Red,
        State::Stale(_) => Ink::Magenta,
        State::NotSeen => Ink::Plain,
    }
}

fn closing(lists: &[Answered], report: &Report) -> Vec<String> {
    let states = || lists.iter().flat_map(|list| &list.lines).map(|answer| answer.state.word());
    let words = ["fail", "stale", "not seen", "attested", "pass"];
    let counts = words.iter().map(|word| (states().filter(|known| known == word).count(), *word));
    let counts: Vec<String> =
        counts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let mut lines = vec![counts.join(", ")];
    let rest = rest(lists, report);
    if !rest.is_empty() {
        lines.push(format!("not in these lists: {}: envward preflight shows them", rest.join(", ")));
    }
    if report.status == Status::Incomplete {
        let count = wording::count(report.problems.len() as u64, "thing", "things");
        lines.push(format!("incomplete: {count} could not be examined: envward preflight lists them"));
    }
    lines
}

/// What is wrong and makes no line fail, counted by severity.
fn rest(lists: &[Answered], report: &Report) -> Vec<String> {
    let is_told =
        |finding: &Finding| lists.iter().flat_map(|list| &list.lines).any(|answer| answer.line.fails_by(finding));
    let rest: Vec<&Finding> = report.findings.iter().filter(|finding| !is_told(finding)).collect();
    let severities = [
        (Severity::Critical, "critical finding", "critical findings"),
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
    ];
    let of = |severity| rest.iter().filter(|finding| finding.severity == severity).count() as u64;
    let counts = severities.iter().map(|(severity, one, many)| (of(*severity), one, many));
    counts.filter(|(count, ..)| *count > 0).map(|(count, one, many)| wording::count(count, one, many)).collect()
}
