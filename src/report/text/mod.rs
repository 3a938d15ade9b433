//! For people: the exposed secrets first, then the findings by file, the most severe first; one line what, one line what to
//! do.

pub(super) mod closing;
pub(super) mod details;
mod entry;
pub(super) mod exposed;
pub(super) mod groups;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use self::exposed::Exposed;
use self::groups::Section;
use super::{next_step, wording};
use crate::finding::{ExposedKey, Finding, Severity};
use crate::policy::Report;
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// What of a report is shown otherwise than by its gravity.
pub struct Fold<'a> {
    /// Whether every finding is shown, also those that say the same of many files.
    pub all: bool,
    /// Findings that are one line for each file.
    pub away: &'a dyn Fn(&Finding) -> bool,
    /// Findings that come first among those of equal gravity.
    pub first: &'a dyn Fn(&Finding) -> bool,
    /// Whether the advice of `scan --advice` follows the report.
    pub has_advice: bool,
}

impl Fold<'_> {
    /// Nothing folded; with `all`, nothing grouped.
    #[must_use]
    pub fn none(all: bool) -> Self {
        Self { all, away: &|_| false, first: &|_| true, has_advice: false }
    }
}

/// Writes the report; `root` is the project's, where one does not stand in it.
///
/// # Errors
/// Those of `out`.
pub fn write(
    report: &Report,
    fold: &Fold<'_>,
    root: Option<&str>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if let Some(root) = root.filter(|_| !report.findings.is_empty()) {
        wrap(&format!("paths and commands are for {root}"), style.width)
            .iter()
            .try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out)?;
    }
    let exposed = Exposed::of(&report.findings);
    exposed.write(fold, style, out)?;
    let rest = report.findings.iter().filter(|finding| fold.all || !exposed::is_told(finding));
    let rest: Vec<&Finding> = rest.collect();
    let is_alone = |finding: &Finding| fold.all || (fold.away)(finding);
    let page = Page { fold, exposed: &exposed, command: report.command, style };
    for section in groups::sections(&rest, &is_alone) {
        page.section(&section, out)?;
        writeln!(out)?;
    }
    problems(report, style, out)?;
    closing::write(report, &exposed, style, out)
}

/// What was found in one line, and each exposed secret in a line.
pub(super) fn summary(report: &Report, style: Style) -> (String, Vec<String>) {
    let exposed = Exposed::of(&report.findings);
    let (line, ink) = closing::summary(report, &exposed);
    (style.set(ink, &line), exposed.lines().collect())
}

/// What all sections of a report need.
struct Page<'a> {
    fold: &'a Fold<'a>,
    exposed: &'a Exposed<'a>,
    command: &'static str,
    style: Style,
}

impl Page<'_> {
    fn section(&self, section: &Section<'_>, out: &mut dyn Write) -> io::Result<()> {
        section.heading(self.style, out)?;
        if section.is_group() {
            // Keys of which the same is said in all these files are one entry.
            let firsts: Vec<&Finding> = section.findings.iter().filter_map(|group| group.first()).copied().collect();
            return merged(&firsts).iter().try_for_each(|entry| self.group(entry, &section.findings, out));
        }
        let findings = section.findings.iter().flatten().copied();
        let (folded, mut findings): (Vec<&Finding>, Vec<&Finding>) = findings.partition(|one| (self.fold.away)(one));
        findings.sort_by_key(|one| (Reverse(one.severity), !(self.fold.first)(one)));
        let entries = merged(&findings);
        for (index, entry) in entries.iter().enumerate() {
            self.entry(entry, entries.get(index + 1).map(Vec::as_slice), out)?;
        }
        write_folded_line(&folded, self.style, out)
    }

    fn entry(&self, entry: &[&Finding], next: Option<&[&Finding]>, out: &mut dyn Write) -> io::Result<()> {
        let Some(first) = entry.first() else { return Ok(()) };
        let place = match (entry, first.line) {
            ([_], Some(line)) => format!(" (line {line})"),
            _ => String::new(),
        };
        let text = format!("{}{place} [{}]", wording::what_of_keys(entry), first.check.id);
        entry::first_lines(first.severity, &text, self.style, out)?;
        let details = details::of(first, &|key| self.is_told(first, key));
        details.iter().try_for_each(|detail| entry::detail(detail, self.style, out))?;
        // Said once where the next entry's advice is the same, and not at all where there is nothing to do.
        let help = wording::help_of_keys(entry);
        if first.severity == Severity::Note || next.is_some_and(|next| wording::help_of_keys(next) == help) {
            return Ok(());
        }
        match commands(entry).as_slice() {
            [] => entry::advice(&help, self.style, out),
            commands => commands.iter().try_for_each(|command| entry::line(&format!("-> {command}"), out)),
        }
    }

    /// Whether the first lines name this key of a file already.
    fn is_told(&self, finding: &Finding, key: &ExposedKey) -> bool {
        !self.fold.all && self.exposed.tells(&finding.place(), key.key.as_ref())
    }

    /// What is said of many files: what all of them have in common, and the advice once.
    fn group(&self, entry: &[&Finding], groups: &[Vec<&Finding>], out: &mut dyn Write) -> io::Result<()> {
        let Some(first) = entry.first() else { return Ok(()) };
        let text = format!("{} [{}]", wording::what_of_keys(entry), first.check.id);
        entry::first_lines(first.severity, &text, self.style, out)?;
        let all = groups.iter().find(|group| group.first().is_some_and(|one| std::ptr::eq(*one, *first)));
        let known = |finding: &Finding| details::of(finding, &|key| self.is_told(finding, key));
        let others: Vec<Vec<String>> = all.into_iter().flatten().map(|finding| known(finding)).collect();
        let common = known(first).into_iter().filter(|line| others.iter().all(|all| all.contains(line)));
        common.into_iter().try_for_each(|detail| entry::detail(&detail, self.style, out))?;
        if first.severity == Severity::Note {
            return Ok(());
        }
        entry::advice(&groups::help(first, self.command), self.style, out)
    }
}

