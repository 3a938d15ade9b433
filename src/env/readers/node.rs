//! `node --env-file`, of node 20. From node 22 on a line without `=` is skipped, where node 20 takes it for a part of the
//! next key.

use zeroize::Zeroizing;

use super::Reading;
use super::buffer::{Buffer, replaced};
use crate::env::chars::{from, part};

pub(super) fn read(text: &[u8]) -> Reading {
    let lines = Zeroizing::new(text.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<u8>>());
    let mut reading = Reading::default();
    let mut content = trimmed(&lines);
    while let Some(rest) = statement(content, &mut reading) {
        content = rest;
    }
    // The environment holds nothing behind a zero byte.
    reading.cut_at_zero();
    reading
}

/// Without the spaces at both ends: no other blanks.
fn trimmed(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| *byte != b' ').unwrap_or(text.len());
    let end = text.iter().rposition(|byte| *byte != b' ').map_or(start, |last| last + 1);
    part(text, start..end)
}

/// What is left behind the first statement; `None` at the end.
fn statement<'a>(content: &'a [u8], reading: &mut Reading) -> Option<&'a [u8]> {
    if matches!(content.first()?, b'\n' | b'#') {
        if let Some(end) = memchr::memchr(b'\n', content) {
            return Some(from(content, end + 1));
        }
    }
    let equal = memchr::memchr(b'=', content)?;
    let key = trimmed(part(content, 0..equal));
    let content = trimmed(from(content, equal + 1));
    if key.is_empty() {
        return None;
    }
    let key = key.strip_prefix(b"export ").unwrap_or(key);
    match content.first() {
        None => {
            reading.set(key, b"");
            None
        }
        Some(quote @ (b'"' | b'\'' | b'`')) => Some(quoted(key, *quote, content, reading)),
        Some(_) => Some(bare(key, content, reading)),
    }
}

fn quoted<'a>(key: &[u8], quote: u8, content: &'a [u8], reading: &mut Reading) -> &'a [u8] {
    let inner = from(content, 1);
    let Some(close) = memchr::memchr(quote, inner) else {
        // Without a line end it is read again, as what may be a key.
        let Some(end) = memchr::memchr(b'\n', content) else { return content };
        reading.set(key, part(content, 0..end));
        return from(content, end + 1);
    };
    let value = part(inner, 0..close);
    let value = if quote == b'"' { replaced(value, br"\n", b"\n") } else { Buffer::of(value) };
    reading.put(key, value);
    let rest = from(inner, close + 1);
    memchr::memchr(b'\n', rest).map_or(&[][..], |end| from(rest, end + 1))
}

fn bare<'a>(key: &[u8], content: &'a [u8], reading: &mut Reading) -> &'a [u8] {
    let end = memchr::memchr(b'\n', content).unwrap_or(content.len());
    let line = part(content, 0..end);
    let value = part(line, 0..memchr::memchr(b'#', line).unwrap_or(line.len()));
    reading.set(key, trimmed(value));
    from(content, end + 1)
}
