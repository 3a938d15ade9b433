//! Go's godotenv 1.5.

use super::Reading;
use super::buffer::{Buffer, replaced};
use super::direnv::unescaped;
use super::npm_dotenv::{as_text, trimmed};
use crate::env::chars::{self, from, is_blank, part, skip};

pub(super) fn read(text: &[u8]) -> Reading {
    let lines = replaced(text, b"\r\n", b"\n");
    let text = lines.bytes();
    let mut scanner = Scanner { text, at: 0, reading: Reading::default(), budget: text.len().saturating_add(16 << 20) };
    while let Some(start) = scanner.statement_start() {
        scanner.at = start;
        if scanner.statement().is_none() {
            return Reading::refusal(text, start);
        }
    }
    scanner.reading
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    reading: Reading,
    budget: usize,
}

impl Scanner<'_> {
    fn statement_start(&self) -> Option<usize> {
        let mut at = skip(self.text, self.at, char::is_whitespace);
        while self.text.get(at) == Some(&b'#') {
            at = skip(self.text, chars::line_end(self.text, at), char::is_whitespace);
        }
        (at < self.text.len()).then_some(at)
    }

    /// `None` where the file is refused.
    fn statement(&mut self) -> Option<()> {
        let mut start = self.at;
        if let Some(rest) = from(self.text, start).strip_prefix(b"export") {
            let blanks = skip(rest, 0, is_blank);
            start += if blanks > 0 { "export".len() + blanks } else { 0 };
        }
        let rest = from(self.text, start);
        let length = key_length(rest)?;
        let (key, mut behind) = match length {
            Some(length) => (part(rest, 0..length), start + length + 1),
            None if rest.is_empty() => return None,
            None => (&[][..], start),
        };
        let key = trimmed(key, char::is_whitespace);
        behind = skip(self.text, behind, is_blank);
        let (value, end) = self.value(behind)?;
        self.reading.put(key, value);
        self.at = end;
        Some(())
    }

    fn value(&mut self, start: usize) -> Option<(Buffer, usize)> {
        let text = self.text;
        if let Some(quote @ (b'\'' | b'"')) = text.get(start).copied() {
            return self.quoted(start, quote);
        }
        let end = memchr::memchr2(b'\n', b'\r', from(text, start)).map_or(text.len(), |length| start + length);
        let line = as_text(part(text, start..end));
        // The last `#` behind a blank.
        let mut last = None;
        let mut was_blank = false;
        let mut at = 0;
        while let Some((character, length)) = chars::first(from(&line, at)) {
            if character == '#' && was_blank {
                last = Some(at);
            }
            was_blank = is_blank(character);
            at += length;
        }
        let kept = trimmed(part(&line, 0..last.unwrap_or(line.len())), is_blank);
        Some((self.expand(kept)?, end))
    }

    fn quoted(&mut self, start: usize, quote: u8) -> Option<(Buffer, usize)> {
        let text = self.text;
        let mut at = start + 1;
        let close = loop {
            at += memchr::memchr(quote, from(text, at))?;
            if text.get(at - 1) != Some(&b'\\') {
                break at;
            }
            at += 1;
        };
        let inner = part(text, start..close);
        let quotes = |byte: &&u8| **byte == quote;
        let opening = inner.iter().take_while(quotes).count();
        let closing = from(inner, opening).iter().rev().take_while(quotes).count();
        let inner = part(inner, opening..inner.len() - closing);
        if quote == b'\'' {
            return Some((Buffer::of(inner), close + 1));
        }
        let value = escapes(inner);
        Some((self.expand(value.bytes())?, close + 1))
    }

    /// With `$NAME` and `${NAME}` replaced, names in capitals alone.
    fn expand(&mut self, text: &[u8]) -> Option<Buffer> {
        let mut out = Buffer::with_capacity(text.len());
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'$', from(text, at)) {
            let dollar = at + found;
            let is_escaped = found > 0 && text.get(dollar - 1) == Some(&b'\\');
            out.extend(part(text, at..dollar - usize::from(is_escaped)));
            let mut end = dollar + 1;
            let opens = text.get(end) == Some(&b'(');
            end += usize::from(opens);
            end += usize::from(text.get(end) == Some(&b'{'));
            let is_name = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'_';
            let name = part(text, end..end + from(text, end).iter().take_while(is_name).count());
            end += name.len();
            end += usize::from(text.get(end) == Some(&b'}'));
            if is_escaped || name.is_empty() {
                out.extend(part(text, dollar..end));
            } else {
                let value = self.reading.get(name).unwrap_or_default();
                self.budget = self.budget.checked_sub(value.len())?;
                out.extend(value);
            }
            at = end;
        }
        out.extend(from(text, at));
        Some(out)
    }
}

/// Where the key ends; `None` inside where no separator follows, and outside where a character is refused.
fn key_length(text: &[u8]) -> Option<Option<usize>> {
    for (at, byte) in text.iter().enumerate() {
        let character = char::from(*byte);
        match byte {
            b'=' | b':' => return Some(Some(at)),
            b'_' | b'.' => {}
            _ if is_blank(character) || character.is_alphanumeric() => {}
            _ => return None,
        }
    }
    Some(None)
}

/// `\n` and `\r`, and then every other backslash but that of `$` goes.
fn escapes(inner: &[u8]) -> Buffer {
    let mut out = Buffer::with_capacity(inner.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', from(inner, at)) {
        let start = at + found;
        out.extend(part(inner, at..start));
        at = start + 2;
        match inner.get(start + 1) {
            Some(b'n') => out.push(b'\n'),
            Some(b'r') => out.push(b'\r'),
            Some(b'\n') | None => {
                out.push(b'\\');
                at = start + 1;
            }
            Some(other) => out.extend(&[b'\\', *other]),
        }
    }
    out.extend(from(inner, at));
    unescaped(out.bytes())
}
