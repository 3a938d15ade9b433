//! Assignments that Docker Compose does not read: behind a carriage return that stands alone, further ones on the line of
//! another, and those that a `#` switches off. Each is in the file for everybody who opens it.

use std::num::NonZeroU32;
use std::ops::Range;

use zeroize::Zeroizing;

use super::Key;
use super::chars::{from, part};
use super::scan::{Raw, closing_quote, scan};
use super::value::Values;
use crate::secret::Secret;

/// An assignment that Docker Compose does not read.
#[derive(Debug)]
pub struct Hidden {
    /// The line it stands on, from 1; a lone carriage return ends one.
    pub line: NonZeroU32,
    /// The key, where it may be printed.
    pub key: Option<Key>,
    /// The key as written, to compare with, never to print.
    pub name: String,
    /// The value.
    pub value: Secret,
    /// What hides it.
    pub way: Way,
}

/// What hides an assignment from Docker Compose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A `#` before it.
    Comment,
    /// A carriage return that no line feed follows.
    Return,
    /// Another assignment before it on its line, as a shell takes several: `export A=1 B=2`.
    SameLine,
}

/// The hidden assignments of a text; `seen` are those that Compose reads, in order.
pub(super) fn find(text: &[u8], seen: &[Raw]) -> Vec<Hidden> {
    let copy = with_lines(text);
    let lines = copy.as_ref().map_or(text, |copy| copy.as_slice());
    let others = copy.as_ref().map(|copy| scan(copy).raws);
    let all = others.as_deref().unwrap_or(seen);
    let mut finder = Finder { text: lines, found: Vec::new(), line: NonZeroU32::MIN, at: 0 };
    let is_seen = |raw: &Raw| seen.binary_search_by_key(&raw.key_span.start, |seen| seen.key_span.start).is_ok();
    let mut end = 0;
    for raw in all {
        finder.comments(end..raw.key_span.start);
        if !is_seen(raw) {
            finder.push(raw, Way::Return);
        }
        finder.same_line(raw);
        end = raw.value_span.end;
    }
    finder.comments(end..lines.len());
    finder.found
}

/// The carriage returns, in runs, that no line feed follows.
pub(super) fn lone_returns(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + memchr::memchr(b'\r', from(text, at))?;
            at = start + from(text, start).iter().take_while(|byte| **byte == b'\r').count();
            if text.get(at) != Some(&b'\n') {
                return Some(start..at);
            }
        }
    })
}

/// The text with a line feed for each carriage return that stands alone; `None` where none does.
fn with_lines(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut returns = lone_returns(text).peekable();
    returns.peek()?;
    let mut copy = Zeroizing::new(text.to_vec());
    for run in returns {
        if let Some(run) = copy.get_mut(run) {
            run.fill(b'\n');
        }
    }
    Some(copy)
}

struct Finder<'a> {
    text: &'a [u8],
    found: Vec<Hidden>,
    /// The line of the place that was asked for last.
    line: NonZeroU32,
    at: usize,
}

impl Finder<'_> {
    fn line_of(&mut self, at: usize) -> NonZeroU32 {
        let passed = memchr::memchr_iter(b'\n', part(self.text, self.at..at)).count();
        self.line = self.line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        self.at = at.max(self.at);
        self.line
    }

    fn push(&mut self, raw: &Raw, way: Way) {
        let line = self.line_of(raw.key_span.start);
        self.found.extend(hidden(self.text, raw, line, way));
    }

    /// The assignments in the comment lines of a range between two others.
    fn comments(&mut self, range: Range<usize>) {
        let mut start = range.start;
        for line in part(self.text, range.clone()).split_inclusive(|byte| *byte == b'\n') {
            let (at, is_whole) = (start, start == 0 || self.text.get(start - 1) == Some(&b'\n'));
            start += line.len();
            let text = line.trim_ascii();
            let inner = text.trim_ascii_start().strip_prefix(b"#").unwrap_or_default();
            let inner =
                inner.iter().position(|byte| !b"# \t".contains(byte)).map_or(&[][..], |first| from(inner, first));
            if !is_whole || !begins_with_name(inner) {
                continue;
            }
            let number = self.line_of(at);
            let raw = scan(inner).raws.into_iter().next();
            self.found.extend(raw.and_then(|raw| hidden(inner, &raw, number, Way::Comment)));
        }
    }

    /// What follows the value of an assignment on its line, where all of it is assignments.
    fn same_line(&mut self, raw: &Raw) {
        let value = part(self.text, raw.value_span.clone());
        let Some(blank) = value.iter().position(u8::is_ascii_whitespace) else { return };
        if raw.quote != super::Quote::Bare || memchr::memchr(b'=', from(value, blank)).is_none() {
            return;
        }
        let Some(pairs) = pairs(from(value, blank), raw.export) else { return };
        let line = self.line_of(raw.key_span.start);
        for (name, written) in pairs {
            let (name, value) = (String::from_utf8_lossy(name).into_owned(), Secret::copy_of(written));
            self.found.push(Hidden { line, key: Key::printable(name.as_bytes()), name, value, way: Way::SameLine });
        }
    }
}

