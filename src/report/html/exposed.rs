//! The secrets in use that are exposed, each with the command that replaces it.

use super::advice::{advice, commands};
use super::markup::{Html, class};
use super::page::{Sections, Tone, badge};
use crate::report::text::exposed::{CLEAN_UP, Entry, Exposed};

/// The section of them.
pub(super) fn section(exposed: &Exposed<'_>, sections: &mut Sections<'_>) {
    if exposed.count() == 0 {
        return;
    }
    sections.add("replace these first", |html| {
        exposed.entries().iter().for_each(|one| entry(one, html));
        if exposed.is_elsewhere() {
            advice(CLEAN_UP, html);
        }
    });
}

fn entry(entry: &Entry<'_>, html: &mut Html<'_>) {
    html.element("article", &[class("critical")], |html| {
        html.element("p", &[class("what")], |html| {
            badge(Tone::Critical, "critical", html);
            html.text(" ");
            html.line("span", &[], &entry.line());
            entry.checks().iter().for_each(|check| {
                html.text(" ");
                html.line("code", &[class("check")], check);
            });
        });
        if let Some(places) = entry.places(true) {
            html.line("p", &[class("detail")], &places);
        }
        let (all, texts) = entry.steps();
        commands(&all, html);
        texts.iter().for_each(|text| advice(text, html));
    });
}
