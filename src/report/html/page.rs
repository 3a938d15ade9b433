//! The frame of a page: the verdict first, then its sections.

use base64ct::{Base64, Encoding as _};
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::markup::{Attribute, Html, class, id, label, named_by, to, word};
use crate::finding::Severity;
use crate::report::rotation::headline::Worst;

/// The style sheet, for screens, phones and paper.
const SHEET: &str = include_str!("page.css");

/// How bad something is. Each has a word and a shape beside its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    Critical,
    Error,
    Warning,
    Note,
    Clean,
    Incomplete,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Clean => "clean",
            Self::Incomplete => "incomplete",
        }
    }
}

impl From<Severity> for Tone {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Critical => Self::Critical,
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Note => Self::Note,
        }
    }
}

impl From<Worst> for Tone {
    fn from(worst: Worst) -> Self {
        match worst {
            Worst::Exposed(_) => Self::Critical,
            Worst::Expiring(_) | Worst::Overdue(_) => Self::Error,
            Worst::Due(_) => Self::Warning,
        }
    }
}

/// What a page is about.
pub(super) struct Subject<'a> {
    /// The command that wrote it.
    pub(super) command: &'a str,
    /// The projects, masked already.
    pub(super) place: &'a str,
    /// The day that it calls today.
    pub(super) day: Date,
}

/// What is read first.
pub(super) struct Verdict {
    pub(super) tone: Tone,
    /// The word in front.
    pub(super) word: &'static str,
    pub(super) line: String,
    /// What could not be examined, where that is anything.
    pub(super) gap: Option<String>,
    /// How many there are of what.
    pub(super) counts: Vec<Count>,
}

/// How many there are.
pub(super) struct Count {
    pub(super) tone: Tone,
    pub(super) number: usize,
    pub(super) word: &'static str,
}

/// The sections of a page.
#[derive(Default)]
pub(super) struct Sections<'m> {
    html: Html<'m>,
    titles: Vec<String>,
}

/// The name of the headings that the list of sections leads to.
const SECTION: &str = "section";
const MAIN: &str = "main";

impl<'m> Sections<'m> {
    /// Adds one.
    pub(super) fn add(&mut self, title: &str, inside: impl FnOnce(&mut Html<'m>)) {
        let number = self.titles.len();
        self.titles.push(title.to_owned());
        self.html.element("section", &[named_by(SECTION, number)], |html| {
            html.line("h2", &[id(SECTION, number)], title);
            inside(html);
        });
    }
}

#[cfg(test)]
impl Sections<'_> {
    /// What was written so far.
    pub(super) fn written(self) -> String {
        self.html.finish()
    }
}

/// The whole page; `lead` is below its heading.
pub(super) fn page<'m>(
    subject: &Subject<'_>,
    verdict: &Verdict,
    lead: impl FnOnce(&mut Html<'m>),
    sections: &Sections<'m>,
) -> String {
    let mut html = Html::page();
    html.element("html", &[word("lang", "en"), word("dir", "ltr")], |html| {
        html.element("head", &[], |html| head(subject, verdict, html));
        html.element("body", &[], |html| {
            html.line("a", &[class("skip"), to(MAIN, 0)], "skip to the report");
            html.element("header", &[], |html| {
                html.element("p", &[class("about")], |html| {
                    html.line("strong", &[], &format!("envward {}", subject.command));
                    if !subject.place.is_empty() {
                        html.line("code", &[], subject.place);
                    }
                    html.line("span", &[], &subject.day.to_string());
                });
            });
            html.element("main", &[id(MAIN, 0), word("tabindex", "-1")], |html| {
                self::verdict(verdict, lead, html);
                contents(&sections.titles, html);
                html.append(&sections.html);
            });
            html.element("footer", &[], footer);
        });
    });
    html.finish()
}

fn head(subject: &Subject<'_>, verdict: &Verdict, html: &mut Html<'_>) {
    html.empty("meta", &[word("charset", "utf-8")]);
    let hash = Base64::encode_string(&Sha256::digest(SHEET));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    html.meta("http-equiv", "Content-Security-Policy", &policy);
    html.meta("name", "viewport", "width=device-width, initial-scale=1");
    html.meta("name", "color-scheme", "light dark");
    html.meta("name", "referrer", "no-referrer");
    html.meta("name", "robots", "noindex, nofollow, noarchive");
    html.meta("name", "generator", concat!("envward ", env!("CARGO_PKG_VERSION")));
    let gap = if verdict.gap.is_some() || verdict.tone == Tone::Incomplete { "incomplete: " } else { "" };
    html.line("title", &[], &format!("{gap}{} - envward {}", verdict.line, subject.command));
    html.style(SHEET);
}

fn verdict<'m>(verdict: &Verdict, lead: impl FnOnce(&mut Html<'m>), html: &mut Html<'m>) {
    html.element("div", &[class("verdict"), word("data-tone", verdict.tone.class())], |html| {
        html.element("h1", &[], |html| {
            badge(verdict.tone, verdict.word, html);
            html.text(" ");
            html.line("span", &[], &verdict.line);
        });
        lead(html);
        if let Some(gap) = &verdict.gap {
            html.element("p", &[class("gap")], |html| {
                badge(Tone::Incomplete, "incomplete", html);
                html.text(" ");
                html.line("span", &[], gap);
            });
        }
        if !verdict.counts.is_empty() {
            html.element("ul", &[class("counts"), label("how many of what")], |html| {
                verdict.counts.iter().for_each(|count| tile(count, html));
            });
        }
    });
}

fn tile(count: &Count, html: &mut Html<'_>) {
    let tone = if count.number == 0 { "none" } else { count.tone.class() };
    html.element("li", &[word("data-tone", tone)], |html| {
        html.line("b", &[], &count.number.to_string());
        html.text(" ");
        html.line("span", &[], count.word);
    });
}

/// A word in the colour and the shape of its tone.
pub(super) fn badge(tone: Tone, text: &str, html: &mut Html<'_>) {
    html.line("span", &[class("badge"), word("data-tone", tone.class())], text);
}

/// Only where there is something to choose from.
fn contents(titles: &[String], html: &mut Html<'_>) {
    if titles.len() < 2 {
        return;
    }
    html.element("nav", &[label("sections of this page")], |html| {
        html.element("ul", &[], |html| {
            for (number, title) in titles.iter().enumerate() {
                html.element("li", &[], |html| html.line("a", &[to(SECTION, number)], title));
            }
        });
    });
}

fn footer(html: &mut Html<'_>) {
    let version = concat!("written by envward ", env!("CARGO_PKG_VERSION"));
    html.line("p", &[], version);
    html.line(
        "p",
        &[],
        "This page contains names, places and dates, and no values of secrets. It loads nothing and runs no script.",
    );
}

/// The names of a table's columns.
pub(super) fn columns<'n>(names: impl IntoIterator<Item = &'n str>, html: &mut Html<'_>) {
    html.element("thead", &[], |html| {
        html.element("tr", &[], |html| {
            names.into_iter().for_each(|name| html.line("th", &[word("scope", "col")], name));
        });
    });
}

/// A list whose entries are texts.
pub(super) fn list(texts: &[String], with: &[Attribute<'_>], html: &mut Html<'_>) {
    if texts.is_empty() {
        return;
    }
    html.element("ul", with, |html| texts.iter().for_each(|text| html.line("li", &[], text)));
}
