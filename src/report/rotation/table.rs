//! The table: every secret, the most urgent first.

use std::fmt::Write as _;
use std::io::{self, Write};

use jiff::civil::Date;

use super::{ProjectReport, expiries, keys, listed, surprise};
use crate::environment::Environment;
use crate::ledger::{Basis, ValueState};
use crate::report::next_step;
use crate::report::wording::count;
use crate::rotation::{Reason, SecretStatus, Stage, Urgency};
use crate::terminal::{Ink, Style};
use crate::text::{sanitize, wrap};

/// The columns: key, class, age, bar, and the days from which it is due and overdue.
const KEY: usize = 20;
const CLASS: usize = 17;
/// What a row needs; a narrower terminal gets it on two lines.
const ROW: usize = 79;
/// The cells of the bar: the last one is full at the hard date.
const CELLS: u32 = 8;

/// Writes one project's table.
///
/// # Errors
/// Those of `out`.
pub fn write(
    report: &ProjectReport,
    shown: &[&SecretStatus],
    day: Date,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut text = String::new();
    // A `String` takes all that is written.
    let _ = table(report, shown, day, style, &mut text);
    out.write_all(report.mask.text(&text).as_bytes())
}

fn table(
    report: &ProjectReport,
    shown: &[&SecretStatus],
    day: Date,
    style: Style,
    out: &mut String,
) -> std::fmt::Result {
    writeln!(out, "{}", style.set(Ink::Bold, &report.name))?;
    let [due, later] = expiries::sections(report, day, style);
    *out += &due;
    let has_bar = shown.iter().any(|status| status.state == ValueState::Current);
    if has_bar && style.width >= ROW {
        writeln!(out, "  {:KEY$} {:CLASS$} {:>5} {:10} {:10} overdue", "key", "class", "age", "bar", "due from")?;
    }
    let mut heading = "";
    for status in shown {
        let (word, _) = heading_of(status);
        if word != heading {
            writeln!(out, "{}", style.set(ink(status), word))?;
            heading = word;
        }
        row(report, status, style, out)?;
    }
    if has_bar {
        writeln!(out)?;
        paragraph(out, style, "", "bar: # is the age, | the day it is due, ] the day it is overdue")?;
    }
    if !shown.is_empty() {
        writeln!(out)?;
    }
    if !later.is_empty() {
        writeln!(out, "{later}")?;
    }
    if !report.keys.is_empty() {
        writeln!(out, "{}", style.set(Ink::Bold, "admin keys"))?;
        report.keys.iter().for_each(|key| *out += &keys::entry(key, style, "  "));
        writeln!(out)?;
    }
    other_places(report, shown, style, out)?;
    for (what, help) in report.surprises.iter().map(surprise) {
        paragraph(out, style, "", &what)?;
        advice(out, style, help)?;
    }
    problems(report, style, out)?;
    closing(report, shown, day, style, out)
}

/// The heading of a secret's part, and how its secrets are counted.
pub(in crate::report) fn heading_of(status: &SecretStatus) -> (&'static str, &'static str) {
    match (status.state, status.urgency) {
        (ValueState::Pending, _) => ("new value waits", "with a new value that waits"),
        (ValueState::Retiring | ValueState::Retired | ValueState::Abandoned, _) => match status.stage {
            Some(Stage::Proven) => ("proven: confirm", "to confirm"),
            _ => ("promoted, not proven", "promoted and not proven"),
        },
        (ValueState::Current, Urgency::Exposed) => ("exposed: replace now", "exposed"),
        (ValueState::Current, Urgency::Overdue) => ("overdue: replace now", "overdue"),
        (ValueState::Current, Urgency::Due) => ("due: replace soon", "due"),
        (ValueState::Current, Urgency::Unknown) => ("age unknown", "of unknown age"),
        (ValueState::Current, Urgency::Fresh) => ("not due", "not due"),
    }
}

pub(super) fn ink(status: &SecretStatus) -> Ink {
    match status.urgency {
        Urgency::Exposed | Urgency::Overdue => Ink::Red,
        Urgency::Due => Ink::Magenta,
        Urgency::Unknown | Urgency::Fresh => Ink::Bold,
    }
}

