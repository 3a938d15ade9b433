//! From the bytes of a value to what Compose sees: quotes and escapes here, `$` in `expand`.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::chars::{from, part};
use super::expand::{self, Decoded};
use super::scan::Raw;
use super::{Dollar, Quote};
use crate::secret::Secret;

/// How many bytes all expansions of one file may make together, beyond the file's own size: 16 MiB.
const MAX_ADDED: usize = 16 << 20;

/// The values read so far, by key: what a `$` may refer to.
pub(super) struct Values<'a> {
    text: &'a [u8],
    last: HashMap<&'a [u8], usize>,
    budget: usize,
}

/// A value, and whether Compose takes it.
pub(super) struct Value {
    pub(super) secret: Secret,
    pub(super) dollar: Dollar,
    pub(super) refused: bool,
}

impl<'a> Values<'a> {
    pub(super) fn new(text: &'a [u8], count: usize) -> Self {
        Self { text, last: HashMap::with_capacity(count), budget: text.len().saturating_add(MAX_ADDED) }
    }

    /// Decodes one value; `known` opens the value of an earlier assignment.
    pub(super) fn decode<'k>(&mut self, raw: &Raw, known: impl Fn(usize) -> Option<&'k [u8]>) -> Value {
        let written = part(self.text, raw.value_span.clone());
        let inner = match raw.quote {
            Quote::Bare => written,
            _ if raw.closed => part(written, 1..written.len().saturating_sub(1)),
            _ => from(written, 1),
        };
        if !raw.closed {
            return Value { secret: Secret::copy_of(inner), dollar: Dollar::AsWritten, refused: false };
        }
        match raw.quote {
            Quote::Single => {
                Value { secret: Secret::new(unquote_single(inner)), dollar: Dollar::AsWritten, refused: false }
            }
            Quote::Bare => self.expand(&Decoded { text: inner, made: &[] }, known),
            Quote::Double if memchr::memchr(b'\\', inner).is_none() => {
                self.expand(&Decoded { text: inner, made: &[] }, known)
            }
            Quote::Double => {
                let mut made = Vec::new();
                let text = Zeroizing::new(unescape_double(inner, &mut made));
                self.expand(&Decoded { text: &text, made: &made }, known)
            }
        }
    }

    /// From now on, `raw`'s key means the assignment at `index`.
    pub(super) fn define(&mut self, raw: &Raw, index: usize) {
        self.last.insert(part(self.text, raw.key_span.clone()), index);
    }

    fn expand<'k>(&mut self, decoded: &Decoded<'_>, known: impl Fn(usize) -> Option<&'k [u8]>) -> Value {
        let lookup = |name: &[u8]| self.last.get(name).and_then(|index| known(*index));
        match expand::expand(decoded, &lookup, self.budget) {
            Some((secret, dollar, spent)) => {
                self.budget = self.budget.saturating_sub(spent);
                Value { secret, dollar, refused: false }
            }
            // Nothing is expanded then: the text itself is the best guess.
            None => Value { secret: Secret::copy_of(decoded.text), dollar: Dollar::Rewritten, refused: true },
        }
    }
}

/// `\'` is a quote; every other backslash stays.
fn unquote_single(inner: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(part(rest, 0..at));
        match rest.get(at + 1) {
            Some(b'\'') => out.push(b'\''),
            Some(other) => out.extend_from_slice(&[b'\\', *other]),
            None => out.push(b'\\'),
        }
        rest = from(rest, at + 2);
    }
    out.extend_from_slice(rest);
    out
}

/// The escapes of a double-quoted value. `\$` becomes `$$`, which the expansion halves; `made` says where, so that it
/// is told from one that was written. Never longer than `inner`.
fn unescape_double(inner: &[u8], made: &mut Vec<usize>) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(part(rest, 0..at));
        let escape = from(rest, at + 1);
        let mut length = 1;
        match escape.first() {
            Some(b'a') => out.push(0x07),
            Some(b'b') => out.push(0x08),
            Some(b'f') => out.push(0x0c),
            Some(b'n') => out.push(b'\n'),
            Some(b'r') => out.push(b'\r'),
            Some(b't') => out.push(b'\t'),
            Some(b'v') => out.push(0x0b),
            Some(quoted @ (b'"' | b'\\')) => out.push(*quoted),
            Some(b'$') => {
                made.push(out.len());
                out.extend_from_slice(b"$$");
            }
            Some(b'0') => length += push_octal(&mut out, from(escape, 1)),
            Some(other) => out.extend_from_slice(&[b'\\', *other]),
            None => out.push(b'\\'),
        }
        rest = from(escape, length);
    }
    out.extend_from_slice(rest);
    out
}

/// `\0` and up to three digits: three octal ones are the character of that number (as UTF-8), anything else loses the
/// zero. Gives how many digits it took.
fn push_octal(out: &mut Vec<u8>, text: &[u8]) -> usize {
    let count = text.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    let digits = part(text, 0..count);
    let octal = count == 3 && digits.iter().all(|digit| (b'0'..=b'7').contains(digit));
    let number = digits.iter().fold(0_u32, |sum, digit| sum * 8 + u32::from(digit - b'0'));
    match u8::try_from(number) {
        Ok(number) if octal => out.extend_from_slice(char::from(number).encode_utf8(&mut [0; 2]).as_bytes()),
        _ => {
            out.push(b'\\');
            out.extend_from_slice(digits);
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_quotes_keep_all_but_the_escaped_quote() {
        assert_eq!(unquote_single(br"a\'b\\c\n"), br"a'b\\c\n");
    }

    #[test]
    fn double_quotes_unescape_as_compose_does() {
        let cases: [(&[u8], &[u8]); 9] = [
            (br"a\nb", b"a\nb"),
            (br#"a\"b"#, b"a\"b"),
            (br"\\n", br"\n"),
            (br"\c\x", br"\c\x"),
            (br"\0101", b"A"),
            (br"\0377", "\u{ff}".as_bytes()),
            (br"\0", br"\"),
            (br"\012x", br"\12x"),
            (br"\0400", br"\400"),
        ];
        for (written, seen) in cases {
            assert_eq!(unescape_double(written, &mut Vec::new()), seen);
        }
        let mut made = Vec::new();
        assert_eq!(unescape_double(br"a\$b$$", &mut made), b"a$$b$$");
        assert_eq!(made, [1]);
    }
}
