//! The page of `check`, `scan`, `trace` and `preflight`.

use std::io::{self, Write};

use super::markup::{Html, class};
use super::page::{Count, Sections, Subject, Tone, Verdict, page};
use super::{calendar, exposed, findings, problems, readers, timeline};
use crate::finding::Severity;
use crate::policy::{Report, Status};
use crate::report::text::closing;
use crate::report::text::exposed::{Exposed, headline};
use crate::report::wording;

/// Writes the page of a report, masked already; `root` is the project's. With `all`, what is alike in many files is not
/// one entry.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, root: &str, all: bool, out: &mut dyn Write) -> io::Result<()> {
    let exposed = Exposed::of(&report.findings);
    let subject = Subject { command: report.command, place: root, day: report.as_of };
    let mut sections = Sections::default();
    problems::section(&report.problems.iter().collect::<Vec<_>>(), &mut sections);
    exposed::section(&exposed, &mut sections);
    timeline::section(report, &exposed, &mut sections);
    calendar::of_findings(report, &mut sections);
    findings::section(report, &exposed, all, &mut sections);
    readers::section(report, &mut sections);
    problems::excused(report, &mut sections);
    sections.add("what was examined", |html| examined(report, html));
    let page = page(&subject, &verdict(report, &exposed), |html| lead(report, &exposed, html), &sections);
    out.write_all(page.as_bytes())
}

fn verdict(report: &Report, exposed: &Exposed<'_>) -> Verdict {
    let is_incomplete = report.status == Status::Incomplete;
    let worst = report.findings.iter().map(|finding| finding.severity).max();
    let (line, _) = closing::summary(report, exposed);
    let (tone, word, line) = match worst {
        _ if exposed.count() > 0 => (Tone::Critical, "critical", headline(exposed.count())),
        Some(worst) if worst > Severity::Note || !is_incomplete => {
            (worst.into(), worst.word(), closing::found_in_words(report, exposed))
        }
        _ if is_incomplete => (Tone::Incomplete, "incomplete", line),
        _ if report.below.is_some() || closing::examined(report) == closing::NOTHING => (Tone::Note, "note", line),
        _ if line == "clean" || report.only_new => (Tone::Clean, "clean", "no finding".to_owned()),
        _ => (Tone::Clean, "clean", line),
    };
    let gap = problems::gap(report.problems.len()).filter(|_| tone != Tone::Incomplete);
    // The word is in front of the line already.
    let line =
        ["incomplete: ", "clean: "].iter().find_map(|word| line.strip_prefix(word)).map(str::to_owned).unwrap_or(line);
    // What was there before is not told, and may be worse.
    let line = if report.only_new { format!("new since the last complete scan: {line}") } else { line };
    Verdict { tone, word, line, gap, counts: counts(report, exposed) }
}

fn counts(report: &Report, exposed: &Exposed<'_>) -> Vec<Count> {
    let severities = [
        (Severity::Critical, "critical", "critical"),
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Note, "note", "notes"),
    ];
    let of = |number: usize, one: &'static str, many: &'static str| if number == 1 { one } else { many };
    let mut counts: Vec<Count> = severities
        .into_iter()
        .map(|(severity, one, many)| {
            let number = closing::number(report, exposed, severity);
            Count { tone: severity.into(), number, word: of(number, one, many) }
        })
        .collect();
    counts.push(Count { tone: Tone::Incomplete, number: report.problems.len(), word: "not examined" });
    let hidden = report.hidden.len() + report.accepted.len();
    if hidden > 0 {
        counts.push(Count { tone: Tone::Note, number: hidden, word: "ignored" });
    }
    counts
}

/// What is worst, in words: the page says it before anything is scrolled.
fn lead(report: &Report, exposed: &Exposed<'_>, html: &mut Html<'_>) {
    if exposed.count() > 0 {
        let lines: Vec<String> = exposed.lines().take(SHOWN).collect();
        html.element("ul", &[class("lead")], |html| lines.iter().for_each(|line| html.line("li", &[], line)));
        let more = exposed.entries().len().saturating_sub(SHOWN);
        if more > 0 {
            html.line("p", &[class("lead")], &format!("and {more} more below"));
        }
        return;
    }
    let worst = report.findings.first().filter(|finding| finding.severity > Severity::Note);
    if let Some(worst) = worst {
        html.line("p", &[class("lead")], &format!("most severe: {}: {}", worst.place(), wording::what(worst)));
    }
}

/// More lines of exposed secrets are below.
const SHOWN: usize = 3;

fn examined(report: &Report, html: &mut Html<'_>) {
    html.line("p", &[], &closing::examined(report));
    let excused = closing::excused(report);
    if !excused.is_empty() {
        html.line("p", &[], &excused.join(", "));
    }
    if let Some(text) = closing::not_shown(report) {
        html.line("p", &[], &text);
    }
}
