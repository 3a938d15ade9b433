//! GitHub's workflow commands: annotations beside the changed lines.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use std::io::{self, Write};

use super::place;
use crate::finding::{Finding, Severity};
use crate::policy::Report;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    report.findings.iter().try_for_each(|finding| annotation(finding, out))?;
    for problem in &report.problems {
        let text = format!("{} -> {}", problem, problem.kind.help());
        writeln!(out, "::error title=envward {}::{}", property(problem.kind.word()), data(&text))?;
    }
    writeln!(out, "envward: {}", report.status.word())
}

fn annotation(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let level = match finding.severity {
        Severity::Critical | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let line = finding.line.map(|line| format!(",line={line}")).unwrap_or_default();
    // A container, a message and a project are no file that an annotation could stand beside.
    let place = match place::is_elsewhere(finding) {
        true => String::new(),
        false => format!("file={}{line},", property(&place::file(finding).to_string())),
    };
    let text = data(&place::message(finding));
    writeln!(out, "::{level} {place}title=envward {}::{text}", property(finding.check.id))
}

/// A text behind the `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value: the separators too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_escaped() {
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
        assert_eq!(data("a,b:c%"), "a,b:c%25");
    }
}