/// An assignment of a text; `None` for a name that is no text.
fn hidden(text: &[u8], raw: &Raw, line: NonZeroU32, way: Way) -> Option<Hidden> {
    let name = std::str::from_utf8(part(text, raw.key_span.clone())).ok()?.to_owned();
    let value = Values::new(text, 1).decode(raw, |_| None).secret;
    Some(Hidden { line, key: Key::printable(name.as_bytes()), name, value, way })
}

/// `NAME=`, with or without `export` before it.
fn begins_with_name(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"export ").map_or(text, <[u8]>::trim_ascii_start);
    memchr::memchr(b'=', text).and_then(|at| text.get(..at)).is_some_and(is_name)
}

fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(|first| !first.is_ascii_digit())
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// The assignments of a shell's line; `None` where something else is there, or, without `export`, names that are not
/// in capitals: `user=app password=x` is one value.
fn pairs(text: &[u8], is_export: bool) -> Option<Vec<(&[u8], &[u8])>> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_ascii();
    while !rest.is_empty() && !rest.starts_with(b"#") {
        let name = rest.get(..memchr::memchr(b'=', rest)?)?;
        if !is_name(name) || !is_export && name.iter().any(u8::is_ascii_lowercase) {
            return None;
        }
        rest = from(rest, name.len() + 1);
        let value = match rest.first() {
            Some(b'"' | b'\'') => part(rest, 1..closing_quote(rest, 0)?),
            _ => rest.get(..rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len()))?,
        };
        let quotes = if matches!(rest.first(), Some(b'"' | b'\'')) { 2 } else { 0 };
        rest = from(rest, value.len() + quotes);
        if rest.first().is_some_and(|byte| !byte.is_ascii_whitespace()) {
            return None;
        }
        pairs.push((name, value));
        rest = rest.trim_ascii_start();
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Document;

    #[expect(clippy::disallowed_methods, reason = "a test compares values")]
    fn found(text: &str) -> Vec<(u32, String, String, Way)> {
        let document = Document::parse(Secret::copy_of(text.as_bytes()));
        let value = |one: &Hidden| String::from_utf8_lossy(one.value.expose()).into_owned();
        document.hidden().iter().map(|one| (one.line.get(), one.name.clone(), value(one), one.way)).collect()
    }

    fn one(line: u32, name: &str, value: &str, way: Way) -> (u32, String, String, Way) {
        (line, name.to_owned(), value.to_owned(), way)
    }

    #[test]
    fn behind_a_return() {
        let expected = [one(2, "B", "2", Way::Return), one(3, "C", "3", Way::Return)];
        assert_eq!(found("A=1\rB=2\r\rC=3\r").iter().map(|one| &one.1).collect::<Vec<_>>(), ["B", "C"]);
        assert_eq!(found("A=1\rB=2\rC=3"), expected);
        assert_eq!(found("A=1\n# c\nB=2\rC='3'\nD=4\n"), [one(4, "C", "3", Way::Return)]);
        for text in ["A=1\r\nB=2\r\n", "A=1\r\r\nB=2\r\r\n", "A=1\n\r", ""] {
            assert_eq!(found(text), [], "{text:?}");
        }
    }

    #[test]
    fn on_one_line() {
        assert_eq!(
            found("export A=1 B=2 c='3 4'\n"),
            [one(1, "B", "2", Way::SameLine), one(1, "c", "3 4", Way::SameLine)]
        );
        assert_eq!(found("A=1 B=2 # c=3\n"), [one(1, "B", "2", Way::SameLine)]);
        for text in ["A=1 2\n", "A=host=db user=app\n", "A='1 B=2'\n", "A=-Xa -Db=c\n", "A=1 B=2 words\n"] {
            assert_eq!(found(text), [], "{text:?}");
        }
    }

    #[test]
    fn in_comments() {
        let text = "# A=1\n##  export B='2' # two\nC=3 # D=4\n #E=5\nF=\"x\n#G=6\n\"\n# words: H=7\n# I: 8\n#J=";
        assert_eq!(
            found(text),
            [
                one(1, "A", "1", Way::Comment),
                one(2, "B", "2", Way::Comment),
                one(4, "E", "5", Way::Comment),
                one(10, "J", "", Way::Comment)
            ]
        );
    }
}
