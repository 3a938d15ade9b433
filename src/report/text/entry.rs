//! One entry of a report: the severity, what is wrong, what is known of it, what to do.

use std::io::{self, Write};

use crate::finding::Severity;
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// Where the text of a finding starts: two blanks, the longest severity, two blanks.
pub(super) const INDENT: usize = 12;

/// The severity, and what is wrong behind it.
pub(super) fn first_lines(severity: Severity, text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = wrap(text, style.width - INDENT).into_iter();
    let word = format!("{:8}", severity.word());
    let word = ink(severity).map_or(word.clone(), |ink| style.set(ink, &word));
    writeln!(out, "  {word}  {}", lines.next().unwrap_or_default())?;
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

/// What to do. A command is copied: it stays in one piece, however long; behind a text that leaves it no room it has a
/// line of its own.
pub(super) fn advice(help: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let whole = format!("-> {help}");
    if is_command(help) {
        return line(&whole, out);
    }
    let lines = wrap(&whole, style.width - INDENT);
    match help.rsplit_once(": ").filter(|(_, after)| lines.len() > 1 && is_command(after) && !after.contains("; ")) {
        Some((text, command)) => {
            prose(&format!("-> {text}:"), style, out)?;
            line(&format!("   {command}"), out)
        }
        None => lines.iter().try_for_each(|text| line(text, out)),
    }
}

/// The command at the end of an advice, where there is one.
pub(super) fn command(help: &str) -> Option<&str> {
    let command = help.rsplit_once(": ").map_or(help, |(_, after)| after);
    (is_command(command) && !command.contains("; ")).then_some(command)
}

/// Whether an advice is a command to copy.
fn is_command(help: &str) -> bool {
    const PROGRAMS: [&str; 9] = ["chmod", "chown", "docker", "echo", "envward", "git", "ls", "rm", "setfacl"];
    PROGRAMS.iter().any(|program| help.strip_prefix(program).is_some_and(|rest| rest.starts_with(' ')))
}

/// The colour of a severity; a note has none.
pub(super) fn ink(severity: Severity) -> Option<Ink> {
    match severity {
        Severity::Critical | Severity::Error => Some(Ink::Red),
        Severity::Warning => Some(Ink::Yellow),
        Severity::Note => None,
    }
}
