//! What works here and what does not, on one screen.

use std::io::{self, Write};

use super::next_step::unbroken;
use crate::policy::Status;
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// Where the text of a row starts: the mark, the longest word, and two blanks.
const INDENT: usize = 14;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It works.
    Works,
    /// Nobody set it up.
    Unused,
    /// It was set up and does not work.
    Broken,
    /// It could not be examined.
    Unknown,
}

impl Health {
    fn mark(self) -> char {
        match self {
            Self::Works => ' ',
            Self::Unused => '-',
            Self::Broken => '!',
            Self::Unknown => '?',
        }
    }

    fn status(self) -> Status {
        match self {
            Self::Works | Self::Unused => Status::Clean,
            Self::Broken => Status::Findings,
            Self::Unknown => Status::Incomplete,
        }
    }
}

/// One thing that was examined.
#[derive(Debug)]
pub struct Row {
    /// What it is.
    pub word: &'static str,
    /// How it stands.
    pub health: Health,
    /// What is known of it; a line each.
    pub lines: Vec<String>,
    /// What to do; nothing where it works.
    pub step: Option<String>,
}

impl Row {
    /// One that works.
    #[must_use]
    pub fn works(word: &'static str, text: impl Into<String>) -> Self {
        Self { word, health: Health::Works, lines: vec![text.into()], step: None }
    }

    /// One that does not.
    #[must_use]
    pub fn ailing(word: &'static str, health: Health, text: impl Into<String>, step: impl Into<String>) -> Self {
        Self { word, health, lines: vec![text.into()], step: Some(step.into()) }
    }
}

/// The status that the rows stand for.
#[must_use]
pub fn status(rows: &[Row]) -> Status {
    rows.iter().map(|row| row.health.status()).max().unwrap_or(Status::Clean)
}

/// Writes the screen.
///
/// # Errors
/// Those of `out`.
pub fn write(rows: &[Row], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let width = style.width.saturating_sub(INDENT);
    for row in rows {
        let mut start = format!("{} {:width$}", row.health.mark(), row.word, width = INDENT - 2);
        for line in row.lines.iter().flat_map(|line| wrap(line, width)) {
            writeln!(out, "{start}{line}")?;
            start = " ".repeat(INDENT);
        }
        for (index, line) in row.step.iter().flat_map(|step| unbroken(step, width.saturating_sub(3))).enumerate() {
            let arrow = if index == 0 { style.set(Ink::Bold, "->").to_string() } else { "  ".to_owned() };
            writeln!(out, "{:INDENT$}{arrow} {line}", "")?;
        }
    }
    let has = |health| rows.iter().any(|row| row.health == health);
    let legend = [
        (Health::Broken, "! does not work"),
        (Health::Unknown, "? could not be examined"),
        (Health::Unused, "- is not set up"),
    ];
    let legend: Vec<&str> = legend.into_iter().filter(|(health, _)| has(*health)).map(|(_, text)| text).collect();
    writeln!(out)?;
    match status(rows) {
        Status::Clean if legend.is_empty() => writeln!(out, "everything works"),
        Status::Clean => writeln!(out, "everything that is set up works ({})", legend.join(", ")),
        _ => writeln!(out, "{}", legend.join(", ")),
    }
}