fn row(report: &ProjectReport, status: &SecretStatus, style: Style, out: &mut String) -> std::fmt::Result {
    let (key, class) = (status.key.as_str(), status.class.word());
    let bar = style.set(ink(status), &bar(status));
    let (soft, hard) = match status.urgency {
        Urgency::Exposed => ("now".to_owned(), "now".to_owned()),
        // Not by its age.
        Urgency::Due if status.reasons.contains(&Reason::ChangedBack) => {
            ("now".to_owned(), status.hard_due.to_string())
        }
        _ => (status.soft_due.to_string(), status.hard_due.to_string()),
    };
    match status.state {
        ValueState::Current if style.width >= ROW => {
            // A long key has a line of its own.
            let is_long = key.len() > KEY;
            if is_long {
                writeln!(out, "  {key}")?;
            }
            let (key, age) = (if is_long { "" } else { key }, format!("{}d", status.age));
            writeln!(out, "  {key:KEY$} {class:CLASS$} {age:>5} {bar} {soft:10} {hard}")?;
        }
        ValueState::Current => {
            writeln!(out, "  {key} ({class})\n    {bar} {}", count(status.age.into(), "day", "days"))?;
            match status.urgency {
                Urgency::Exposed => writeln!(out, "    due now")?,
                _ => writeln!(out, "    due from {soft}\n    overdue from {hard}")?,
            }
        }
        _ if style.width >= ROW && key.len() <= KEY => writeln!(out, "  {key:KEY$} {class}")?,
        _ => writeln!(out, "  {key} ({class})")?,
    }
    let owner = status.owner.as_ref().map(|owner| format!("owner: {}", sanitize(owner.as_bytes())));
    let reasons = Some(listed(status)).filter(|text| !text.is_empty());
    for text in [Some(place(status)), owner, reasons].into_iter().flatten() {
        wrap(&text, style.width - 4).iter().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    match report.command(status) {
        // A command is copied: it stays in one piece, however long.
        Some(command) => writeln!(out, "    -> {command}"),
        None => Ok(()),
    }
}

/// The file, what it is for, and how the age is known.
pub(in crate::report) fn place(status: &SecretStatus) -> String {
    let file = &status.file;
    let environment = match status.environment {
        Environment::Unknown => "environment unknown",
        known => known.word(),
    };
    if status.state != ValueState::Current {
        return format!("{file} ({environment})");
    }
    let since = status.since;
    let basis = match status.basis {
        Basis::Rotated => format!("made on {since}"),
        Basis::Declared => format!("since {since} (recorded)"),
        Basis::Observed => format!("changed since {since} (noticed then)"),
        Basis::GitHistory => format!("at least since {since} (git history)"),
        Basis::FileTime => format!("at least since {since} (time of the file)"),
        Basis::FirstSeen => format!("first seen on {since}, may be older"),
    };
    format!("{file} ({environment}), {basis}")
}

/// `[####|...]`: full at the hard date, the bar at the soft one.
fn bar(status: &SecretStatus) -> String {
    let hard = status.limits.hard.max(1);
    let cells = |days: u32| u64::from(days) * u64::from(CELLS) / u64::from(hard);
    let (filled, soft) = (cells(status.age), cells(status.limits.soft));
    let cell = |at: u64| match () {
        () if at < filled => '#',
        () if at == soft => '|',
        () => '.',
    };
    format!("[{}]", (0..u64::from(CELLS)).map(cell).collect::<String>())
}

fn problems(report: &ProjectReport, style: Style, out: &mut String) -> std::fmt::Result {
    for problem in &report.problems {
        paragraph(out, style, "not examined: ", &problem.to_string())?;
        advice(out, style, problem.kind.help())?;
    }
    if let Some(limit) = report.limits.first() {
        let more = report.limits.len() - 1;
        let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        paragraph(out, style, "git history not examined: ", &(limit.to_string() + &more))?;
        advice(out, style, "secrets may be older than shown, and exposed ones may be missing: envward check")?;
    }
    if report.unnamed > 0 {
        let count = count(report.unnamed as u64, "secret", "secrets");
        paragraph(
            out,
            style,
            "",
            &format!("{count} not listed: the name of the key or of the file looks like a secret"),
        )?;
    }
    if let Some(other) = &report.other_ledger {
        let other = sanitize(std::os::unix::ffi::OsStrExt::as_bytes(other.as_os_str()));
        paragraph(
            out,
            style,
            "",
            &format!("another user's ledger in {other} may also record this project; it was not read"),
        )?;
        advice(out, style, "run envward as that user, or set ENVWARD_STATE_DIR for both")?;
    }
    Ok(())
}

fn closing(
    report: &ProjectReport,
    shown: &[&SecretStatus],
    day: Date,
    style: Style,
    out: &mut String,
) -> std::fmt::Result {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for (_, word) in shown.iter().map(|status| heading_of(status)) {
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, number)) => *number += 1,
            None => counts.push((word, 1)),
        }
    }
    let counts = counts.into_iter().map(|(word, number)| format!("{number} {word}"));
    let counts: Vec<String> = expiries::counted(report, day).into_iter().chain(counts).collect();
    let line = match (counts.is_empty(), report.problems.is_empty()) {
        (true, true) => "no secret in use".to_owned(),
        (true, false) => "no secret was read: see what was not examined".to_owned(),
        (false, _) => counts.join(", "),
    };
    wrap(&line, style.width).iter().try_for_each(|line| writeln!(out, "{}", style.set(Ink::Bold, line)))?;
    let ledger = sanitize(std::os::unix::ffi::OsStrExt::as_bytes(report.ledger.as_os_str()));
    writeln!(out, "ledger: {ledger}")
}

/// Where else the secrets are, where somebody asked.
fn other_places(report: &ProjectReport, shown: &[&SecretStatus], style: Style, out: &mut String) -> std::fmt::Result {
    if report.places.is_none() {
        return Ok(());
    }
    let counts = shown.iter().filter_map(|status| Some((status, report.other_places(status)? as u64)));
    let counts: Vec<_> = counts.filter(|(_, number)| *number > 0).collect();
    if counts.is_empty() {
        return writeln!(out, "no secret is in another place that `envward trace` searches\n");
    }
    for (status, number) in counts {
        let places = count(number, "other place", "other places");
        paragraph(out, style, "", &format!("{} of {} is also in {places}", status.key, status.file))?;
    }
    advice(out, style, "see where, and what to do: envward trace")?;
    writeln!(out)
}

fn advice(out: &mut String, style: Style, help: &str) -> std::fmt::Result {
    next_step::lines(help, style.width - 2).iter().try_for_each(|line| writeln!(out, "  {line}"))
}

fn paragraph(out: &mut String, style: Style, start: &str, text: &str) -> std::fmt::Result {
    let indent = if start.starts_with(' ') { start.len() } else { 2 };
    let mut lines = wrap(text, style.width - start.len().max(indent)).into_iter();
    writeln!(out, "{start}{}", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
}
