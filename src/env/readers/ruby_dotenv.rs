//! Ruby's dotenv 3. Until 2 `\n` in double quotes was a line break.

use std::collections::HashMap;

use super::Reading;
use super::buffer::{Buffer, replaced};
use super::direnv::unescaped;
use super::line_pattern::Pattern;
use super::npm_dotenv::trimmed;
use super::python_dotenv::lines_of;
use crate::env::chars::{from, part};

const PATTERN: Pattern = Pattern {
    quotes: b"'\"",
    is_key: |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'),
    is_space: |character| matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c'),
    is_end: |character| character == '\n',
    takes_bare_key: true,
};

/// What a value becomes.
enum Value {
    Text(Buffer),
    /// A command runs.
    Command,
}

pub(super) fn read(text: &[u8]) -> Reading {
    if let Err(error) = std::str::from_utf8(text) {
        return Reading::refusal(text, error.valid_up_to());
    }
    let text = lines_of(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
    let mut reading = Reading::default();
    let mut budget = text.len().saturating_add(16 << 20);
    let mut at = 0;
    while let Some((found, next)) = PATTERN.next(&text, at) {
        at = next;
        let key = part(&text, found.key.clone());
        if found.is_export && found.value.is_none() {
            if reading.sight(key).is_none() {
                return Reading::refusal(&text, found.key.start);
            }
            continue;
        }
        let written = found.value.map(|range| part(&text, range)).unwrap_or_default();
        match value(written, &reading, &mut budget) {
            Some(Value::Text(value)) => reading.put(key, value),
            Some(Value::Command) => reading.put_sight(key, super::Sight::Varies, true),
            None => return Reading::refusal(&text, found.key.start),
        }
    }
    reading
}

/// `None` where references grow past all bounds.
fn value(written: &[u8], reading: &Reading, budget: &mut usize) -> Option<Value> {
    let text = trimmed(written, |character| matches!(character, ' ' | '\t'..='\r' | '\0'));
    let (quote, inner) = match text {
        [open @ (b'\'' | b'"'), inner @ .., close] if open == close => (*open, inner),
        _ => (0, text),
    };
    if quote == b'\'' {
        return Some(Value::Text(Buffer::of(inner)));
    }
    let is_legacy = reading.get(b"DOTENV_LINEBREAK_MODE").is_some_and(|mode| mode == b"legacy");
    let lines = match (quote, is_legacy) {
        (b'"', true) => replaced(replaced(inner, br"\n", b"\n").bytes(), br"\r", b"\r"),
        (b'"', false) => replaced(replaced(inner, br"\n", br"\\n").bytes(), br"\r", br"\\r"),
        _ => Buffer::of(inner),
    };
    let text = unescaped(lines.bytes());
    let Some(text) = commands(text.bytes()) else { return Some(Value::Command) };
    variables(text.bytes(), reading, budget).map(Value::Text)
}

/// Without the backslash before an escaped command; `None` where one runs.
fn commands(text: &[u8]) -> Option<Buffer> {
    let mut out = Buffer::with_capacity(text.len());
    let mut at = 0;
    let ends = closed(text);
    for dollar in memchr::memmem::find_iter(text, b"$(") {
        let Some(end) = ends.get(&(dollar + 1)).copied().filter(|_| dollar >= at) else { continue };
        if dollar == 0 || text.get(dollar - 1) != Some(&b'\\') || dollar == at && at > 0 {
            return None;
        }
        out.extend(part(text, at..dollar - 1));
        out.extend(part(text, dollar..end));
        at = end;
    }
    out.extend(from(text, at));
    Some(out)
}

/// Behind the parenthesis that closes each one, by the place of the one that opens. None is empty, nor one in it.
fn closed(text: &[u8]) -> HashMap<usize, usize> {
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut found = HashMap::new();
    for at in memchr::memchr2_iter(b'(', b')', text) {
        if text.get(at) == Some(&b'(') {
            open.push((at, true));
            continue;
        }
        let Some((start, is_filled)) = open.pop() else { continue };
        if is_filled && at > start + 1 {
            found.insert(start, at + 1);
        } else if let Some(outer) = open.last_mut() {
            outer.1 = false;
        }
    }
    found
}

fn variables(text: &[u8], reading: &Reading, budget: &mut usize) -> Option<Buffer> {
    let mut out = Buffer::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'$', from(text, at)) {
        let dollar = at + found;
        let is_escaped = found > 0 && text.get(dollar - 1) == Some(&b'\\');
        if text.get(dollar + 1) == Some(&b'(') {
            out.extend(part(text, at..dollar + 1));
            at = dollar + 1;
            continue;
        }
        out.extend(part(text, at..dollar - usize::from(is_escaped)));
        let mut end = dollar + 1;
        end += usize::from(text.get(end) == Some(&b'{'));
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let name = part(text, end..end + from(text, end).iter().take_while(is_name).count());
        end += name.len();
        end += usize::from(text.get(end) == Some(&b'}'));
        if is_escaped || name.is_empty() {
            out.extend(part(text, dollar..end));
        } else {
            let value = reading.get(name).unwrap_or_default();
            *budget = budget.checked_sub(value.len())?;
            out.extend(value);
        }
        at = end;
    }
    out.extend(from(text, at));
    Some(out)
}
