//! Bytes read as Compose's Go reads them: as UTF-8 where they are, else one byte at a time.

use std::ops::Range;

/// The part of `bytes` in `range`; empty where it is out of bounds, which no caller asks for.
pub(super) fn part(bytes: &[u8], range: Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
}

/// The part of `bytes` from `start` on.
pub(super) fn from(bytes: &[u8], start: usize) -> &[u8] {
    bytes.get(start..).unwrap_or_default()
}

/// The first character and its length in bytes; U+FFFD and 1 for a byte that is not UTF-8; `None` at the end.
pub(super) fn first(bytes: &[u8]) -> Option<(char, usize)> {
    let byte = *bytes.first()?;
    if byte.is_ascii() {
        return Some((char::from(byte), 1));
    }
    let valid = (2..=4).find_map(|length| std::str::from_utf8(bytes.get(..length)?).ok());
    match valid.and_then(|text| text.chars().next()) {
        Some(character) => Some((character, character.len_utf8())),
        None => Some((char::REPLACEMENT_CHARACTER, 1)),
    }
}

/// What Compose skips within a line.
pub(super) fn is_blank(character: char) -> bool {
    matches!(character, '\t' | '\x0b' | '\x0c' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// Where the first character that is not `skipped` stands, from `start` on; the end where there is none.
pub(super) fn skip(bytes: &[u8], start: usize, skipped: fn(char) -> bool) -> usize {
    let mut at = start;
    while let Some((character, length)) = first(from(bytes, at)) {
        if !skipped(character) {
            break;
        }
        at += length;
    }
    at
}

/// Where the first character stands that `ends`, from `start` on; the end where there is none.
pub(super) fn skip_until(bytes: &[u8], start: usize, ends: fn(char) -> bool) -> usize {
    let mut at = start;
    while let Some((character, length)) = first(from(bytes, at)) {
        if ends(character) {
            break;
        }
        at += length;
    }
    at
}

/// The end of `range` without the white space there.
pub(super) fn trimmed_end(bytes: &[u8], range: Range<usize>) -> usize {
    let mut end = range.end;
    while let Some(length) = trailing_space(part(bytes, range.start..end)) {
        end -= length;
    }
    end
}

/// The length of the white-space character that `bytes` end with.
fn trailing_space(bytes: &[u8]) -> Option<usize> {
    // The longest white space is three bytes.
    (1..=bytes.len().min(3)).find(|length| {
        let tail = from(bytes, bytes.len() - length);
        matches!(first(tail), Some((character, size)) if size == *length && character.is_whitespace())
    })
}

/// Where the line that `at` is on ends: its `\n`, or the end of the file.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', from(bytes, at)).map_or(bytes.len(), |offset| at + offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_single_bytes() {
        assert_eq!(first("é".as_bytes()), Some(('é', 2)));
        assert_eq!(first(b"\xffa"), Some(('\u{fffd}', 1)));
        assert_eq!(first(b"\xc3"), Some(('\u{fffd}', 1)));
        assert_eq!(first(b""), None);
    }

    #[test]
    fn white_space_at_the_end() {
        let text = "a \u{3000}\u{a0}\r".as_bytes();
        assert_eq!(trimmed_end(text, 0..text.len()), 1);
        assert_eq!(trimmed_end(b"  ", 0..2), 0);
        assert_eq!(trimmed_end(b"a\xa0", 0..2), 2, "a lone byte is no character");
    }
}
