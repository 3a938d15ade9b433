//! npm's dotenv with dotenv-expand 1000: `$NAME` also in single quotes, and `$(…)` is run. dotenv-expand 13 and older runs
//! nothing.

use super::buffer::Buffer;
use super::npm_dotenv::{Pair, pairs};
use super::{Reading, Sight, Stop};
use crate::env::chars::{from, part};

/// How often one value is expanded again before it is taken for one that never ends.
const MAX_ROUNDS: usize = 1000;

/// How many `$(` that nothing closes are tried.
const MAX_OPEN: usize = 32;

/// How long a value may get.
const MAX_LENGTH: usize = 1 << 20;

pub(super) fn read(text: &[u8]) -> Reading {
    let mut reading = Reading::default();
    let mut budget = text.len().saturating_add(16 << 20);
    for Pair { key, value } in pairs(text) {
        let Some(expanded) = expand(value, &reading, &mut budget) else {
            // The real one does not come back from it, or from a value of gigabytes.
            reading.stop = Some(Stop { line: std::num::NonZeroU32::MIN, keeps: false });
            return reading;
        };
        if has_command(expanded.bytes()) {
            reading.put_sight(&key, Sight::Varies, true);
        } else {
            reading.put(&key, super::buffer::replaced(expanded.bytes(), br"\$", b"$"));
        }
    }
    reading
}

/// `None` where there is no end.
fn expand(value: Buffer, reading: &Reading, budget: &mut usize) -> Option<Buffer> {
    let mut now = value;
    for _ in 0..MAX_ROUNDS {
        let Some(reference) = next_reference(now.bytes()) else { return Some(now) };
        let template = part(now.bytes(), reference.inner.clone());
        let (name, replacement) = replacement(template, reading);
        *budget = budget.checked_sub(now.len() + replacement.len())?;
        let whole = part(now.bytes(), reference.whole.clone());
        // The text is replaced where it stands first.
        let at = memchr::memmem::find(now.bytes(), whole).unwrap_or(reference.whole.start);
        let mut next = Buffer::with_capacity(now.len() + replacement.len());
        next.extend(part(now.bytes(), 0..at));
        substitute(replacement, now.bytes(), at..at + whole.len(), &mut next);
        next.extend(from(now.bytes(), at + whole.len()));
        if next.len() > MAX_LENGTH.max(now.len()) {
            return None;
        }
        let is_done = reading.get(name).is_some_and(|known| known == next.bytes());
        now = next;
        if is_done {
            return Some(now);
        }
    }
    None
}

/// What `$` means in the replacement of a `String.replace`.
fn substitute(replacement: &[u8], text: &[u8], whole: std::ops::Range<usize>, out: &mut Buffer) {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'$', from(replacement, at)) {
        let dollar = at + found;
        out.extend(part(replacement, at..dollar));
        at = dollar + 2;
        match replacement.get(dollar + 1) {
            Some(b'$') => out.push(b'$'),
            Some(b'&') => out.extend(part(text, whole.clone())),
            Some(b'`') => out.extend(part(text, 0..whole.start)),
            Some(b'\'') => out.extend(from(text, whole.end)),
            _ => {
                out.push(b'$');
                at = dollar + 1;
            }
        }
    }
    out.extend(from(replacement, at));
}

struct Reference {
    whole: std::ops::Range<usize>,
    inner: std::ops::Range<usize>,
}

/// The first `${…}` without a brace in it, or `$NAME`, without a backslash before it.
fn next_reference(text: &[u8]) -> Option<Reference> {
    for dollar in memchr::memchr_iter(b'$', text) {
        if dollar > 0 && text.get(dollar - 1) == Some(&b'\\') {
            continue;
        }
        let rest = from(text, dollar + 1);
        let (start, length, behind) = if let Some(inner) = rest.strip_prefix(b"{") {
            let length = memchr::memchr2(b'{', b'}', inner).unwrap_or(inner.len());
            let is_closed = inner.get(length) == Some(&b'}');
            (dollar + 2, if is_closed { length } else { 0 }, 1)
        } else {
            let is_start = rest.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
            let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
            (dollar + 1, if is_start { length } else { 0 }, 0)
        };
        if length > 0 {
            let inner = start..start + length;
            return Some(Reference { whole: dollar..inner.end + behind, inner });
        }
    }
    None
}

/// The name and the value of what stands between the braces.
fn replacement<'a>(template: &'a [u8], reading: &'a Reading) -> (&'a [u8], &'a [u8]) {
    let operators: [&[u8]; 4] = [b":+", b"+", b":-", b"-"];
    let places = (0..template.len()).find_map(|at| {
        let found = operators.iter().find(|one| from(template, at).starts_with(one));
        found.map(|one| (at, *one))
    });
    let Some((at, operator)) = places else {
        // What is split at no operator is split at the word for none.
        let name = part(template, 0..memchr::memmem::find(template, b"null").unwrap_or(template.len()));
        return (name, reading.get(name).unwrap_or_default());
    };
    let (name, word) = (part(template, 0..at), from(template, at + operator.len()));
    let value = reading.get(name);
    let filled = value.filter(|value| !value.is_empty());
    let chosen = match operator {
        b":-" => filled.unwrap_or(word),
        b"-" => value.unwrap_or(word),
        b":+" => filled.map_or(&[][..], |_| word),
        _ => value.map_or(&[][..], |_| word),
    };
    (name, chosen)
}

/// Whether a `$(` is closed here: quotes hide parentheses.
fn has_command(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"$(").take(MAX_OPEN).any(|at| is_closed(from(text, at + 2)))
}

fn is_closed(text: &[u8]) -> bool {
    let mut open: Vec<Option<u8>> = vec![None];
    let mut at = 0;
    while let (Some(byte), Some(quote)) = (text.get(at), open.last_mut()) {
        let opens = *byte == b'$' && text.get(at + 1) == Some(&b'(');
        at += 1;
        match (*quote, byte) {
            (Some(known), byte) if known == *byte => *quote = None,
            (Some(b'\''), _) => {}
            (_, b'\\') => at += 1,
            (Some(_), _) if opens => {
                open.push(None);
                at += 1;
            }
            (Some(_), _) => {}
            (None, b'\'' | b'"' | b'`') => *quote = Some(*byte),
            (None, b'(') => open.push(None),
            (None, b')') => {
                open.pop();
            }
            _ => {}
        }
    }
    open.is_empty()
}
