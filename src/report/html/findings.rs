//! The findings by file, the most severe first, each with what to do.

use super::advice::{advice, commands};
use super::markup::{Html, class};
use super::page::{Sections, badge, list};
use crate::finding::{ExposedKey, Finding};
use crate::policy::Report;
use crate::report::text::exposed::{Exposed, is_told};
use crate::report::text::groups::{self, Section};
use crate::report::text::{commands as commands_of, details, merged};
use crate::report::wording;

/// The section of them, without those that are at the top already.
pub(super) fn section(report: &Report, exposed: &Exposed<'_>, all: bool, sections: &mut Sections<'_>) {
    let rest: Vec<&Finding> = report.findings.iter().filter(|finding| all || !is_told(finding)).collect();
    if rest.is_empty() {
        return;
    }
    let page = Page { exposed, command: report.command, all };
    let title = if exposed.count() > 0 && !all { "other findings" } else { "findings" };
    sections.add(title, |html| {
        groups::sections(&rest, &|_| all).iter().for_each(|section| page.section(section, html));
    });
}

/// More places of a group are only shown when somebody opens the list.
const SHOWN: usize = 6;

struct Page<'a> {
    exposed: &'a Exposed<'a>,
    command: &'static str,
    all: bool,
}

impl Page<'_> {
    fn section(&self, section: &Section<'_>, html: &mut Html<'_>) {
        html.line("h3", &[], &section.name());
        if section.is_group() {
            places(&section.places, html);
            let firsts: Vec<&Finding> = section.findings.iter().filter_map(|group| group.first()).copied().collect();
            merged(&firsts).iter().for_each(|entry| self.entry(entry, true, html));
            return;
        }
        let mut findings: Vec<&Finding> = section.findings.iter().flatten().copied().collect();
        findings.sort_by_key(|one| std::cmp::Reverse(one.severity));
        merged(&findings).iter().for_each(|entry| self.entry(entry, false, html));
    }

    /// One entry; `is_group` where it is about many files.
    fn entry(&self, entry: &[&Finding], is_group: bool, html: &mut Html<'_>) {
        let Some(first) = entry.first() else { return };
        html.element("article", &[class(first.severity.word())], |html| {
            html.element("p", &[class("what")], |html| {
                badge(first.severity.into(), first.severity.word(), html);
                html.text(" ");
                html.line("span", &[], &wording::what_of_keys(entry));
                lines(entry, is_group).iter().for_each(|text| {
                    html.text(" ");
                    html.line("span", &[class("at")], text);
                });
                html.text(" ");
                html.line("code", &[class("check")], first.check.id);
            });
            let is_told = |key: &ExposedKey| !self.all && self.exposed.tells(&first.place(), key.key.as_ref());
            if !is_group {
                list(&details::of(first, &is_told), &[class("details")], html);
            }
            match commands_of(entry).as_slice() {
                _ if is_group => advice(&groups::help(first, self.command), html),
                [] => advice(&wording::help_of_keys(entry), html),
                all => commands(all, html),
            }
        });
    }
}

/// The places of a group: all of them where they are few.
fn places(places: &[String], html: &mut Html<'_>) {
    let first = places.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if places.len() <= SHOWN {
        html.line("p", &[class("detail")], &first);
        return;
    }
    html.element("details", &[], |html| {
        html.line("summary", &[], &format!("{first} and {} more", places.len().saturating_sub(SHOWN)));
        list(places, &[class("places")], html);
    });
}

/// Where in their file the findings are.
fn lines(entry: &[&Finding], is_group: bool) -> Option<String> {
    let mut lines: Vec<String> = entry.iter().filter_map(|one| Some(one.line?.to_string())).collect();
    lines.dedup();
    match lines.as_slice() {
        _ if is_group => None,
        [] => None,
        [one] => Some(format!("line {one}")),
        many => Some(format!("lines {}", wording::several(many))),
    }
}
