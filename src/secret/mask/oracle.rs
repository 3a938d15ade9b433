//! The mask as it is defined: every value is tried in every form at every byte. What a test compares the fast one with.

use zeroize::Zeroizing;

use super::{MASK, SHORTEST};
use crate::secret::forms::forms;
use crate::secret::search::{Breaks, length};
use crate::secret::{Form, Secret};
use crate::text::sanitize;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `bytes` with every value replaced: the first that starts, and of several the longest.
pub(super) fn apply(values: &[Secret], bytes: &[u8]) -> Vec<u8> {
    let values: Vec<Value<'_>> =
        values.iter().map(open).filter(|value| value.len() >= SHORTEST).map(Value::of).collect();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let length = values.iter().map(|value| value.length_at(&bytes[at..])).max().unwrap_or(0);
        if length > 0 {
            out.extend_from_slice(MASK);
        } else {
            out.push(bytes[at]);
        }
        at += length.max(1);
    }
    out
}

struct Value<'a> {
    value: &'a [u8],
    /// As the search has it, and how it may be broken into lines.
    written: Vec<(Secret, Breaks)>,
}

impl<'a> Value<'a> {
    fn of(value: &'a [u8]) -> Self {
        let forms = forms(value);
        let texts = forms.iter().filter(|(form, _)| *form != Form::Utf16);
        let shown: Vec<Secret> = texts.filter_map(|(_, text)| escaped(text)).collect();
        let shown = shown.into_iter().map(|text| (text, Breaks::None));
        Self { value, written: forms.into_iter().map(|(form, text)| (text, form.breaks())).chain(shown).collect() }
    }

    /// How many bytes at the start of `text` are this value in some form; 0 for none.
    fn length_at(&self, text: &[u8]) -> usize {
        let forms = [plain, percent, hex].map(|unit: Unit| units(text, self.value, unit));
        let base64 = [0, 1, 2].map(|shift| base64(text, self.value, shift));
        let written = self.written.iter().map(|(form, breaks)| length(text, open(form), *breaks));
        forms.into_iter().chain(base64).chain(written).max().unwrap_or(0)
    }
}

/// A text as [`sanitize`] shows it, where that is another one.
fn escaped(text: &Secret) -> Option<Secret> {
    let shown = Zeroizing::new(sanitize(open(text)));
    (shown.as_bytes() != open(text)).then(|| Secret::copy_of(shown.as_bytes()))
}

/// Reads one byte of a value from the start of a text: the byte and how many bytes stand for it.
type Unit = fn(&[u8]) -> Option<(u8, usize)>;

fn plain(text: &[u8]) -> Option<(u8, usize)> {
    text.first().map(|byte| (*byte, 1))
}

fn percent(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'%', rest @ ..] => hex(rest).map(|(byte, _)| (byte, 3)),
        [b'+', ..] => Some((b' ', 1)),
        _ => plain(text),
    }
}

fn hex(text: &[u8]) -> Option<(u8, usize)> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    match text {
        [high, low, ..] => Some((digit(high)? << 4 | digit(low)?, 2)),
        _ => None,
    }
}

/// The length of `value` at the start of `text`, read unit by unit, upper and lower case alike.
fn units(text: &[u8], value: &[u8], unit: Unit) -> usize {
    let mut length = 0;
    for expected in value {
        let rest = text.get(length..).unwrap_or_default();
        match unit(rest) {
            Some((byte, size)) if byte.eq_ignore_ascii_case(expected) => length += size,
            _ => return 0,
        }
    }
    length
}

/// How many bytes are what base64 makes of the value behind `shift` other bytes, with the characters that belong half to
/// it, and the padding.
fn base64(text: &[u8], value: &[u8], shift: usize) -> usize {
    let bits = (shift + value.len()) * 8;
    let (first, last) = ((shift * 8).div_ceil(6), bits / 6);
    let before = usize::from(shift > 0);
    let sure = (first..last).map(|at| character(value, at * 6 - shift * 8));
    let end = before + last - first;
    let is_found =
        text.get(before..end).is_some_and(|found| found.iter().zip(sure).all(|(found, sure)| same(*found, sure)));
    if !is_found || before == 1 && !is_base64(text[0]) {
        return 0;
    }
    let half = usize::from(bits % 6 != 0 && text.get(end).is_some_and(|byte| is_base64(*byte)));
    end + half + text.iter().skip(end + half).take(2).take_while(|byte| **byte == b'=').count()
}

/// The character for the six bits of `value` from `bit` on.
fn character(value: &[u8], bit: usize) -> u8 {
    let byte = |at: usize| u16::from(value.get(at).copied().unwrap_or(0));
    let pair = byte(bit / 8) << 8 | byte(bit / 8 + 1);
    let index = usize::from(pair >> (10 - bit % 8) & 0x3f);
    BASE64.get(index).copied().unwrap_or(b'A')
}

/// The URL-safe alphabet differs in two characters.
fn same(found: u8, sure: u8) -> bool {
    found == sure || (found == b'-' && sure == b'+') || (found == b'_' && sure == b'/')
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}
