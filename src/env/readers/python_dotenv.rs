//! python-dotenv 1.2. Until 1.1 a byte order mark was a part of the first key, and `K= #c` was `#c`.

use zeroize::Zeroizing;

use super::Reading;
use super::buffer::Buffer;
use crate::env::chars::{first, from, part};

pub(super) fn read(text: &[u8]) -> Reading {
    if let Err(error) = std::str::from_utf8(text) {
        return Reading::refusal(text, error.valid_up_to());
    }
    // As a text file is opened in Python: one kind of line end.
    let text = lines_of(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
    let mut scanner = Scanner { text: &text, at: 0, reading: Reading::default() };
    while scanner.at < scanner.text.len() {
        if scanner.binding().is_none() {
            scanner.at = scanner.line_end();
        }
    }
    scanner.reading
}

/// With a line feed for each line end.
pub(super) fn lines_of(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\r' {
            if bytes.peek() == Some(&b'\n') {
                bytes.next();
            }
            out.push(b'\n');
        } else {
            out.push(byte);
        }
    }
    out
}

/// Python's white space has four control characters more.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\x1c'..='\x1f').contains(&character)
}

fn is_blank(character: char) -> bool {
    is_space(character) && character != '\n'
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    reading: Reading,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn line_end(&self) -> usize {
        crate::env::chars::line_end(self.text, self.at)
    }

    fn skip(&mut self, is_skipped: fn(char) -> bool) -> usize {
        let start = self.at;
        self.at = crate::env::chars::skip(self.text, start, is_skipped);
        self.at - start
    }

    /// One statement; `None` where it is none, and the rest of the line is skipped.
    fn binding(&mut self) -> Option<()> {
        self.skip(is_space);
        if self.at >= self.text.len() {
            return Some(());
        }
        self.export();
        let key = self.key()?;
        self.skip(is_blank);
        let mut value = None;
        if self.peek() == Some(b'=') {
            self.at += 1;
            let blanks = self.skip(is_blank);
            let is_comment = blanks > 0 && self.peek() == Some(b'#');
            value = Some(if is_comment { Buffer::default() } else { self.value()? });
        }
        self.comment();
        self.skip(is_blank);
        if !matches!(self.peek(), None | Some(b'\n')) {
            return None;
        }
        self.at += 1;
        let Some(key) = key else { return Some(()) };
        match value {
            Some(value) => {
                let value = self.resolved(value.bytes());
                self.reading.put(key, value);
            }
            None => self.reading.remove(key),
        }
        Some(())
    }

    fn export(&mut self) {
        if let Some(rest) = from(self.text, self.at).strip_prefix(b"export") {
            let blanks = crate::env::chars::skip(rest, 0, is_blank);
            if blanks > 0 {
                self.at += "export".len() + blanks;
            }
        }
    }

    /// The key, `None` inside for a comment.
    fn key(&mut self) -> Option<Option<&'a [u8]>> {
        match self.peek() {
            Some(b'#') => Some(None),
            Some(b'\'') => {
                let inner = from(self.text, self.at + 1);
                let length = memchr::memchr(b'\'', inner).filter(|length| *length > 0)?;
                self.at += length + 2;
                Some(Some(part(inner, 0..length)))
            }
            _ => {
                let start = self.at;
                let length = self.skip(|character| !is_space(character) && !matches!(character, '=' | '#'));
                (length > 0).then(|| Some(part(self.text, start..start + length)))
            }
        }
    }

    fn value(&mut self) -> Option<Buffer> {
        match self.peek() {
            Some(quote @ (b'\'' | b'"')) => {
                let close = crate::env::scan::closing_quote(self.text, self.at)?;
                let inner = part(self.text, self.at + 1..close);
                self.at = close + 1;
                Some(unescaped(inner, if quote == b'"' { b"\\'\"abfnrtv" } else { b"\\'" }))
            }
            _ => {
                let line = part(self.text, self.at..self.line_end());
                self.at += line.len();
                Some(Buffer::of(bare(line)))
            }
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        self.skip(is_blank);
        self.at = if self.peek() == Some(b'#') { self.line_end() } else { start };
    }

    /// With `${NAME}` and `${NAME:-default}` replaced.
    fn resolved(&self, value: &[u8]) -> Buffer {
        let mut out = Buffer::with_capacity(value.len());
        let mut at = 0;
        while let Some(found) = memchr::memmem::find(from(value, at), b"${") {
            let start = at + found;
            out.extend(part(value, at..start));
            let inner = from(value, start + 2);
            if memchr::memchr(b'}', inner).is_none() {
                out.extend(b"${");
                at = start + 2;
                break;
            }
            let Some((name, default, length)) = reference(inner) else {
                out.extend(b"${");
                at = start + 2;
                continue;
            };
            out.extend(self.reading.get(name).unwrap_or(default));
            at = start + 2 + length;
        }
        out.extend(from(value, at));
        out
    }
}

/// The name, the default and the length of what stands behind `${`.
fn reference(inner: &[u8]) -> Option<(&[u8], &[u8], usize)> {
    let end = memchr::memchr2(b'}', b':', inner)?;
    let name = part(inner, 0..end);
    if inner.get(end) == Some(&b'}') {
        return Some((name, b"", end + 1));
    }
    let default = from(inner, end).strip_prefix(b":-")?;
    let length = memchr::memchr(b'}', default)?;
    Some((name, part(default, 0..length), end + 2 + length + 1))
}

/// Up to a `#` behind white space, without the white space at its end.
fn bare(line: &[u8]) -> &[u8] {
    let (mut at, mut run) = (0, None);
    let mut end = line.len();
    while let Some((character, length)) = first(from(line, at)) {
        if is_space(character) {
            run = run.or(Some(at));
        } else {
            if let Some(start) = run.take().filter(|_| character == '#') {
                end = start;
                break;
            }
        }
        at += length;
    }
    let kept = part(line, 0..end);
    let mut last = 0;
    let mut at = 0;
    while let Some((character, length)) = first(from(kept, at)) {
        at += length;
        if !is_space(character) {
            last = at;
        }
    }
    part(kept, 0..last)
}

/// With the escapes of these characters decoded.
fn unescaped(inner: &[u8], known: &[u8]) -> Buffer {
    let mut out = Buffer::with_capacity(inner.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', from(inner, at)) {
        let start = at + found;
        out.extend(part(inner, at..start));
        let Some(next) = inner.get(start + 1) else { break };
        if known.contains(next) {
            out.push(match next {
                b'a' => 0x07,
                b'b' => 0x08,
                b'f' => 0x0c,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 0x0b,
                other => *other,
            });
            at = start + 2;
        } else {
            out.push(b'\\');
            at = start + 1;
        }
    }
    out.extend(from(inner, at));
    out
}
