//! The page of `rotation status`.

use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt as _;

use jiff::civil::Date;

use super::advice::{advice, commands};
use super::calendar::{self, Due};
use super::markup::{Html, class, word};
use super::page::{Count, Sections, Subject, Tone, Verdict, badge, columns, page};
use super::{ages, problems};
use crate::ledger::ValueState;
use crate::policy::Status;
use crate::report::rotation::headline::{Worst, secrets};
use crate::report::rotation::{ProjectReport, due, expiries, first_reason, surprise};
use crate::report::wording::count;
use crate::rotation::{ExpiryStatus, Nearness, SecretStatus, Urgency};
use crate::text::sanitize;

/// A project, and which of its secrets are shown.
type Shown<'a> = (&'a ProjectReport, Vec<&'a SecretStatus>);

/// Writes the page of these projects, and of each only the secrets that are chosen.
///
/// # Errors
/// Those of `out`.
pub fn write(projects: &[Shown<'_>], day: Date, status: Status, out: &mut dyn Write) -> io::Result<()> {
    let places: Vec<String> = projects.iter().map(|(report, _)| report.mask.text(&report.name)).collect();
    let subject = Subject { command: "rotation status", place: &places.join(", "), day };
    let mut sections = Sections::default();
    for (report, shown) in projects {
        let title = |title: &str| match projects.len() {
            0 | 1 => title.to_owned(),
            _ => report.mask.text(&format!("{title}: {}", report.name)),
        };
        project(report, shown, day, &title, &mut sections);
    }
    let page = page(&subject, &verdict(projects, day, status), |html| lead(projects, day, html), &sections);
    out.write_all(page.as_bytes())
}

fn project<'m>(
    report: &'m ProjectReport,
    shown: &[&SecretStatus],
    day: Date,
    title: &dyn Fn(&str) -> String,
    sections: &mut Sections<'m>,
) {
    if !report.problems.is_empty() {
        let all: Vec<_> = report.problems.iter().collect();
        sections.add(&title("not examined"), |html| html.masked(&report.mask, |html| problems::entries(&all, html)));
    }
    if has_doubts(report) {
        sections.add(&title("doubts"), |html| html.masked(&report.mask, |html| doubts(report, html)));
    }
    let (near, later): (Vec<_>, Vec<_>) = report.expiries.iter().partition(|one| one.is_due(day));
    expiry_section(report, &near, &title("expired or about to expire"), sections);
    sections.add(&title("ages"), |html| {
        html.masked(&report.mask, |html| {
            ages::table(report, shown, html);
            notes(report, shown, html);
        });
    });
    if !report.keys.is_empty() {
        sections.add(&title("admin keys"), |html| html.masked(&report.mask, |html| ages::keys(&report.keys, html)));
    }
    expiry_section(report, &later, &title("expiry dates"), sections);
    let mut dues = dues(report, shown, day);
    dues.iter_mut().for_each(|due| due.what = report.mask.text(&due.what));
    calendar::section(dues, day, &title("what is due when"), sections);
}

/// Whether there is something to doubt.
pub(super) fn has_doubts(report: &ProjectReport) -> bool {
    !report.surprises.is_empty() || !report.limits.is_empty() || report.other_ledger.is_some()
}

