//! The summary of one project as text.

use std::io::{self, Write};

use super::{ProjectSummary, SOON};
use crate::policy::Status;
use crate::report::wording::count;
use crate::rotation::Month;
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// Where the text of a line starts: the longest word in front, and two blanks.
const INDENT: usize = 14;
/// The longest bar of a month.
const BAR: usize = 20;

/// Writes it.
///
/// # Errors
/// Those of `out`.
pub fn write(summary: &ProjectSummary<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    text += &format!("{} on {}\n", style.set(Ink::Bold, &summary.report.name), summary.day);
    let ink = match summary.status() {
        Status::Clean => Ink::Bold,
        Status::Findings | Status::Incomplete => Ink::Red,
    };
    for part in wrap(&summary.headline(), style.width) {
        text += &format!("{}\n", style.set(ink, &part));
    }
    text.push('\n');
    line("secrets", &secrets(summary), style, &mut text);
    line("age", &ages(summary), style, &mut text);
    let expiring = summary.report.expiries.iter().filter(|one| one.due <= crate::rotation::plus(summary.day, SOON));
    let expiring = expiring.filter(|one| one.is_watched()).count() as u64;
    if expiring > 0 {
        let number = count(expiring, "value expires", "values expire");
        line("expiry", &format!("{number} within {SOON} days"), style, &mut text);
    }
    let keys = summary.report.keys.iter().filter(|key| key.urgency.is_due()).count() as u64;
    if keys > 0 {
        line("admin keys", &format!("{} due", count(keys, "key is", "keys are")), style, &mut text);
    }
    if summary.gaps() > 0 {
        line("not examined", &gaps(summary), style, &mut text);
    }
    text.push('\n');
    trend(summary.months, style, &mut text);
    text += "see each secret, and what to do: envward rotation status\n";
    out.write_all(summary.report.mask.text(&text).as_bytes())
}

fn line(word: &str, text: &str, style: Style, out: &mut String) {
    for (at, part) in wrap(text, style.width.saturating_sub(INDENT)).iter().enumerate() {
        *out += &format!("{:INDENT$}{part}\n", if at == 0 { word } else { "" });
    }
}

fn secrets(summary: &ProjectSummary<'_>) -> String {
    let counts = summary.counts();
    let soon = format!("due within {SOON} days");
    let parts = [
        (counts.exposed, "exposed"),
        (counts.overdue, "overdue"),
        (counts.due, "due"),
        (counts.soon, soon.as_str()),
        (counts.unknown, "of unknown age"),
        (counts.fresh, "not due"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    match parts.is_empty() {
        true => "none in use".to_owned(),
        false => format!("{} in use: {}", summary.current.len(), parts.join(", ")),
    }
}

fn ages(summary: &ProjectSummary<'_>) -> String {
    let (Some(oldest), Some(median)) = (summary.oldest(), summary.median_age()) else { return "-".to_owned() };
    let days = |days: u32| count(days.into(), "day", "days");
    format!("oldest {} ({} of {}), median {}", days(oldest.age), oldest.key, oldest.file, days(median))
}

fn gaps(summary: &ProjectSummary<'_>) -> String {
    let report = summary.report;
    let first = report.problems.iter().chain(&report.limits).next().map(ToString::to_string).unwrap_or_default();
    match summary.gaps() {
        1 => first,
        number => format!("{first}, and {} more", number - 1),
    }
}

/// A row for each month. Where the ledger knows nothing yet, that is said.
fn trend(months: &[Month], style: Style, out: &mut String) {
    let most = months.iter().filter_map(|month| month.oldest).max().unwrap_or(0);
    if months.is_empty() {
        let none = "no trend yet: the ledger does not know this project; envward rotation status records it";
        wrap(none, style.width).iter().for_each(|line| *out += &format!("{line}\n"));
        out.push('\n');
        return;
    }
    let heading = format!("{:9} {:>7} {:>8} {:>7}  oldest at the end", "month", "secrets", "replaced", "exposed");
    *out += &format!("{}\n", style.set(Ink::Bold, &heading));
    for month in months {
        let age = month.oldest.map_or_else(|| "-".to_owned(), |age| format!("{age}d"));
        let bar = month.oldest.map(|age| bar(age, most)).unwrap_or_default();
        let Month { secrets, rotations, exposed, .. } = month;
        let line = format!(
            "{:9} {secrets:>7} {rotations:>8} {exposed:>7}  {age:>5} {bar}",
            month.first.strftime("%Y-%m").to_string()
        );
        *out += &format!("{}\n", line.trim_end());
    }
    out.push('\n');
}

fn bar(age: u32, most: u32) -> String {
    let cells = usize::try_from(u64::from(age) * BAR as u64 / u64::from(most.max(1))).unwrap_or(BAR);
    "#".repeat(cells)
}
