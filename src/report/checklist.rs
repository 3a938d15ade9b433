//! The deployment checklists, each line with what is known of it.

use std::io::{self, Write};

use super::{Report, Status, wording};
use crate::preflight::{Line, State};
use crate::tty::{Ink, Style, sanitize, wrap};

/// A checklist, answered.
#[derive(Debug)]
pub struct Answered {
    /// Its heading.
    pub title: &'static str,
    /// Its lines, and what is known of each.
    pub lines: Vec<(Line, State)>,
}

/// For a terminal.
///
/// # Errors
/// Those of `out`.
pub fn text(lists: &[Answered], report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    const INDENT: usize = 12;
    for list in lists {
        writeln!(out, "{}", style.set(Ink::Bold, list.title))?;
        for (line, state) in &list.lines {
            let text = format!("{}{}", line.text.replace('`', ""), detail(state));
            let mut rows = wrap(&text, style.width - INDENT).into_iter();
            let word = style.set(ink(state), &format!("{:8}", state.word()));
            writeln!(out, "  {word}  {}", rows.next().unwrap_or_default())?;
            rows.try_for_each(|row| writeln!(out, "{:INDENT$}{row}", ""))?;
        }
        writeln!(out)?;
    }
    closing(lists, report, out)
}

/// For a document or a pull request.
///
/// # Errors
/// Those of `out`.
pub fn markdown(lists: &[Answered], report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for list in lists {
        writeln!(out, "### {}\n", list.title)?;
        for (line, state) in &list.lines {
            let done = matches!(state, State::Pass(_) | State::Attested { .. });
            let mark = if done { 'x' } else { ' ' };
            let word = if matches!(state, State::Pass(_)) { String::new() } else { format!(" — {}", state.word()) };
            writeln!(out, "- [{mark}] {}{word}{}", line.text, escaped(&detail(state)))?;
        }
        writeln!(out)?;
    }
    closing(lists, report, out)
}

/// What a person wrote is text here, too.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|letter| "\\`*_[]<>#|".contains(letter).then_some('\\').into_iter().chain([letter])).collect()
}

fn detail(state: &State) -> String {
    let count = |number: usize, one, many| wording::count(number as u64, one, many);
    match state {
        State::Fail(number) => format!(": {}", count(*number, "finding", "findings")),
        State::Pass(0) | State::NotSeen => String::new(),
        State::Pass(notes) => format!(" ({})", count(*notes, "note", "notes")),
        State::Attested { on, by } => format!(" ({on}, by {})", sanitize(by.as_bytes())),
        State::Stale(on) => format!(": attested on {on}, too long ago"),
    }
}

fn ink(state: &State) -> Ink {
    match state {
        State::Pass(_) | State::Attested { .. } => Ink::Green,
        State::Fail(_) => Ink::Red,
        State::Stale(_) => Ink::Yellow,
        State::NotSeen => Ink::Dim,
    }
}

fn closing(lists: &[Answered], report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let states = || lists.iter().flat_map(|list| &list.lines).map(|(_, state)| state.word());
    let words = ["fail", "stale", "not seen", "attested", "pass"];
    let counts = words.iter().map(|word| (states().filter(|known| known == word).count(), *word));
    let counts: Vec<String> =
        counts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    writeln!(out, "{}", counts.join(", "))?;
    if report.status == Status::Incomplete {
        let count = wording::count(report.problems.len() as u64, "thing", "things");
        writeln!(out, "incomplete: {count} could not be examined; envward preflight says which")?;
    }
    Ok(())
}