/// What the calendar shows.
pub(super) fn dues(report: &ProjectReport, shown: &[&SecretStatus], day: Date) -> Vec<Due> {
    let mut dues = Vec::new();
    for status in shown.iter().filter(|status| status.state == ValueState::Current) {
        let what = format!("{} of {}", status.key, status.file);
        match status.urgency {
            Urgency::Exposed => dues.push(Due { day, what, word: "exposed", tone: Tone::Critical }),
            Urgency::Overdue => dues.push(Due { day, what, word: "overdue", tone: Tone::Error }),
            urgency => {
                let soft = if urgency == Urgency::Due { day } else { status.soft_due };
                dues.push(Due { day: soft, what: what.clone(), word: "due", tone: Tone::Warning });
                dues.push(Due { day: status.hard_due, what, word: "overdue", tone: Tone::Error });
            }
        }
    }
    for key in &report.keys {
        let what = format!("admin key {}_{}", key.prefix.as_str(), key.id);
        if key.urgency != Urgency::Overdue {
            dues.push(Due { day: key.soft_due, what: what.clone(), word: "due", tone: Tone::Warning });
        }
        dues.push(Due { day: key.hard_due, what, word: "overdue", tone: Tone::Error });
    }
    dues.extend(report.expiries.iter().map(|one| {
        let (word, tone) = match one.nearness {
            Nearness::Expired => ("expired", Tone::Error),
            _ => ("expires", Tone::Error),
        };
        Due { day: one.date.day, what: format!("{} of {}", expiries::name(one), one.date.file), word, tone }
    }));
    dues
}

/// What is wrong with the ledger, and what the ages may miss.
pub(super) fn doubts(report: &ProjectReport, html: &mut Html<'_>) {
    let entry = |what: &str, help: &str, html: &mut Html<'_>| {
        html.element("article", &[class("incomplete")], |html| {
            html.line("p", &[class("what")], what);
            advice(help, html);
        });
    };
    for (what, help) in report.surprises.iter().map(surprise) {
        entry(&what, help, html);
    }
    for limit in &report.limits {
        let help = "secrets may be older than shown, and exposed ones may be missing: envward check";
        entry(&format!("git history not examined: {limit}"), help, html);
    }
    if let Some(other) = &report.other_ledger {
        let other = sanitize(other.as_os_str().as_bytes());
        let what = format!("another user's ledger in {other} may also record this project; it was not read");
        entry(&what, "run envward as that user, or set ENVWARD_STATE_DIR for both", html);
    }
}

/// What the table leaves out, where else the secrets are, and where the ages come from.
fn notes(report: &ProjectReport, shown: &[&SecretStatus], html: &mut Html<'_>) {
    if report.unnamed > 0 {
        let count = count(report.unnamed as u64, "secret", "secrets");
        let text = format!("{count} not listed: the name of the key or of the file looks like a secret");
        html.line("p", &[], &text);
    }
    let elsewhere = |status: &&&SecretStatus| report.other_places(status).is_some_and(|number| number > 0);
    for status in shown.iter().filter(elsewhere) {
        let number = report.other_places(status).unwrap_or_default() as u64;
        let places = count(number, "other place", "other places");
        html.line("p", &[], &format!("{} of {} is also in {places}", status.key, status.file));
    }
    if shown.iter().any(|status| elsewhere(&status)) {
        advice("see where, and what to do: envward trace", html);
    }
    html.line("p", &[class("detail")], &format!("ledger: {}", sanitize(report.ledger.as_os_str().as_bytes())));
}

fn expiry_section<'m>(report: &'m ProjectReport, all: &[&ExpiryStatus], title: &str, sections: &mut Sections<'m>) {
    if all.is_empty() {
        return;
    }
    sections.add(title, |html| {
        html.masked(&report.mask, |html| {
            html.element("table", &[class("expiries")], |html| {
                html.line("caption", &[], "values that stop being valid on a day");
                columns(["secret", "when", "known from"], html);
                html.element("tbody", &[], |html| all.iter().for_each(|one| expiry(report, one, html)));
            });
        });
    });
}

fn expiry(report: &ProjectReport, status: &ExpiryStatus, html: &mut Html<'_>) {
    html.element("tr", &[], |html| {
        html.element("th", &[word("scope", "row")], |html| {
            html.element("span", &[class("name")], |html| html.line("code", &[], &expiries::name(status)));
            html.line("span", &[class("detail")], &status.date.file.to_string());
            if status.nearness != Nearness::Far {
                match status.command(&report.shell_path(&status.date.file)) {
                    Some(command) => commands(&[command], html),
                    None => advice(expiries::advice(status), html),
                }
            }
        });
        html.element("td", &[word("data-of", "when")], |html| {
            let tone = if status.nearness <= Nearness::Due && status.is_watched() { Tone::Error } else { Tone::Note };
            badge(tone, status.nearness.word(), html);
            html.text(" ");
            html.line("span", &[], &expiries::when(status));
        });
        html.line("td", &[word("data-of", "known from")], &expiries::source(status));
    });
}

