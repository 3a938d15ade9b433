//! One entry of a report: the severity, what is wrong, what is known of it, what to do.

use std::io::{self, Write};

use crate::finding::Severity;
use crate::report::next_step;
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// Where the text of a finding starts: two blanks, the longest severity, two blanks.
pub(super) const INDENT: usize = 12;

/// The severity, and what is wrong behind it.
pub(super) fn first_lines(severity: Severity, text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = wrap(text, style.width - INDENT).into_iter();
    let word = format!("{:8}", severity.word());
    writeln!(out, "  {}  {}", style.set(ink(severity), &word), lines.next().unwrap_or_default())?;
    lines.try_for_each(|text| line(&text, out))
}

/// One line below it, in one piece.
pub(super) fn line(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{:INDENT$}{text}", "")
}

/// A text below it.
pub(super) fn prose(text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    wrap(text, style.width - INDENT).iter().try_for_each(|text| line(text, out))
}

/// A detail below it, further to the right.
pub(super) fn detail(text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    wrap(text, style.width - INDENT - 2).iter().try_for_each(|text| line(&format!("  {text}"), out))
}

/// What to do.
pub(super) fn advice(help: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    next_step::lines(help, style.width - INDENT).iter().try_for_each(|text| line(text, out))
}

/// The colour of a severity; a note has none.
fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Critical | Severity::Error => Ink::Red,
        Severity::Warning => Ink::Magenta,
        Severity::Note => Ink::Plain,
    }
}
