//! The regular expression with which npm's dotenv and Ruby's dotenv find assignments, as a scanner: the same matches in
//! the same order, in linear time.

use std::ops::Range;

use crate::env::chars::{first, from, part, skip};

/// In what the two differ.
pub(super) struct Pattern {
    /// What may stand around a value.
    pub(super) quotes: &'static [u8],
    /// What a key is made of.
    pub(super) is_key: fn(u8) -> bool,
    /// Its `\s`.
    pub(super) is_space: fn(char) -> bool,
    /// What ends a line for `^`, `$` and `.`.
    pub(super) is_end: fn(char) -> bool,
    /// Whether a key may stand alone.
    pub(super) takes_bare_key: bool,
}

/// One assignment.
pub(super) struct Match {
    pub(super) key: Range<usize>,
    /// The value with its quotes and blanks; `None` where there is none.
    pub(super) value: Option<Range<usize>>,
    pub(super) is_export: bool,
    end: usize,
}

impl Pattern {
    /// The first match from `at` on, and where to go on.
    pub(super) fn next(&self, text: &[u8], at: usize) -> Option<(Match, usize)> {
        let mut at = at;
        while at < text.len() {
            let start = skip(text, at, self.is_space);
            if start >= text.len() {
                return None;
            }
            if let Some(found) = self.after_export(text, start).or_else(|| self.assignment(text, start, false)) {
                let next = self.next_line(text, found.end);
                return Some((found, next));
            }
            at = self.next_line(text, start + 1);
        }
        None
    }

    fn after_export(&self, text: &[u8], start: usize) -> Option<Match> {
        let rest = from(text, start).strip_prefix(b"export")?;
        let blanks = skip(rest, 0, self.is_space);
        if blanks == 0 { None } else { self.assignment(text, start + "export".len() + blanks, true) }
    }

    fn assignment(&self, text: &[u8], start: usize, is_export: bool) -> Option<Match> {
        let length = from(text, start).iter().take_while(|byte| (self.is_key)(**byte)).count();
        if length == 0 {
            return None;
        }
        let key = start..start + length;
        let separator = skip(text, key.end, self.is_space);
        let (value, end) = if text.get(separator) == Some(&b'=') {
            self.value(text, separator + 1)?
        } else if let Some(behind) = self.colon(text, key.end) {
            self.value(text, behind)?
        } else if self.takes_bare_key {
            (None, self.tail(text, key.end)?)
        } else {
            return None;
        };
        Some(Match { key, value, is_export, end })
    }

    /// Behind a colon and the blank that must follow it.
    fn colon(&self, text: &[u8], at: usize) -> Option<usize> {
        let (character, length) = first(from(text, at).strip_prefix(b":")?)?;
        (self.is_space)(character).then_some(at + 1 + length)
    }

    fn value(&self, text: &[u8], start: usize) -> Option<(Option<Range<usize>>, usize)> {
        let open = skip(text, start, self.is_space);
        if let Some(quote) = text.get(open).filter(|byte| self.quotes.contains(byte)) {
            if let Some((close, end)) = self.closing(text, open, *quote) {
                return Some((Some(start..close + 1), end));
            }
        }
        let rest = from(text, start);
        let length = memchr::memchr2(b'#', b'\n', rest).unwrap_or(rest.len());
        let value = (length > 0).then_some(start..start + length);
        Some((value, self.tail(text, start + length)?))
    }

    /// The quote that closes: the last one, up to the first without a backslash before it, behind which nothing but a
    /// comment follows.
    fn closing(&self, text: &[u8], open: usize, quote: u8) -> Option<(usize, usize)> {
        let mut found = None;
        let mut at = open + 1;
        while let Some(offset) = memchr::memchr(quote, from(text, at)) {
            let close = at + offset;
            if let Some(end) = self.tail(text, close + 1) {
                found = Some((close, end));
            }
            if text.get(close - 1) != Some(&b'\\') {
                break;
            }
            at = close + 1;
        }
        found
    }

    /// Where a match ends whose value ends at `at`; `None` where something else follows on its line.
    fn tail(&self, text: &[u8], at: usize) -> Option<usize> {
        let mut last = None;
        let mut behind = at;
        while let Some((character, length)) = first(from(text, behind)).filter(|(one, _)| (self.is_space)(*one)) {
            if (self.is_end)(character) {
                last = Some(behind);
            }
            behind += length;
        }
        match text.get(behind) {
            None => Some(behind),
            Some(b'#') => Some(self.line_end(text, behind)),
            Some(_) => last,
        }
    }

    fn line_end(&self, text: &[u8], at: usize) -> usize {
        let is_end = self.is_end;
        let mut at = at;
        while let Some((character, length)) = first(from(text, at)) {
            if is_end(character) {
                break;
            }
            at += length;
        }
        at
    }

    /// The first start of a line from `at` on.
    fn next_line(&self, text: &[u8], at: usize) -> usize {
        let is_start = at == 0
            || (1..=3).any(|length| {
                let before = at.checked_sub(length).map(|start| part(text, start..at)).unwrap_or_default();
                matches!(first(before), Some((character, size)) if size == length && (self.is_end)(character))
            });
        if is_start {
            return at;
        }
        let end = self.line_end(text, at);
        end + first(from(text, end)).map_or(1, |(_, length)| length)
    }
}
