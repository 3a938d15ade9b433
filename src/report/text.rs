//! For people: grouped by file, the gravest first; one line what, one line what to do.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use super::wording;
use crate::check::Kind;
use crate::env::Key;
use crate::finding::{ExposedKey, Fact, Finding, KeyState, Severity};
use crate::policy::{Report, Status};
use crate::report::headline;
use crate::secret::strength::Strength;
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// Where the text of a finding starts: two blanks, the longest severity, two blanks.
const INDENT: usize = 12;

/// Writes the report; `root` is the project's, where one does not stand in it.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, root: Option<&str>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let plain = Fold { away: &|_| false, first: &|_| true };
    write_folded(report, &plain, root, style, out)
}

/// What of a report is shown otherwise than by its gravity.
pub struct Fold<'a> {
    /// Findings that are one line for each file.
    pub away: &'a dyn Fn(&Finding) -> bool,
    /// Findings that come first among those of equal gravity.
    pub first: &'a dyn Fn(&Finding) -> bool,
}

/// The same, folded.
///
/// # Errors
/// Those of `out`.
pub fn write_folded(
    report: &Report,
    fold: &Fold<'_>,
    root: Option<&str>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let leaks = headline::lines(report);
    for line in &leaks {
        wrap(line, style.width).iter().try_for_each(|line| writeln!(out, "{}", style.set(Ink::Red, line)))?;
    }
    if !leaks.is_empty() {
        writeln!(out)?;
    }
    if let Some(root) = root.filter(|_| !report.findings.is_empty()) {
        writeln!(out, "paths and commands are for {root}\n")?;
    }
    for (place, findings) in by_file(&report.findings) {
        heading(&place, findings.first().copied(), style, out)?;
        let (folded, mut findings): (Vec<&Finding>, Vec<&Finding>) =
            findings.into_iter().partition(|one| (fold.away)(one));
        findings.sort_by_key(|one| (Reverse(one.severity), !(fold.first)(one)));
        let entries = merged(&findings);
        for (index, entry) in entries.iter().enumerate() {
            write_entry(entry, entries.get(index + 1).map(Vec::as_slice), style, out)?;
        }
        write_folded_line(&folded, style, out)?;
        writeln!(out)?;
    }
    problems(report, style, out)?;
    closing(report, style, out)
}

/// The findings of each file, the file with the gravest first; they come sorted.
fn by_file(findings: &[Finding]) -> Vec<(String, Vec<&Finding>)> {
    let mut files: Vec<(String, Vec<&Finding>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        let name = finding.place();
        let place = *places.entry(name.clone()).or_insert(files.len());
        match files.get_mut(place) {
            Some((_, list)) => list.push(finding),
            None => files.push((name, vec![finding])),
        }
    }
    files
}

/// Findings that differ in key and line alone are one entry.
fn merged<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
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
        && (one.what, one.help) == (other.what, other.help)
        && one.facts == other.facts
        && one.what.contains("{key}")
        && one.origin.word() == other.origin.word()
}

fn heading(place: &str, first: Option<&Finding>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let name = match first.map(|finding| (finding.check.kinds, finding.path().is_root())) {
        Some(([Kind::Container], _)) => format!("container {place}"),
        Some(([Kind::Image | Kind::Scan], _)) => format!("image {place}"),
        Some(([Kind::Deployment], true)) => "the project".to_owned(),
        _ => place.to_owned(),
    };
    writeln!(out, "{}", style.set(Ink::Bold, &name))
}

