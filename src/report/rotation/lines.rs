//! What is due, two lines each: what a mail or a terminal shows of `--due` and `--remind`. Nothing when nothing is.

use std::io::{self, Write};

use jiff::civil::Date;

use super::table::ink;
use super::{ProjectReport, due, expiries, keys, surprise};
use crate::report::next_step;
use crate::report::wording::count;
use crate::rotation::SecretStatus;
use crate::terminal::{Ink, Style};
use crate::text::{sanitize, wrap};

/// Writes the chosen secrets of one project, and what is wrong with the ledger or could not be read.
///
/// # Errors
/// Those of `out`.
pub fn write(
    report: &ProjectReport,
    chosen: &[&SecretStatus],
    day: Date,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut text = String::new();
    for status in chosen {
        let file = match report.is_here {
            true => status.file.to_string(),
            false => sanitize(std::os::unix::ffi::OsStrExt::as_bytes(status.file.under(&report.root).as_os_str())),
        };
        let owner = status.owner.as_ref().map(|owner| format!(" ({})", sanitize(owner.as_bytes())));
        let age = count(status.age.into(), "day", "days");
        let line = format!("{} in {file}: {age} old, {}", status.key, due(status, day));
        let mut lines = wrap(&(line + &owner.unwrap_or_default()), style.width - 2).into_iter();
        text += &format!("{}\n", style.set(ink(status), &lines.next().unwrap_or_default()));
        lines.for_each(|line| text += &format!("  {line}\n"));
        if let Some(command) = report.command(status) {
            text += &format!("  -> {command}\n");
        }
    }
    for one in &report.expiries {
        text += &expiries::entry(report, one, &expiries::file(report, one), style, "");
    }
    for key in &report.keys {
        text += &keys::entry(key, style, "");
    }
    for one in &report.surprises {
        let (what, help) = surprise(one);
        entry(&mut text, &what, "ledger", style);
        text += &advice(help, style);
    }
    for problem in &report.problems {
        entry(&mut text, &problem.to_string(), "not examined", style);
        text += &advice(problem.kind.help(), style);
    }
    out.write_all(report.mask.text(&text).as_bytes())
}

fn advice(help: &str, style: Style) -> String {
    next_step::lines(help, style.width - 2).iter().map(|line| format!("  {line}\n")).collect()
}

fn entry(text: &mut String, line: &str, word: &str, style: Style) {
    let mut lines = wrap(line, style.width - "not examined: ".len()).into_iter();
    *text += &format!("{}: {}\n", style.set(Ink::Red, word), lines.next().unwrap_or_default());
    lines.for_each(|line| *text += &format!("  {line}\n"));
}
