//! What each reader of env files sees: `check --readers`.

use super::markup::{Html, class, word};
use super::page::{Sections, columns};
use crate::env::readers::Verdict;
use crate::policy::{FileReaders, KeyReaders, Report};
use crate::report::wording::{at, count};

/// What a reader sees other than Docker Compose does, and the heading of its column.
const COLUMNS: [(Verdict, &str); 4] = [
    (Verdict::Other, "see another value"),
    (Verdict::Absent, "see no value"),
    (Verdict::Error, "refuse it"),
    (Verdict::Executes, "run it as a command"),
];

/// The section, where it was asked for.
pub(super) fn section(report: &Report, sections: &mut Sections<'_>) {
    let Some(files) = &report.readers else { return };
    sections.add("what each reader sees", |html| {
        html.line("p", &[], "each reader is compared with Docker Compose");
        files.iter().for_each(|file| of_file(file, html));
    });
}

fn of_file(file: &FileReaders, html: &mut Html<'_>) {
    html.line("h3", &[], &file.path.to_string());
    for (reader, seen, line) in &file.used {
        html.line("p", &[class("detail")], &format!("{} reads it: {}", reader.name(), at(seen, *line)));
    }
    let differs = |key: &&KeyReaders| key.verdicts.iter().any(|(_, verdict)| *verdict != Verdict::Same);
    let different: Vec<&KeyReaders> = file.keys.iter().filter(differs).collect();
    let same = (file.keys.len() - different.len()) as u64;
    if same > 0 {
        let keys = count(same, "key is", "keys are");
        html.line("p", &[class("detail")], &format!("{keys} the same for all readers"));
    }
    if different.is_empty() {
        return;
    }
    html.element("table", &[class("readers")], |html| {
        html.line("caption", &[], "readers that do not see what Docker Compose sees, by key");
        columns(std::iter::once("key").chain(COLUMNS.map(|(_, name)| name)), html);
        html.element("tbody", &[], |html| different.iter().for_each(|key| row(key, html)));
    });
}

fn row(key: &KeyReaders, html: &mut Html<'_>) {
    let name = key.key.as_ref().map_or_else(|| format!("a key on line {}", key.line), ToString::to_string);
    html.element("tr", &[], |html| {
        html.element("th", &[word("scope", "row")], |html| html.line("code", &[], &name));
        for (verdict, column) in COLUMNS {
            let of = key.verdicts.iter().filter(|(_, seen)| *seen == verdict).map(|(reader, _)| reader.name());
            let names: Vec<&str> = of.collect();
            let empty = class("empty");
            let cell = [word("data-of", column), empty];
            let cell = if names.is_empty() { &cell[..] } else { cell.split_last().map_or(&[][..], |(_, rest)| rest) };
            html.line("td", cell, &names.join(", "));
        }
    });
}
