//! The page of a run that ended before there was a report.

use std::io::{self, Write};

use jiff::civil::Date;

use super::advice::advice;
use super::page::{Sections, Subject, Tone, Verdict, page};

/// Writes it: a page that is kept from CI must say that nothing was examined.
///
/// # Errors
/// Those of `out`.
pub fn write(command: &str, day: Date, message: &str, help: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut sections = Sections::default();
    sections.add("why, and what to do", |html| {
        html.line("p", &[], message);
        advice(help, html);
    });
    let subject = Subject { command, place: "", day };
    let verdict = Verdict {
        tone: Tone::Incomplete,
        word: "incomplete",
        line: "nothing was examined".to_owned(),
        gap: None,
        counts: Vec::new(),
    };
    out.write_all(page(&subject, &verdict, |_| (), &sections).as_bytes())
}
