//! JUnit XML, for continuous integration that knows no other format.
//!
//! One test for each finding: failed where the finding fails the run. One more test says whether everything could be
//! examined, so that a clean report is not an empty one. Valid by the schema of Jenkins (junit-10.xsd) and by that of
//! Ant (JUnit.xsd), which asks for more.

use std::fmt::Write as _;
use std::io::{self, Write};

use jiff::Timestamp;

use super::{place, wording};
use crate::finding::Finding;
use crate::policy::Report;
use crate::problem::Problem;

/// Writes the report of a run at `now`.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let fails = |finding: &&Finding| finding.severity >= report.fail_on;
    let failures = report.findings.iter().filter(fails).count();
    let errors = report.problems.len();
    let tests = report.findings.len() + errors.max(1);
    let time = now.strftime("%Y-%m-%dT%H:%M:%S");
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    text += &format!(
        "  <testsuite id=\"0\" package=\"envward\" name=\"envward {}\" timestamp=\"{time}\" hostname=\"localhost\" \
         tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\">\n    <properties/>\n",
        report.command
    );
    for finding in &report.findings {
        case(finding, fails(&finding), &mut text);
    }
    match report.problems.as_slice() {
        [] => text += &opened("envward", "everything was examined", "/>\n"),
        problems => problems.iter().for_each(|problem| error(problem, &mut text)),
    }
    let passed = report.findings.iter().filter(|finding| !fails(finding)).map(line).collect::<String>();
    text += &format!(
        "    <system-out>{passed}</system-out>\n    <system-err></system-err>\n  </testsuite>\n</testsuites>\n"
    );
    out.write_all(text.as_bytes())
}

/// Named by what stays the same when lines move.
fn case(finding: &Finding, fails: bool, text: &mut String) {
    let key = finding.key.as_ref().map(|key| format!(" {key}")).unwrap_or_default();
    let name = format!("{}{key}", finding.place());
    let class = format!("envward.{}", finding.check.id);
    if !fails {
        *text += &opened(&class, &name, "/>\n");
        return;
    }
    let (kind, what, body) = (finding.severity.word(), escaped(&wording::what(finding)), line(finding));
    *text += &opened(&class, &name, ">\n");
    *text += &format!("      <failure type=\"{kind}\" message=\"{what}\">{body}</failure>\n    </testcase>\n");
}

fn error(problem: &Problem, text: &mut String) {
    let (kind, what, help) = (problem.kind.word(), escaped(&problem.to_string()), escaped(problem.kind.help()));
    let name = problem.path.as_ref().map_or_else(|| kind.to_owned(), ToString::to_string);
    *text += &opened(&format!("envward.{kind}"), &name, ">\n");
    *text += &format!("      <error type=\"{kind}\" message=\"{what}\">{what} -&gt; {help}</error>\n    </testcase>\n");
}

fn opened(class: &str, name: &str, end: &str) -> String {
    format!("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"{end}", escaped(class), escaped(name))
}

/// The place, the line and what to do.
fn line(finding: &Finding) -> String {
    let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = if place::is_elsewhere(finding) { String::new() } else { format!("{}{line}: ", finding.path()) };
    escaped(&format!("{place}{}\n", place::message(finding)))
}

/// As XML takes it. A character that XML 1.0 does not have at all, and one that a terminal would obey, is replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            unsafe_one if crate::text::is_unsafe(unsafe_one) => drop(write!(out, "\\u{{{:x}}}", u32::from(unsafe_one))),
            plain => out.push(plain),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_takes_every_text() {
        assert_eq!(
            escaped("<a b=\"c\">&\u{1b}[2J\u{202e}\u{ffff}é"),
            "&lt;a b=&quot;c&quot;&gt;&amp;\\u{1b}[2J\\u{202e}\u{fffd}é"
        );
    }
}
