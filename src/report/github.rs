//! GitHub's workflow commands: annotations beside the changed lines.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use std::io::{self, Write};

use super::wording;
use crate::finding::{Finding, Origin, Severity};
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
    let (place, name) = match &finding.origin {
        // A container, a message and a project are no file that an annotation could stand beside.
        Origin::Runtime(_) | Origin::Process(_) | Origin::Image(_) | Origin::Stream(_) => {
            (String::new(), format!("{}: ", finding.place()))
        }
        // Neither can it stand beside a file outside the project.
        Origin::Disk(path) if path.as_bytes().starts_with(b"/") => (String::new(), format!("{}: ", finding.place())),
        origin if origin.has_no_path() || origin.path().is_root() => (String::new(), format!("{}: ", finding.place())),
        _ => (format!("file={}{line},", property(&finding.path().to_string())), String::new()),
    };
    let text = format!("{} -> {}", wording::what(finding), wording::help(finding));
    writeln!(out, "::{level} {place}title=envward {}::{}", property(finding.check.id), data(&format!("{name}{text}")))
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