fn write_entry(entry: &[&Finding], next: Option<&[&Finding]>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = entry.first() else { return Ok(()) };
    let place = match (entry, first.line) {
        ([_], Some(line)) => format!(" (line {line})"),
        _ => String::new(),
    };
    let text = format!("{}{place} [{}]", wording::what_of_keys(entry), first.check.id);
    let mut lines = wrap(&text, style.width - INDENT).into_iter();
    let severity = style.set(ink(first.severity), &format!("{:8}", first.severity.word()));
    writeln!(out, "  {severity}  {}", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| indented(&line, out))?;
    for detail in details(first) {
        wrap(&detail, style.width - INDENT - 2).iter().try_for_each(|line| indented(&format!("  {line}"), out))?;
    }
    // Said once where the next entry's advice is the same, and not at all where there is nothing to do.
    let help = wording::help_of_keys(entry);
    if first.severity == Severity::Note || next.is_some_and(|next| wording::help_of_keys(next) == help) {
        return Ok(());
    }
    advice(&help, style.width).iter().try_for_each(|line| indented(line, out))
}

/// The lines of an advice. A command is copied: it stays in one piece, however long; behind a text that leaves it no
/// room it has a line of its own.
fn advice(help: &str, width: usize) -> Vec<String> {
    let whole = format!("-> {help}");
    if is_command(help) {
        return vec![whole];
    }
    let lines = wrap(&whole, width - INDENT);
    match help.rsplit_once(": ").filter(|(_, after)| lines.len() > 1 && is_command(after) && !after.contains("; ")) {
        Some((text, command)) => {
            let mut lines = wrap(&format!("-> {text}:"), width - INDENT);
            lines.push(format!("   {command}"));
            lines
        }
        None => lines,
    }
}

/// What is folded: how often each check speaks, the most grave and most frequent first.
fn write_folded_line(folded: &[&Finding], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(severity) = folded.iter().map(|finding| finding.severity).max() else { return Ok(()) };
    let mut counts: BTreeMap<&str, (Severity, usize)> = BTreeMap::new();
    for finding in folded {
        let count = counts.entry(finding.check.id).or_insert((finding.severity, 0));
        *count = (count.0.max(finding.severity), count.1 + 1);
    }
    let mut counts: Vec<(&str, Severity, usize)> =
        counts.into_iter().map(|(id, (worst, count))| (id, worst, count)).collect();
    counts.sort_by_key(|(id, worst, count)| (Reverse(*worst), Reverse(*count), *id));
    let notes = folded.iter().filter(|finding| finding.severity == Severity::Note).count();
    let grave = counts.iter().filter(|(_, worst, _)| *worst > Severity::Note);
    let grave: Vec<String> = grave.map(|(id, _, count)| format!("{id} {count}")).collect();
    let notes = (notes > 0).then(|| wording::count(notes as u64, "note", "notes"));
    let parts: Vec<String> = grave.into_iter().chain(notes).collect();
    let text = format!("hardening: {} (--all shows each)", parts.join(", "));
    let mut lines = wrap(&text, style.width - INDENT).into_iter();
    let word = style.set(ink(severity), &format!("{:8}", severity.word()));
    writeln!(out, "  {word}  {}", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| indented(&line, out))
}

/// Whether an advice is a command to copy.
pub(super) fn is_command(help: &str) -> bool {
    const PROGRAMS: [&str; 9] = ["chmod", "chown", "docker", "echo", "envward", "git", "ls", "rm", "setfacl"];
    PROGRAMS.iter().any(|program| help.strip_prefix(program).is_some_and(|rest| rest.starts_with(' ')))
}

fn indented(line: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{:INDENT$}{line}", "")
}

fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Critical | Severity::Error => Ink::Red,
        Severity::Warning => Ink::Yellow,
        Severity::Note => Ink::Cyan,
    }
}

/// What is known of a path in the history.
fn details(finding: &Finding) -> Vec<String> {
    let mut details = Vec::new();
    let commit = |name: &str| match finding.get(name) {
        Some(Fact::Commit(commit)) => Some(format!("{} by {}", wording::named(commit), commit.author)),
        _ => None,
    };
    let (added, changed) =
        (commit("added"), commit("last_changed").filter(|changed| Some(changed) != commit("added").as_ref()));
    let acts = [("added in", added), ("last changed in", changed), ("removed in", commit("removed"))];
    details.extend(acts.into_iter().filter_map(|(word, commit)| Some(format!("{word} {}", commit?))));
    if let Some(Fact::Names(refs)) = finding.get("refs") {
        if !refs.is_empty() {
            details.push(format!("still in {}", super::advice::first_refs(refs)));
        }
    }
    if let Some(Fact::Exposed(keys)) = finding.get("keys") {
        details.extend(by_worth(keys));
    }
    details
}

