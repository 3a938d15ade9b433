//! direnv's `dotenv`, of direnv 2.32. From 2.37 on a value in quotes may have several lines.

use super::Reading;
use super::buffer::{Buffer, replaced};
use super::npm_dotenv::as_text;
use crate::env::chars::{first, from, part};

pub(super) fn read(text: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let text = as_text(text);
    let mut budget = text.len().saturating_add(16 << 20);
    let mut start = 0;
    while start < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', from(&text, start)).map_or(text.len(), |length| start + length);
        let line = part(&text, start..end);
        if take(line, &mut reading, &mut budget).is_none() {
            return Reading::refusal(&text, start);
        }
        start = end + 1;
    }
    reading
}

/// Go's `\s`.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_space(**byte)).count()
}

/// `None` where the line is refused.
fn take(line: &[u8], reading: &mut Reading, budget: &mut usize) -> Option<()> {
    let line = from(line, blanks(line));
    if line.is_empty() || line.starts_with(b"#") {
        return Some(());
    }
    let exported = line.strip_prefix(b"export").filter(|rest| blanks(rest) > 0).map(|rest| from(rest, blanks(rest)));
    let (key, written) = exported.and_then(assignment).or_else(|| assignment(line))?;
    let value = value(written, reading, budget)?;
    reading.put(key, value);
    Some(())
}

fn assignment(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
    let rest = from(line, length);
    let behind = from(rest, blanks(rest));
    let value = match behind.strip_prefix(b"=") {
        Some(value) => value,
        None => rest.strip_prefix(b":").filter(|value| blanks(value) > 0)?,
    };
    if length == 0 {
        return None;
    }
    Some((part(line, 0..length), written(from(value, blanks(value)))?))
}

/// The value with its quotes, where nothing but a comment follows.
fn written(text: &[u8]) -> Option<&[u8]> {
    if let Some(quote @ (b'\'' | b'"')) = text.first() {
        let mut before = text.len();
        while let Some(close) = memchr::memrchr(*quote, part(text, 1..before)).map(|at| at + 1) {
            if is_end(from(text, close + 1)) {
                return Some(part(text, 0..close + 1));
            }
            before = close;
        }
    }
    let length = text.iter().position(|byte| is_space(*byte) || *byte == b'#').unwrap_or(text.len());
    is_end(from(text, length)).then(|| part(text, 0..length))
}

fn is_end(text: &[u8]) -> bool {
    matches!(from(text, blanks(text)).first(), None | Some(b'#'))
}

fn value(written: &[u8], reading: &Reading, budget: &mut usize) -> Option<Buffer> {
    match written {
        [b'\'', inner @ .., b'\''] => Some(Buffer::of(inner)),
        [b'"', inner @ .., b'"'] => {
            let lines = replaced(replaced(inner, br"\n", b"\n").bytes(), br"\r", b"\r");
            expand(unescaped(lines.bytes()).bytes(), reading, budget)
        }
        [_] | [] => Some(Buffer::of(written)),
        _ => expand(written, reading, budget),
    }
}

/// Without the backslash of what is escaped, but for `$`.
pub(super) fn unescaped(text: &[u8]) -> Buffer {
    let mut out = Buffer::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let next = first(from(text, at + 1));
        match next {
            Some((character, length)) if *byte == b'\\' && character != '$' => {
                out.extend(part(text, at + 1..at + 1 + length));
                at += 1 + length;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

/// Go's `os.Expand`, with `${NAME:-default}`.
fn expand(text: &[u8], reading: &Reading, budget: &mut usize) -> Option<Buffer> {
    let mut out = Buffer::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'$', from(text, at)) {
        let dollar = at + found;
        out.extend(part(text, at..dollar));
        let rest = from(text, dollar + 1);
        if rest.is_empty() {
            out.push(b'$');
            return Some(out);
        }
        let (name, length) = shell_name(rest);
        at = dollar + 1 + length;
        match name {
            Some(name) => {
                let value = lookup(name, reading);
                *budget = budget.checked_sub(value.len())?;
                out.extend(value);
            }
            None if length == 0 => out.push(b'$'),
            None => {}
        }
    }
    out.extend(from(text, at));
    Some(out)
}

/// The name at the start, and how much it takes; no name, and more than nothing, for what is skipped.
fn shell_name(text: &[u8]) -> (Option<&[u8]>, usize) {
    let is_special = |byte: &u8| matches!(byte, b'*' | b'#' | b'$' | b'@' | b'!' | b'?' | b'-' | b'0'..=b'9');
    if let Some(inner) = text.strip_prefix(b"{") {
        if let [special, b'}', ..] = inner {
            if is_special(special) {
                return (Some(part(inner, 0..1)), 3);
            }
        }
        return match memchr::memchr(b'}', inner) {
            Some(0) => (None, 2),
            Some(length) => (Some(part(inner, 0..length)), length + 2),
            None => (None, 1),
        };
    }
    if text.first().is_some_and(is_special) {
        return (Some(part(text, 0..1)), 1);
    }
    let length = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    (if length > 0 { Some(part(text, 0..length)) } else { None }, length)
}

fn lookup<'a>(name: &'a [u8], reading: &'a Reading) -> &'a [u8] {
    let (key, default) = match memchr::memmem::find(name, b":-") {
        Some(at) => (part(name, 0..at), from(name, at + 2)),
        None => (name, &[][..]),
    };
    reading.get(key).unwrap_or(default)
}
