//! From bytes to instructions as they are written: continuations joined, comments left out, here-documents taken along.
//!
//! After `frontend/dockerfile/parser/parser.go` of `github.com/moby/buildkit`, line by line: what that joins is joined.

use std::num::NonZeroU32;

use zeroize::Zeroizing;

use super::word;

/// One instruction as it is written.
pub(super) struct Line {
    /// Its first line, from 1.
    pub(super) at: NonZeroU32,
    /// Its first word, in capitals.
    pub(super) keyword: String,
    /// All behind it.
    pub(super) rest: Zeroizing<String>,
    /// The texts of its here-documents.
    pub(super) documents: Vec<Zeroizing<String>>,
}

/// What a file's lines are.
pub(super) struct Lines {
    /// The escape character: a backslash, or what the directive says.
    pub(super) escape: char,
    /// The instructions.
    pub(super) lines: Vec<Line>,
    /// Lines that Docker refuses.
    pub(super) faults: Vec<NonZeroU32>,
}

/// Reads a file.
pub(super) fn read(text: &str) -> Lines {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (escape, fault) = escape(text);
    let mut found = Lines { escape, lines: Vec::new(), faults: fault.into_iter().collect() };
    let mut rows = (1..).filter_map(NonZeroU32::new).zip(text.split_inclusive('\n'));
    while let Some((at, row)) = rows.next() {
        let row = row.trim_end_matches(['\r', '\n']).trim_start();
        let (head, mut is_open) = part(if row.starts_with('#') { "" } else { row }, escape);
        if !is_open && head.is_empty() {
            continue;
        }
        let mut whole = Zeroizing::new(head.to_owned());
        while is_open {
            let Some((_, row)) = rows.next() else { break };
            let row = row.trim_end_matches(['\r', '\n']);
            // A comment or an empty line between two parts is no end: Docker warns, and goes on.
            if row.trim_start().starts_with('#') || row.trim_start().is_empty() {
                continue;
            }
            let (more, open) = part(row, escape);
            whole.push_str(more);
            is_open = open;
        }
        let line = split(at, &whole);
        found.add(line, &mut rows);
    }
    found
}

impl Lines {
    fn add<'a>(&mut self, mut line: Line, rows: &mut impl Iterator<Item = (NonZeroU32, &'a str)>) {
        if line.keyword.is_empty() {
            return;
        }
        for document in documents(&line, self.escape) {
            match document.read(rows) {
                Some(text) => line.documents.push(text),
                None => self.faults.push(line.at),
            }
        }
        self.lines.push(line);
    }
}

/// An instruction's word and the rest.
pub(super) fn split(at: NonZeroU32, whole: &str) -> Line {
    let whole = whole.trim();
    let (keyword, rest) = whole.split_once(char::is_whitespace).unwrap_or((whole, ""));
    Line {
        at,
        keyword: keyword.to_ascii_uppercase(),
        rest: Zeroizing::new(rest.trim().to_owned()),
        documents: Vec::new(),
    }
}

/// A row without its continuation, and whether it had one: an escape at its end that is not itself escaped.
fn part(row: &str, escape: char) -> (&str, bool) {
    let body = row.trim_end_matches([' ', '\t']);
    match body.strip_suffix(escape) {
        Some(head) if !head.ends_with(escape) => (head, true),
        _ => (row, false),
    }
}

/// The escape character that `# escape=` at the top asks for, and the line of one that is none.
fn escape(text: &str) -> (char, Option<NonZeroU32>) {
    for (at, row) in (1..).filter_map(NonZeroU32::new).zip(text.lines()) {
        let directive = row.strip_prefix('#').and_then(|row| row.split_once('='));
        let Some((name, value)) = directive else { break };
        let name = name.trim();
        let is_name = name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_name || value.trim().is_empty() {
            break;
        }
        if name.eq_ignore_ascii_case("escape") {
            return match value.trim() {
                "`" => ('`', None),
                "\\" => ('\\', None),
                _ => ('\\', Some(at)),
            };
        }
    }
    ('\\', None)
}

/// A here-document that a line announces.
struct Document {
    name: String,
    strips_tabs: bool,
}

impl Document {
    /// Its text; `None` where the file ends before it does.
    fn read<'a>(&self, rows: &mut impl Iterator<Item = (NonZeroU32, &'a str)>) -> Option<Zeroizing<String>> {
        let mut text = Zeroizing::new(String::new());
        for (_, row) in rows {
            let row = if self.strips_tabs { row.trim_start_matches('\t') } else { row };
            if row.trim_end_matches(['\r', '\n']) == self.name {
                return Some(text);
            }
            text.push_str(row);
        }
        None
    }
}

/// The here-documents of a line: `<<NAME`, `<<-NAME`, `<<"NAME"` as words of a RUN, COPY or ADD that is no JSON array.
fn documents(line: &Line, escape: char) -> Vec<Document> {
    let mut keyword = line.keyword.as_str();
    let mut rest = line.rest.as_str();
    let inner;
    if keyword == "ONBUILD" {
        inner = split(line.at, rest);
        (keyword, rest) = (inner.keyword.as_str(), inner.rest.as_str());
    }
    if !matches!(keyword, "RUN" | "COPY" | "ADD") || !rest.contains("<<") || word::json(rest).is_some() {
        return Vec::new();
    }
    // Where a quote is open at the end, Docker finds none.
    if word::is_open(rest, escape) {
        return Vec::new();
    }
    word::words(rest, escape).into_iter().filter_map(document).collect()
}

fn document(word: &str) -> Option<Document> {
    let after = word.trim_start_matches(|letter: char| letter.is_ascii_digit()).strip_prefix("<<")?;
    let (strips_tabs, name) = match after.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, after),
    };
    let name: String = name.chars().filter(|letter| !matches!(letter, '"' | '\'' | '\\')).collect();
    (!name.is_empty() && !name.contains(['<', '{'])).then_some(Document { name, strips_tabs })
}