/// The keys that an exposed file held, those of equal worth on one line, the gravest first.
fn by_worth(keys: &[ExposedKey]) -> Vec<String> {
    let mut groups: BTreeMap<(KeyState, Reverse<Strength>), Vec<&str>> = BTreeMap::new();
    for key in keys {
        let name = key.key.as_ref().map_or("a key", Key::as_str);
        groups.entry((key.state, Reverse(key.strength))).or_default().push(name);
    }
    let line = |((state, strength), names): ((KeyState, Reverse<Strength>), Vec<&str>)| {
        let (names, strength) = (names.join(", "), strength.0.word());
        match state {
            KeyState::Live => format!("still in use ({strength}): {names}"),
            KeyState::Reused => format!("in use under another key ({strength}): {names}"),
            KeyState::Unknown => format!("not known whether replaced ({strength}): {names}"),
            KeyState::Replaced => format!("replaced since ({strength}): {names}"),
            KeyState::Placeholder => format!("a placeholder: {names}"),
            KeyState::Empty => format!("empty: {names}"),
        }
    };
    groups.into_iter().map(line).collect()
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
            advice(problem.kind.help(), style.width).iter().try_for_each(|line| indented(line, out))?;
        }
    }
    writeln!(out)
}

fn closing(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (found, seen) = (found(report), examined(report));
    let line = match report.status {
        Status::Incomplete => {
            let count = wording::count(report.problems.len() as u64, "thing", "things");
            style.set(Ink::Red, &format!("incomplete: {count} could not be examined; {found}"))
        }
        _ if report.findings.is_empty() && seen == NOTHING => style.set(Ink::Yellow, "nothing to examine"),
        _ if report.findings.is_empty() && report.examined.env_files + report.examined.containers == 0 => {
            style.set(Ink::Green, "clean: no env file")
        }
        _ if report.findings.is_empty() => style.set(Ink::Green, "clean"),
        _ => found,
    };
    let mut excused = Vec::new();
    if !report.hidden.is_empty() {
        excused.push(wording::count(report.hidden.len() as u64, "finding ignored", "findings ignored"));
    }
    if !report.accepted.is_empty() {
        excused.push(wording::count(report.accepted.len() as u64, "problem accepted", "problems accepted"));
    }
    if report.examined.declared_harmless > 0 {
        excused.push(wording::count(
            report.examined.declared_harmless,
            "key set to not-secret",
            "keys set to not-secret",
        ));
    }
    let excused = if excused.is_empty() { String::new() } else { format!(" ({})", excused.join(", ")) };
    writeln!(out, "{line}{excused}")?;
    writeln!(out, "{}", style.set(Ink::Dim, &format!("examined {seen}")))
}

fn found(report: &Report) -> String {
    let of = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count() as u64;
    let counts = [
        (of(Severity::Critical), "critical", "critical"),
        (of(Severity::Error), "error", "errors"),
        (of(Severity::Warning), "warning", "warnings"),
        (of(Severity::Note), "note", "notes"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| wording::count(number, one, many))
        .collect();
    if counts.is_empty() { "nothing found in the rest".into() } else { counts.join(", ") }
}

/// What was examined where there is nothing.
const NOTHING: &str = "nothing";

fn examined(report: &Report) -> String {
    let examined = &report.examined;
    let counts = [
        (examined.env_files, "env file", "env files"),
        (examined.files, "file", "files"),
        (examined.index_entries, "index entry", "index entries"),
        (examined.commits, "commit", "commits"),
        (examined.containers, "container", "containers"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| wording::count(number, one, many))
        .collect();
    if counts.is_empty() { NOTHING.into() } else { counts.join(", ") }
}
