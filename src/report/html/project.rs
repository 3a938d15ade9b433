//! The page of `summary --project`: one project, for a person who decides.

use std::io::{self, Write};

use super::advice::advice;
use super::ages::{self, tone};
use super::calendar;
use super::markup::{Html, class, label, number, word};
use super::page::{Count, Sections, Subject, Tone, Verdict, columns, page};
use super::problems;
use super::rotation::{doubts, dues, has_doubts};
use crate::policy::Status;
use crate::report::project_summary::{Counts, ProjectSummary};
use crate::report::wording::count;
use crate::rotation::Month;

/// So many secrets are named: the rest is in `rotation status`.
const SHOWN: usize = 5;

/// Writes it.
///
/// # Errors
/// Those of `out`.
pub fn write(summary: &ProjectSummary<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = summary.report;
    let place = report.mask.text(&report.name);
    let subject = Subject { command: "summary", place: &place, day: summary.day };
    let mut sections = Sections::default();
    if !report.problems.is_empty() {
        let all: Vec<_> = report.problems.iter().collect();
        sections.add("not examined", |html| html.masked(&report.mask, |html| problems::entries(&all, html)));
    }
    if has_doubts(report) {
        sections.add("doubts", |html| html.masked(&report.mask, |html| doubts(report, html)));
    }
    sections.add("how old the secrets are", |html| html.masked(&report.mask, |html| ages(summary, html)));
    sections.add("month by month", |html| trend(summary.months, html));
    if !summary.current.is_empty() {
        sections.add("the most urgent", |html| html.masked(&report.mask, |html| most_urgent(summary, html)));
    }
    if report.keys.iter().any(|key| key.urgency.is_due()) {
        let due = report.keys.iter().filter(|key| key.urgency.is_due());
        sections.add("admin keys that are due", |html| html.masked(&report.mask, |html| ages::keys(due, html)));
    }
    let mut dues = dues(report, &summary.current, summary.day);
    dues.iter_mut().for_each(|due| due.what = report.mask.text(&due.what));
    calendar::section(dues, summary.day, "what is due when", &mut sections);
    let page = page(&subject, &verdict(summary), |html| lead(summary, html), &sections);
    out.write_all(page.as_bytes())
}

fn verdict(summary: &ProjectSummary<'_>) -> Verdict {
    let Counts { exposed, overdue, due, soon, unknown, fresh, expiring } = summary.counts();
    let (tone, word) = match (summary.worst(), summary.status()) {
        (Some(worst), _) => (worst.into(), worst.word()),
        (None, Status::Incomplete) => (Tone::Incomplete, "incomplete"),
        (None, Status::Findings) => (Tone::Warning, "warning"),
        (None, Status::Clean) => (Tone::Clean, "clean"),
    };
    let gap = problems::gap(summary.gaps());
    let counts = [
        (Tone::Note, summary.current.len(), "in use"),
        (Tone::Critical, exposed, "exposed"),
        (Tone::Error, expiring, "expiring"),
        (Tone::Error, overdue, "overdue"),
        (Tone::Warning, due, "due"),
        (Tone::Note, soon, "due in 30 days"),
        (Tone::Note, unknown, "age unknown"),
        (Tone::Clean, fresh, "not due"),
        (Tone::Incomplete, summary.gaps(), "not examined"),
    ];
    let counts = counts.into_iter().map(|(tone, number, word)| Count { tone, number, word }).collect();
    Verdict { tone, word, line: summary.headline(), gap, counts }
}

