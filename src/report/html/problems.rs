//! What could not be examined, and what was left out on purpose.

use super::advice::advice;
use super::markup::{Html, class};
use super::page::{Sections, Tone, badge};
use crate::policy::{Report, Suppression};
use crate::problem::Problem;
use crate::report::wording::{self, count};

/// The number of them as a verdict says it; `None` where everything was examined.
pub(super) fn gap(problems: usize) -> Option<String> {
    let things = count(problems as u64, "thing", "things");
    (problems > 0).then(|| format!("{things} could not be examined, so there may be more"))
}

/// The section of them.
pub(super) fn section(problems: &[&Problem], sections: &mut Sections<'_>) {
    if problems.is_empty() {
        return;
    }
    sections.add("not examined", |html| entries(problems, html));
}

/// One entry for each.
pub(super) fn entries(problems: &[&Problem], html: &mut Html<'_>) {
    html.line("p", &[], "There may be more findings than this page shows, because these could not be examined.");
    for problem in problems {
        html.element("article", &[class("incomplete")], |html| {
            html.element("p", &[class("what")], |html| {
                badge(Tone::Incomplete, "not examined", html);
                html.text(" ");
                html.line("span", &[], &problem.to_string());
            });
            advice(problem.kind.help(), html);
        });
    }
}

/// What the configuration ignores and accepts, with its reasons.
pub(super) fn excused(report: &Report, sections: &mut Sections<'_>) {
    if report.hidden.is_empty() && report.accepted.is_empty() {
        return;
    }
    sections.add("ignored and accepted", |html| {
        list("finding ignored", "findings ignored", report.hidden.len(), html, |html| {
            for hidden in &report.hidden {
                let finding = &hidden.finding;
                let what = format!("{}: {} [{}]", finding.place(), wording::what(finding), finding.check.id);
                entry(&what, &hidden.by, html);
            }
        });
        list("problem accepted", "problems accepted", report.accepted.len(), html, |html| {
            report.accepted.iter().for_each(|accepted| entry(&accepted.problem.to_string(), &accepted.by, html));
        });
    });
}

fn list(one: &str, many: &str, number: usize, html: &mut Html<'_>, entries: impl FnOnce(&mut Html<'_>)) {
    if number == 0 {
        return;
    }
    html.element("details", &[], |html| {
        html.line("summary", &[], &count(number as u64, one, many));
        html.element("ul", &[], entries);
    });
}

fn entry(what: &str, by: &Suppression, html: &mut Html<'_>) {
    html.element("li", &[], |html| {
        html.line("span", &[], what);
        let reason = by.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        let until = by.until.map(|day| format!(", until {day}")).unwrap_or_default();
        html.line("p", &[class("detail")], &format!("{}{until}{reason}", wording::at(&by.path, by.line)));
    });
}
