//! How old each secret is, as a table with bars.

use super::advice::commands;
use super::age_bar::Age;
use super::markup::{Html, class, word};
use super::page::{Tone, badge, columns};
use crate::ledger::ValueState;
use crate::report::rotation::ProjectReport;
use crate::report::rotation::table::{heading_of, place};
use crate::report::rotation::{keys, listed};
use crate::rotation::{KeyStatus, SecretStatus, Urgency, days};
use crate::text::sanitize;

/// The tone of an urgency.
pub(super) fn tone(urgency: Urgency) -> Tone {
    match urgency {
        Urgency::Exposed => Tone::Critical,
        Urgency::Overdue => Tone::Error,
        Urgency::Due => Tone::Warning,
        Urgency::Unknown => Tone::Note,
        Urgency::Fresh => Tone::Clean,
    }
}

/// The secrets, the most urgent first.
pub(super) fn table(report: &ProjectReport, shown: &[&SecretStatus], html: &mut Html<'_>) {
    if shown.is_empty() {
        html.line("p", &[], "no secret to show");
        return;
    }
    html.element("table", &[class("ages")], |html| {
        html.line("caption", &[], "bar: the age; first mark: due; second mark: overdue");
        columns(["secret", "bar", "age", "due from", "overdue from"], html);
        let mut rest = shown;
        while let Some(first) = rest.first() {
            let word = heading_of(first).0;
            let same = rest.iter().take_while(|status| heading_of(status).0 == word).count().max(1);
            let (group, after) = rest.split_at(same);
            html.element("tbody", &[], |html| {
                group_heading(tone(first.urgency), word, html);
                group.iter().for_each(|status| row(report, status, html));
            });
            rest = after;
        }
    });
}

fn group_heading(tone: Tone, text: &str, html: &mut Html<'_>) {
    html.element("tr", &[class("group")], |html| {
        html.element("th", &[word("scope", "rowgroup"), word("colspan", "5")], |html| badge(tone, text, html));
    });
}

fn row(report: &ProjectReport, status: &SecretStatus, html: &mut Html<'_>) {
    html.element("tr", &[], |html| {
        html.element("th", &[word("scope", "row")], |html| {
            html.element("span", &[class("name")], |html| {
                html.line("code", &[], status.key.as_str());
                html.text(" ");
                html.line("span", &[class("detail")], status.class.word());
            });
            html.line("span", &[class("detail")], &place(status));
            if let Some(owner) = &status.owner {
                html.line("span", &[class("detail")], &format!("owner: {}", sanitize(owner.as_bytes())));
            }
            let reasons = listed(status);
            if !reasons.is_empty() {
                html.line("span", &[class("detail")], &reasons);
            }
        });
        if status.state != ValueState::Current {
            html.line("td", &[word("colspan", "4")], heading_of(status).0);
            return;
        }
        let age = Age { days: status.age, soft: status.limits.soft, hard: status.limits.hard };
        let (soft, hard) = match status.urgency {
            Urgency::Exposed => ("now".to_owned(), "now".to_owned()),
            _ => (status.soft_due.to_string(), status.hard_due.to_string()),
        };
        cells(age, tone(status.urgency), [&soft, &hard], html);
    });
    step(report.command(status), html);
}

/// What to do about the row above. A command is long: it has the whole width.
fn step(command: Option<String>, html: &mut Html<'_>) {
    let Some(command) = command else { return };
    html.element("tr", &[class("step")], |html| {
        html.element("td", &[word("colspan", "5")], |html| commands(&[command], html));
    });
}

fn cells(age: Age, tone: Tone, [soft, hard]: [&str; 2], html: &mut Html<'_>) {
    html.element("td", &[class("drawing")], |html| age.draw(tone, html));
    html.line("td", &[word("data-of", "age"), class("number")], &format!("{} d", age.days));
    html.line("td", &[word("data-of", "due from")], soft);
    html.line("td", &[word("data-of", "overdue from")], hard);
}

/// The admin keys.
pub(super) fn keys<'k>(all: impl IntoIterator<Item = &'k KeyStatus>, html: &mut Html<'_>) {
    html.element("table", &[class("ages")], |html| {
        html.line("caption", &[], "admin keys, the most urgent first");
        columns(["admin key", "bar", "age", "due from", "overdue from"], html);
        html.element("tbody", &[], |html| all.into_iter().for_each(|one| key(one, html)));
    });
}

fn key(key: &KeyStatus, html: &mut Html<'_>) {
    html.element("tr", &[], |html| {
        html.element("th", &[word("scope", "row")], |html| {
            html.element("span", &[class("name")], |html| {
                html.line("code", &[], &format!("{}_{}", key.prefix.as_str(), key.id));
            });
            html.line("span", &[class("detail")], &keys::name(key));
            html.line("span", &[class("detail")], &keys::due(key));
            if let Some(new) = key.replaced_by.as_ref().filter(|_| key.urgency.is_due()) {
                html.line("span", &[class("detail")], &format!("replaced by {new}"));
            }
        });
        let age = Age { days: key.age, soft: days(key.since, key.soft_due), hard: days(key.since, key.hard_due) };
        cells(age, tone(key.urgency), [&key.soft_due.to_string(), &key.hard_due.to_string()], html);
    });
    step(key.urgency.is_due().then(|| key.command()), html);
}
