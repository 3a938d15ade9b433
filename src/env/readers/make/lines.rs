//! The lines of a Makefile: backslashes join them, and comments end them.

use std::num::NonZeroU32;

use super::super::buffer::Buffer;
use crate::env::chars::{self, from, part};

/// What separates words.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Where the first byte stands that separates no words, from `at` on.
pub(super) fn skip_space(text: &[u8], at: usize) -> usize {
    at + from(text, at).iter().take_while(|byte| is_space(**byte)).count()
}

/// The words of a text.
pub(super) fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| is_space(*byte)).filter(|word| !word.is_empty())
}

/// How many backslashes a text ends in.
fn backslashes(text: &[u8]) -> usize {
    text.iter().rev().take_while(|byte| **byte == b'\\').count()
}

/// The lines with their numbers. Those that a backslash joins are one, with the line breaks still in it.
pub(super) fn of(text: &[u8]) -> impl Iterator<Item = (NonZeroU32, Buffer)> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let (mut at, mut passed) = (0, 0_u32);
    std::iter::from_fn(move || {
        let number = NonZeroU32::MIN.saturating_add(passed);
        let mut line = Buffer::default();
        while at < text.len() {
            let end = chars::line_end(text, at);
            let physical = part(text, at..end);
            at = end + 1;
            passed = passed.saturating_add(1);
            // A zero byte takes the rest of its line away, and the line break, too.
            if let Some(zero) = memchr::memchr(0, physical) {
                line.extend(part(physical, 0..zero));
                continue;
            }
            let is_ended = end < text.len();
            let physical = physical.strip_suffix(b"\r").filter(|_| is_ended).unwrap_or(physical);
            line.extend(physical);
            if !is_ended || backslashes(physical) % 2 == 0 {
                return Some((number, line));
            }
            line.push(b'\n');
        }
        (line.len() > 0).then_some((number, line))
    })
}

/// A line without the line breaks in it: each is one blank, with the blanks around it.
pub(super) fn joined(line: &[u8]) -> Buffer {
    let mut out = Buffer::with_capacity(line.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\n', from(line, at)) {
        let before = part(line, at..at + found);
        let count = backslashes(before);
        out.extend(part(before, 0..before.len() - count + count / 2));
        at = skip_space(line, at + found + 1);
        let blanks = out.bytes().iter().rev().take_while(|byte| matches!(**byte, b' ' | b'\t')).count();
        out.truncate(out.len() - blanks);
        out.push(b' ');
    }
    out.extend(from(line, at));
    out
}

/// A line without its comment. `#` in a reference is none, and neither is `\#`, which becomes `#`.
pub(super) fn without_comment(line: &[u8]) -> Buffer {
    let mut out = Buffer::with_capacity(line.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'#', b'$', from(line, at)) {
        let sign = at + found;
        out.extend(part(line, at..sign));
        if line.get(sign) == Some(&b'$') {
            let end = reference_end(line, sign);
            out.extend(part(line, sign..end));
            at = end;
            continue;
        }
        let count = backslashes(out.bytes());
        out.truncate(out.len() - count.div_ceil(2));
        if count % 2 == 0 {
            return out;
        }
        out.push(b'#');
        at = sign + 1;
    }
    out.extend(from(line, at));
    out
}

/// Where the reference ends whose `$` is at `dollar`: one character, or what parentheses or braces hold.
pub(super) fn reference_end(line: &[u8], dollar: usize) -> usize {
    let start = dollar + 1;
    let Some(close) = closing(line.get(start).copied()) else { return line.len().min(start + 1) };
    matching(line, start, close).map_or(line.len(), |at| at + 1)
}

/// What closes a reference.
pub(super) fn closing(open: Option<u8>) -> Option<u8> {
    match open {
        Some(b'(') => Some(b')'),
        Some(b'{') => Some(b'}'),
        _ => None,
    }
}

/// Where the sign at `open` is closed again.
pub(super) fn matching(line: &[u8], open: usize, close: u8) -> Option<usize> {
    let sign = line.get(open).copied()?;
    let mut depth = 1_usize;
    for at in memchr::memchr2_iter(sign, close, from(line, open + 1)) {
        let at = open + 1 + at;
        depth = if line.get(at) == Some(&close) { depth - 1 } else { depth + 1 };
        if depth == 0 {
            return Some(at);
        }
    }
    None
}