/// One bar of all secrets, and the oldest and the middle one.
fn ages(summary: &ProjectSummary<'_>, html: &mut Html<'_>) {
    let all = summary.current.len();
    if all == 0 {
        html.line("p", &[], "no secret in use");
        return;
    }
    let Counts { exposed, overdue, due, soon, unknown, fresh, .. } = summary.counts();
    let parts = [
        (Tone::Critical, exposed, "exposed"),
        (Tone::Error, overdue, "overdue"),
        (Tone::Warning, due, "due"),
        (Tone::Note, soon + unknown, "due in 30 days or of unknown age"),
        (Tone::Clean, fresh, "not due"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(_, number, _)| *number > 0).map(|(_, number, word)| format!("{number} {word}")).collect();
    let said = format!("{} in use: {}", count(all as u64, "secret", "secrets"), said.join(", "));
    let shape =
        [word("role", "img"), label(&said), word("viewBox", "0 0 1000 24"), word("preserveAspectRatio", "none")];
    html.element("svg", &[&shape[..], &[class("share")]].concat(), |html| {
        let mut before = 0;
        for (tone, part, _) in parts.into_iter().filter(|(_, part, _)| *part > 0) {
            let (from, to) = (before * 1000 / all, (before + part) * 1000 / all);
            before += part;
            html.element("g", &[word("data-tone", tone.class())], |html| {
                // A gap between two parts: the colour alone does not tell them apart.
                let size = [number("x", from as u64), number("width", (to - from).saturating_sub(3) as u64)];
                let size = [&size[..], &[number("y", 0), number("height", 24), class("full")]].concat();
                html.element("rect", &size, |_| ());
            });
        }
    });
    html.line("p", &[class("legend")], &said);
}

/// How many there are, and how old.
fn lead<'m>(summary: &ProjectSummary<'m>, html: &mut Html<'m>) {
    let (Some(oldest), Some(median)) = (summary.oldest(), summary.median_age()) else { return };
    let days = |days: u32| count(days.into(), "day", "days");
    let secrets = count(summary.current.len() as u64, "secret", "secrets");
    let oldest = format!("oldest: {} ({} of {})", days(oldest.age), oldest.key, oldest.file);
    let line = format!("{secrets} in use; {oldest}; median age: {}", days(median));
    html.masked(&summary.report.mask, |html| html.line("p", &[class("lead")], &line));
}

fn trend(months: &[Month], html: &mut Html<'_>) {
    if months.is_empty() {
        html.line("p", &[], "no trend yet: the ledger does not know this project");
        advice("record it: envward rotation status", html);
        return;
    }
    let most = months.iter().filter_map(|month| month.oldest).max().unwrap_or(0);
    html.element("table", &[class("trend")], |html| {
        html.line("caption", &[], "how the project stood at the end of each month, since the ledger knows it");
        columns(["month", "secrets", "replaced", "exposed", "oldest", "age of the oldest"], html);
        html.element("tbody", &[], |html| months.iter().for_each(|one| month(one, most, html)));
    });
    html.line(
        "p",
        &[class("legend")],
        "replaced: secrets that got another value in that month. exposed: secrets in use whose value an incident or a commit \
         had exposed. A value that a commit exposed and that is not in use any more counts only if an incident was recorded",
    );
}

fn month(month: &Month, most: u32, html: &mut Html<'_>) {
    html.element("tr", &[], |html| {
        html.line("th", &[word("scope", "row")], &month.first.strftime("%Y-%m").to_string());
        for (name, value) in [("secrets", month.secrets), ("replaced", month.rotations), ("exposed", month.exposed)] {
            html.line("td", &[word("data-of", name), class("number")], &value.to_string());
        }
        let age = month.oldest.map_or_else(|| "-".to_owned(), |age| format!("{age} d"));
        html.line("td", &[word("data-of", "oldest"), class("number")], &age);
        html.element("td", &[class("drawing")], |html| {
            let Some(age) = month.oldest else { return };
            let said = count(age.into(), "day", "days");
            let shape = [word("role", "img"), label(&said), word("viewBox", "0 0 1000 20")];
            let shape = [&shape[..], &[word("preserveAspectRatio", "none"), word("data-tone", "note")]].concat();
            html.element("svg", &shape, |html| {
                let width = (u64::from(age) * 1000 / u64::from(most.max(1))).max(6);
                let size = [number("x", 0), number("y", 4), number("width", width), number("height", 12)];
                html.element("rect", &[&size[..], &[class("full")]].concat(), |_| ());
            });
        });
    });
}

fn most_urgent(summary: &ProjectSummary<'_>, html: &mut Html<'_>) {
    let mut urgent = summary.current.clone();
    urgent.sort_by_key(|status| (tone(status.urgency), std::cmp::Reverse(status.age)));
    let more = urgent.len().saturating_sub(SHOWN);
    urgent.truncate(SHOWN);
    ages::table(summary.report, &urgent, html);
    if more > 0 {
        advice(&format!("and {more} more: envward rotation status"), html);
    }
}
