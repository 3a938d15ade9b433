//! What git history exposes, on a line of time: from the commit that added it, through the one that removed it, to today.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::markup::{Html, class, label, number, word};
use super::page::{Sections, Tone, badge};
use crate::checks::git::env_file_in_history;
use crate::finding::{Fact, Finding, KeyState};
use crate::git::CommitRef;
use crate::policy::Report;
use crate::report::text::exposed::Exposed;
use crate::report::wording::count;

/// The columns of the drawing: so fine is the time.
const WIDTH: u64 = 1000;
/// The least that can be seen of a bar.
const LEAST: u64 = 8;

/// One exposure.
struct Row {
    what: String,
    added: Date,
    /// The day since which the files no longer have it.
    removed: Option<Date>,
    tone: Tone,
    state: &'static str,
}

/// The section of them.
pub(super) fn section(report: &Report, exposed: &Exposed<'_>, sections: &mut Sections<'_>) {
    let mut rows: Vec<Row> = exposed.entries().iter().filter_map(of_secrets).collect();
    rows.extend(report.findings.iter().filter(|one| one.is_of(&env_file_in_history::CHECK)).filter_map(of_file));
    rows.sort_by(|one, other| (one.added, &one.what).cmp(&(other.added, &other.what)));
    let Some(first) = rows.first().map(|row| row.added) else { return };
    let last = rows.iter().map(|row| row.removed.unwrap_or(row.added)).max().unwrap_or(first).max(report.as_of);
    let scale = Scale { first, last };
    sections.add("exposures over time", |html| {
        html.element("table", &[class("timeline")], |html| {
            html.line("caption", &[], "what git history contains, the oldest first");
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    html.line("th", &[word("scope", "col")], "what");
                    html.element("th", &[word("scope", "col"), class("axis")], |html| scale.axis(html));
                    html.line("th", &[word("scope", "col")], "added");
                    html.line("th", &[word("scope", "col")], "removed");
                    html.line("th", &[word("scope", "col")], "today");
                });
            });
            html.element("tbody", &[], |html| rows.iter().for_each(|row| row.write(&scale, report.as_of, html)));
        });
        legend(html);
    });
}

/// Secrets in use: they are exposed until they are replaced.
fn of_secrets(entry: &crate::report::text::exposed::Entry<'_>) -> Option<Row> {
    let added = day(entry.commit()?);
    Some(Row { what: entry.name(), added, removed: None, tone: Tone::Critical, state: "in use" })
}

fn of_file(finding: &Finding) -> Option<Row> {
    let commit = |name: &str| match finding.get(name) {
        Some(Fact::Commit(commit)) => Some(day(commit)),
        _ => None,
    };
    let keys = match finding.get("keys") {
        Some(Fact::Exposed(keys)) => keys.as_slice(),
        _ => &[],
    };
    let has = |states: &[KeyState]| keys.iter().any(|key| states.contains(&key.state));
    let (tone, state) = match () {
        () if has(&[KeyState::Live, KeyState::Reused]) => (Tone::Critical, "secrets in use"),
        () if has(&[KeyState::Unknown]) => (Tone::Error, "may still be valid"),
        () if has(&[KeyState::Replaced]) => (Tone::Warning, "replaced"),
        () => (Tone::Note, "no filled secret"),
    };
    Some(Row { what: finding.place(), added: commit("added")?, removed: commit("removed"), tone, state })
}

fn day(commit: &CommitRef) -> Date {
    TimeZone::UTC.to_datetime(commit.time).date()
}

/// From the first day to the last one.
struct Scale {
    first: Date,
    last: Date,
}

impl Scale {
    fn days(&self) -> u64 {
        crate::rotation::days(self.first, self.last).max(1).into()
    }

    fn at(&self, day: Date) -> u64 {
        (u64::from(crate::rotation::days(self.first, day)) * WIDTH / self.days()).min(WIDTH)
    }

    /// The days at its ends.
    fn axis(&self, html: &mut Html<'_>) {
        html.element("span", &[class("ends")], |html| {
            html.line("span", &[], &self.first.to_string());
            html.text(" ");
            html.line("span", &[], &self.last.to_string());
        });
    }
}

impl Row {
    fn write(&self, scale: &Scale, today: Date, html: &mut Html<'_>) {
        let removed = self.removed.map_or_else(|| "no".to_owned(), |day| day.to_string());
        html.element("tr", &[], |html| {
            html.line("th", &[word("scope", "row")], &self.what);
            html.element("td", &[class("drawing")], |html| self.drawing(scale, today, html));
            html.line("td", &[word("data-of", "added")], &self.added.to_string());
            html.line("td", &[word("data-of", "removed")], &removed);
            html.element("td", &[], |html| badge(self.tone, self.state, html));
        });
    }

    /// Full while the files had it, thin while only git history has it.
    fn drawing(&self, scale: &Scale, today: Date, html: &mut Html<'_>) {
        let (from, to) = (scale.at(self.added), self.removed.map_or(WIDTH, |day| scale.at(day)));
        let exposed = count(crate::rotation::days(self.added, today).into(), "day", "days");
        let text = match self.removed {
            None => format!("since {}: {exposed}", self.added),
            Some(day) => format!("{} to {day}, in git history since: {exposed}", self.added),
        };
        // What begins today must be seen, too.
        let from = from.min(WIDTH - LEAST);
        let shape = [word("role", "img"), label(&text), word("viewBox", "0 0 1000 20")];
        let shape = [&shape[..], &[word("preserveAspectRatio", "none"), word("data-tone", self.tone.class())]].concat();
        html.element("svg", &shape, |html| {
            let bar = |x: u64, y: u64, width: u64, height: u64, name: &'static str, html: &mut Html<'_>| {
                let size = [number("x", x), number("y", y), number("width", width), number("height", height)];
                html.element("rect", &[&size[..], &[class(name)]].concat(), |_| ());
            };
            bar(0, 9, WIDTH, 2, "ground", html);
            bar(from, 6, WIDTH - from, 8, "after", html);
            bar(from, 2, to.saturating_sub(from).max(LEAST), 16, "full", html);
        });
    }
}

fn legend(html: &mut Html<'_>) {
    html.line(
        "p",
        &[class("legend")],
        "thick: the files contained it. thin: removed from the files, and git history still contains it",
    );
}
