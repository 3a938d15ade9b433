//! The last lines of a report: what was found, what is not shown, and what was examined.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::exposed::{self, Exposed};
use crate::finding::{Finding, Severity};
use crate::policy::{Report, Status};
use crate::report::wording::count;
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// Writes them.
pub(super) fn write(report: &Report, exposed: &Exposed<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (line, ink) = summary(report, exposed);
    let excused = excused(report);
    let excused = if excused.is_empty() { String::new() } else { format!(" ({})", excused.join(", ")) };
    wrap(&(line + &excused), style.width).iter().try_for_each(|line| writeln!(out, "{}", style.set(ink, line)))?;
    if let Some(text) = not_shown(report) {
        wrap(&text, style.width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    let seen = format!("examined {}", examined(report));
    wrap(&seen, style.width).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// How many findings `--min-severity` leaves out.
pub(in crate::report) fn not_shown(report: &Report) -> Option<String> {
    let below = report.below.as_ref()?;
    let counts = counts(&|severity| below.count(severity) as u64);
    Some(format!("{} not shown (--min-severity)", counts.join(", ")))
}

/// What was found, and in which colour that is said.
pub(in crate::report) fn summary(report: &Report, exposed: &Exposed<'_>) -> (String, Ink) {
    let (found, seen) = (found(report, exposed), examined(report));
    match (report.status, &report.below) {
        (Status::Incomplete, _) => {
            let count = count(report.problems.len() as u64, "thing", "things");
            (format!("incomplete: {count} could not be examined; {found}"), Ink::Red)
        }
        (Status::Findings, _) => (found_in_words(report, exposed), Ink::Bold),
        _ if !report.findings.is_empty() => (found, Ink::Bold),
        (_, Some(_)) => (found, Ink::Bold),
        _ if seen == NOTHING => ("nothing to examine".to_owned(), Ink::Magenta),
        _ if has_no_env_file(report) => ("clean: no env file".to_owned(), Ink::Bold),
        _ => ("clean".to_owned(), Ink::Bold),
    }
}

/// Whether there was no env file whose values could have been found.
fn has_no_env_file(report: &Report) -> bool {
    let examined = &report.examined;
    examined.env_files + examined.main_env_files + examined.containers == 0
}

/// How many findings there are of each severity, and what that means for a deployment.
pub(in crate::report) fn found_in_words(report: &Report, exposed: &Exposed<'_>) -> String {
    let found = found(report, exposed);
    match report.status != Status::Clean && is_gate(report) {
        true => format!("not ready to deploy: {found}"),
        false => found,
    }
}

/// Whether it is asked before a deployment, and not about what runs already.
fn is_gate(report: &Report) -> bool {
    report.command == "preflight" && report.examined.containers == 0
}

/// What the configuration hides or accepts.
pub(in crate::report) fn excused(report: &Report) -> Vec<String> {
    let counts = [
        (report.hidden.len() as u64, "finding ignored", "findings ignored"),
        (report.accepted.len() as u64, "problem accepted", "problems accepted"),
        (report.examined.declared_harmless, "key set to not-secret", "keys set to not-secret"),
    ];
    counts.into_iter().filter(|(number, ..)| *number > 0).map(|(number, one, many)| count(number, one, many)).collect()
}

/// How many findings have a severity: an exposed secret counts once, wherever it is.
pub(in crate::report) fn number(report: &Report, exposed: &Exposed<'_>, severity: Severity) -> usize {
    match severity {
        Severity::Critical => {
            let is_other = |one: &&Finding| one.severity == severity && !exposed::is_told(one);
            exposed.count() + report.findings.iter().filter(is_other).count()
        }
        _ => report.findings.iter().filter(|one| one.severity == severity).count(),
    }
}

/// `1 critical, 80 errors in 40 files`.
fn found(report: &Report, exposed: &Exposed<'_>) -> String {
    let counts = counts(&|severity| number(report, exposed, severity) as u64);
    let files = report.findings.iter().filter(|one| !one.origin.has_no_path() && !one.origin.path().is_root());
    let files = files.map(Finding::path).collect::<BTreeSet<_>>().len();
    match (&report.below, counts.is_empty()) {
        (Some(below), true) => format!("no finding of severity {} or above", below.least.word()),
        (None, true) => "nothing found in the rest".into(),
        (_, false) if files > 1 => format!("{} in {files} files", counts.join(", ")),
        (_, false) => counts.join(", "),
    }
}

/// `3 errors`, `1 note`: what there is of each severity.
fn counts(of: &dyn Fn(Severity) -> u64) -> Vec<String> {
    let counts = [
        (of(Severity::Critical), "critical", "critical"),
        (of(Severity::Error), "error", "errors"),
        (of(Severity::Warning), "warning", "warnings"),
        (of(Severity::Note), "note", "notes"),
    ];
    counts.into_iter().filter(|(number, ..)| *number > 0).map(|(number, one, many)| count(number, one, many)).collect()
}

/// What was examined where there is nothing.
pub(in crate::report) const NOTHING: &str = "nothing";

pub(in crate::report) fn examined(report: &Report) -> String {
    let examined = &report.examined;
    let counts = [
        (examined.env_files, "env file", "env files"),
        (examined.main_env_files, "env file of the main work tree", "env files of the main work tree"),
        (examined.files, "file", "files"),
        (examined.index_entries, "index entry", "index entries"),
        (examined.commits, "commit", "commits"),
        (examined.containers, "container", "containers"),
        (examined.processes, "process", "processes"),
        (examined.bytes >> 20, "MiB", "MiB"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(number, one, many))
        .collect();
    if counts.is_empty() { NOTHING.into() } else { counts.join(", ") }
}
