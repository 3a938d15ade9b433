//! The table: every secret, the most urgent first.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{ProjectReport, keys, reasons, surprise};
use crate::ledger::{Basis, ValueState};
use crate::report::wording::count;
use crate::rotation::{Standing, Urgency};
use crate::terminal::{Ink, Style};
use crate::text::{sanitize, wrap};

/// The columns: key, class, age, bar, soft and hard date.
const KEY: usize = 20;
const CLASS: usize = 17;
/// The cells of the bar: the last one is full at the hard date.
const CELLS: u32 = 8;

/// Writes one project's table.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &ProjectReport, shown: &[&Standing], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    // A `String` takes all that is written.
    let _ = table(report, shown, style, &mut text);
    out.write_all(report.mask.text(&text).as_bytes())
}

fn table(report: &ProjectReport, shown: &[&Standing], style: Style, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{}", style.set(Ink::Bold, &report.name))?;
    if !shown.is_empty() {
        let head = format!("  {:KEY$} {:CLASS$} {:>5} {:10} {:10} hard date", "key", "class", "age", "", "soft date");
        writeln!(out, "{}", style.set(Ink::Dim, &head))?;
    }
    let mut heading = "";
    for standing in shown {
        let word = heading_of(standing);
        if word != heading {
            writeln!(out, "{}", style.set(ink(standing), word))?;
            heading = word;
        }
        row(report, standing, style, out)?;
    }
    if !shown.is_empty() {
        writeln!(out)?;
    }
    if !report.keys.is_empty() {
        writeln!(out, "{}", style.set(Ink::Bold, "admin keys"))?;
        report.keys.iter().for_each(|key| *out += &keys::entry(key, style, "  "));
        writeln!(out)?;
    }
    for (what, help) in report.surprises.iter().map(surprise) {
        paragraph(out, style, "", &what)?;
        paragraph(out, style, "  -> ", help)?;
    }
    problems(report, style, out)?;
    closing(report, shown, style, out)
}

fn heading_of(standing: &Standing) -> &'static str {
    match standing.state {
        ValueState::Pending => "pending",
        ValueState::Retiring | ValueState::Retired | ValueState::Abandoned => "retiring",
        ValueState::Current => standing.urgency.word(),
    }
}

pub(super) fn ink(standing: &Standing) -> Ink {
    match standing.urgency {
        Urgency::Exposed | Urgency::Overdue => Ink::Red,
        Urgency::Due => Ink::Yellow,
        Urgency::Unknown => Ink::Cyan,
        Urgency::Fresh if standing.state == ValueState::Current => Ink::Green,
        Urgency::Fresh => Ink::Cyan,
    }
}

fn row(report: &ProjectReport, standing: &Standing, style: Style, out: &mut String) -> std::fmt::Result {
    let (key, class) = (standing.key.as_str(), standing.class.word());
    // A long key has a line of its own.
    let key = if key.len() > KEY {
        writeln!(out, "  {key}")?;
        ""
    } else {
        key
    };
    match standing.state {
        ValueState::Current => {
            let age = format!("{}d", standing.age);
            let bar = style.set(ink(standing), &bar(standing));
            let (soft, hard) = (standing.soft_due, standing.hard_due);
            writeln!(out, "  {key:KEY$} {class:CLASS$} {age:>5} {bar} {soft} {hard}")?;
        }
        _ => writeln!(out, "  {key:KEY$} {class}")?,
    }
    let mut about = place(standing);
    if let Some(owner) = &standing.owner {
        about += &format!("; {}", sanitize(owner.as_bytes()));
    }
    if let Some(reasons) = reasons(standing) {
        about += &format!("; {reasons}");
    }
    for line in wrap(&about, style.width - 4) {
        writeln!(out, "    {}", style.set(Ink::Dim, &line))?;
    }
    match report.command(standing) {
        // A command is copied: it stays in one piece, however long.
        Some(command) => writeln!(out, "    -> {command}"),
        None => Ok(()),
    }
}

/// The file, what it is for, and how the age is known.
fn place(standing: &Standing) -> String {
    let file = &standing.file;
    let environment = standing.environment.word();
    if standing.state != ValueState::Current {
        return format!("{file}, {environment}");
    }
    let since = standing.since;
    let basis = match standing.basis {
        Basis::Rotated => format!("made on {since}"),
        Basis::Declared => format!("since {since}, as declared"),
        Basis::Observed => format!("changed after {since}"),
        Basis::GitHistory => format!("since {since} at least, by git's history"),
        Basis::FileTime => format!("since {since} at least, by the file's time"),
        Basis::FirstSeen => format!("first seen on {since}, may be older"),
    };
    format!("{file}, {environment}; {basis}")
}

/// `[####|...]`: full at the hard date, the bar at the soft one.
fn bar(standing: &Standing) -> String {
    let hard = standing.limits.hard.max(1);
    let cells = |days: u32| u64::from(days) * u64::from(CELLS) / u64::from(hard);
    let (filled, soft) = (cells(standing.age), cells(standing.limits.soft));
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
        paragraph(out, style, "  -> ", problem.kind.help())?;
    }
    if let Some(limit) = report.limits.first() {
        let more = report.limits.len() - 1;
        let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        paragraph(out, style, "without git's history: ", &(limit.to_string() + &more))?;
        paragraph(out, style, "  -> ", "ages may be higher, and an exposed value may be missed: see `envward check`")?;
    }
    if report.unnamed > 0 {
        let count = count(report.unnamed as u64, "secret", "secrets");
        paragraph(out, style, "", &format!("{count} left out: the key or the file's name looks like a secret"))?;
    }
    if let Some(other) = &report.other_ledger {
        let other = sanitize(std::os::unix::ffi::OsStrExt::as_bytes(other.as_os_str()));
        paragraph(
            out,
            style,
            "",
            &format!("another user's ledger is in {other}: what it knows of this project is not here"),
        )?;
        paragraph(out, style, "  -> ", "run envward as that user, or set ENVWARD_STATE_DIR for both")?;
    }
    Ok(())
}

fn closing(report: &ProjectReport, shown: &[&Standing], style: Style, out: &mut String) -> std::fmt::Result {
    let of = |word: &str| shown.iter().filter(|one| heading_of(one) == word).count();
    let words = ["exposed", "overdue", "due", "unknown", "pending", "retiring", "fresh"];
    let counts: Vec<String> =
        words.into_iter().filter(|word| of(word) > 0).map(|word| format!("{} {word}", of(word))).collect();
    match counts.is_empty() {
        true => writeln!(out, "no secret in use")?,
        false => writeln!(out, "{}", counts.join(", "))?,
    }
    let ledger = sanitize(std::os::unix::ffi::OsStrExt::as_bytes(report.ledger.as_os_str()));
    writeln!(out, "{}", style.set(Ink::Dim, &format!("ledger {ledger}")))
}

fn paragraph(out: &mut String, style: Style, start: &str, text: &str) -> std::fmt::Result {
    let indent = if start.starts_with(' ') { start.len() } else { 2 };
    let mut lines = wrap(text, style.width - start.len().max(indent)).into_iter();
    writeln!(out, "{start}{}", lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
}