/// The commands of an entry where each key has one of its own.
pub(super) fn commands(entry: &[&Finding]) -> Vec<String> {
    let mut helps: Vec<String> = entry.iter().map(|one| wording::help(one)).collect();
    helps.dedup();
    let commands = helps.iter().map(|help| next_step::command(help).map(str::to_owned)).collect::<Option<Vec<_>>>();
    commands.filter(|commands| commands.len() > 1).unwrap_or_default()
}

/// Findings that differ in key and line alone are one entry.
pub(super) fn merged<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let mut entries: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let alike = |entry: &&mut Vec<&Finding>| entry.first().is_some_and(|first| are_alike(first, finding));
        match entries.iter_mut().find(alike) {
            Some(entry) => entry.push(finding),
            None => entries.push(vec![finding]),
        }
    }
    entries
}

fn are_alike(one: &Finding, other: &Finding) -> bool {
    one.check.id == other.check.id
        && one.severity == other.severity
        && (one.what, one.help, one.then) == (other.what, other.help, other.then)
        && has_same_facts(one, other)
        && one.what.contains("{key}")
        && one.origin.word() == other.origin.word()
}

/// Where in one file each key is is shown for one key alone, unless there is a command for its line.
fn has_same_facts(one: &Finding, other: &Finding) -> bool {
    let is_by_line = one.then.is_some_and(|then| then.contains("{line}"));
    let facts = |finding: &'_ Finding| {
        let facts = finding.facts.clone().into_iter();
        facts.filter(|(name, _)| is_by_line || *name != "offset").collect::<Vec<_>>()
    };
    one.facts == other.facts || facts(one) == facts(other)
}

/// What is folded: how often each check warns or worse, the most severe and most frequent first, and how many notes there are.
fn write_folded_line(folded: &[&Finding], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(severity) = folded.iter().map(|finding| finding.severity).max() else { return Ok(()) };
    let (notes, grave): (Vec<&Finding>, Vec<&Finding>) =
        folded.iter().partition(|finding| finding.severity == Severity::Note);
    let mut counts: BTreeMap<&str, (Severity, usize)> = BTreeMap::new();
    for finding in grave {
        let count = counts.entry(finding.check.id).or_insert((finding.severity, 0));
        *count = (count.0.max(finding.severity), count.1 + 1);
    }
    let mut counts: Vec<(&str, Severity, usize)> =
        counts.into_iter().map(|(id, (worst, count))| (id, worst, count)).collect();
    counts.sort_by_key(|(id, worst, count)| (Reverse(*worst), Reverse(*count), *id));
    let counts = counts.iter().map(|(id, _, count)| format!("{id} {count}"));
    let notes = (!notes.is_empty()).then(|| wording::count(notes.len() as u64, "note", "notes"));
    let parts: Vec<String> = counts.chain(notes).collect();
    let text = format!("hardening: {} (--all shows each)", parts.join(", "));
    entry::first_lines(severity, &text, style, out)
}

fn problems(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if report.problems.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", style.set(Ink::Bold, "not examined"))?;
    for (index, problem) in report.problems.iter().enumerate() {
        let lines = wrap(&problem.to_string(), style.width - 2);
        lines.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
        let next = report.problems.get(index + 1);
        if next.is_none_or(|next| next.kind != problem.kind) {
            entry::advice(problem.kind.help(), style, out)?;
        }
    }
    writeln!(out)
}
