//! npm's dotenv 18. Until 15 a `#` in a value without quotes was a part of it, and no value had several lines.

use zeroize::Zeroizing;

use super::Reading;
use super::buffer::{Buffer, replaced};
use super::line_pattern::Pattern;
use super::python_dotenv::lines_of;
use crate::env::chars::{first, from, part, skip};

const PATTERN: Pattern = Pattern {
    quotes: b"'\"`",
    is_key: |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'),
    is_space,
    is_end: |character| matches!(character, '\n' | '\u{2028}' | '\u{2029}'),
    takes_bare_key: false,
};

/// JavaScript's `\s`.
pub(super) fn is_space(character: char) -> bool {
    character == '\u{feff}' || character != '\u{85}' && character.is_whitespace()
}

/// A pair of an object: at the place of the key's first assignment, with the value of the last.
pub(super) struct Pair {
    pub(super) key: Vec<u8>,
    pub(super) value: Buffer,
}

pub(super) fn read(text: &[u8]) -> Reading {
    let mut reading = Reading::default();
    each(text, |key, value| reading.put(key, value));
    reading
}

/// In the order of the object.
pub(super) fn pairs(text: &[u8]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut places = std::collections::HashMap::new();
    each(text, |key, value| {
        let next = pairs.len();
        let place = *places.entry(key.to_vec()).or_insert(next);
        match pairs.get_mut(place) {
            Some(pair) => pair.value = value,
            None => pairs.push(Pair { key: key.to_vec(), value }),
        }
    });
    pairs
}

fn each(text: &[u8], mut take: impl FnMut(&[u8], Buffer)) {
    let text = lines_of(&as_text(text));
    let mut at = 0;
    while let Some((found, next)) = PATTERN.next(&text, at) {
        at = next;
        let written = found.value.map(|range| part(&text, range)).unwrap_or_default();
        take(part(&text, found.key), value(trimmed(written, is_space)));
    }
}

/// The bytes as JavaScript decodes them: U+FFFD for what is not UTF-8.
pub(super) fn as_text(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Buffer::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.extend(chunk.valid().as_bytes());
        if !chunk.invalid().is_empty() {
            out.push_char(char::REPLACEMENT_CHARACTER);
        }
    }
    Zeroizing::new(out.bytes().to_vec())
}

/// Without what is skipped at both ends.
pub(super) fn trimmed(text: &[u8], is_skipped: fn(char) -> bool) -> &[u8] {
    let text = from(text, skip(text, 0, is_skipped));
    let (mut at, mut end) = (0, 0);
    while let Some((character, length)) = first(from(text, at)) {
        at += length;
        if !is_skipped(character) {
            end = at;
        }
    }
    part(text, 0..end)
}

fn value(written: &[u8]) -> Buffer {
    let bare = match written {
        [open @ (b'\'' | b'"' | b'`'), inner @ .., close] if open == close => inner,
        _ => written,
    };
    if written.first() != Some(&b'"') {
        return Buffer::of(bare);
    }
    replaced(replaced(bare, br"\n", b"\n").bytes(), br"\r", b"\r")
}