fn verdict(projects: &[Shown<'_>], day: Date, status: Status) -> Verdict {
    let shown = || projects.iter().flat_map(|(_, shown)| shown.iter());
    let current = |urgency: Urgency| {
        shown().filter(|status| status.state == ValueState::Current && status.urgency == urgency).count()
    };
    let admin = |urgency: Urgency| {
        projects.iter().flat_map(|(report, _)| &report.keys).filter(|key| key.urgency == urgency).count()
    };
    let of = |urgency| current(urgency) + admin(urgency);
    let expiring = projects.iter().flat_map(|(report, _)| &report.expiries).filter(|one| one.is_due(day)).count();
    let unfinished = shown().filter(|status| status.state != ValueState::Current).count();
    let problems: usize = projects.iter().map(|(report, _)| report.problems.len()).sum();
    let gap = problems::gap(problems);
    let (tone, word, line) = match (Worst::of(of, expiring), status) {
        (Some(worst), _) => (worst.into(), worst.word(), worst.line()),
        (None, Status::Incomplete) => (Tone::Incomplete, "incomplete", "nothing that was examined is due".to_owned()),
        (None, Status::Findings) if projects.iter().any(|(report, _)| !report.surprises.is_empty()) => {
            (Tone::Warning, "doubts", "no secret is due, but the ledger needs attention".to_owned())
        }
        // With --within: all that is shown.
        (None, Status::Findings) => {
            (Tone::Warning, "due soon", secrets(of(Urgency::Fresh), "is due soon", "are due soon"))
        }
        (None, Status::Clean) => (Tone::Clean, "clean", "no secret is due".to_owned()),
    };
    let counts = vec![
        Count { tone: Tone::Critical, number: of(Urgency::Exposed), word: "exposed" },
        Count { tone: Tone::Error, number: expiring, word: "expiring" },
        Count { tone: Tone::Error, number: of(Urgency::Overdue), word: "overdue" },
        Count { tone: Tone::Warning, number: of(Urgency::Due), word: "due" },
        Count { tone: Tone::Note, number: of(Urgency::Unknown), word: "age unknown" },
        Count { tone: Tone::Note, number: unfinished, word: "unfinished" },
        Count { tone: Tone::Clean, number: of(Urgency::Fresh), word: "not due" },
        Count { tone: Tone::Incomplete, number: problems, word: "not examined" },
    ];
    Verdict { tone, word, line, gap, counts }
}

/// More lines are in the table.
const LEAD: usize = 3;

fn lead<'m>(projects: &[(&'m ProjectReport, Vec<&SecretStatus>)], day: Date, html: &mut Html<'m>) {
    let is_urgent = |status: &&&SecretStatus| status.state == ValueState::Current && status.urgency.is_due();
    let mut urgent: Vec<(&'m ProjectReport, &SecretStatus)> = projects
        .iter()
        .flat_map(|(report, shown)| shown.iter().filter(is_urgent).map(|status| (*report, *status)))
        .collect();
    urgent.sort_by_key(|(_, status)| status.urgency);
    if urgent.is_empty() {
        return;
    }
    html.element("ul", &[class("lead")], |html| {
        for (report, status) in urgent.iter().take(LEAD) {
            let age = count(status.age.into(), "day", "days");
            // All reasons are in the table.
            let why = match status.urgency {
                Urgency::Exposed => first_reason(status).unwrap_or_else(|| "exposed".to_owned()),
                _ => due(status, day),
            };
            let line = format!("{} of {}: {age} old, {why}", status.key, status.file);
            html.masked(&report.mask, |html| html.line("li", &[], &line));
        }
        let more = urgent.len().saturating_sub(LEAD);
        if more > 0 {
            html.line("li", &[], &format!("and {more} more below"));
        }
    });
}
