//! The forms a value takes inside other text: those that the search finds, and besides them letters of the other case and
//! mixed encodings, which names take on.

use zeroize::Zeroizing;

use crate::search::{Breaks, Form, forms, length};
use crate::secret::Secret;
use crate::tty::sanitize;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Fewer characters of base64 occur by chance.
const BASE64_MIN: usize = 10;

/// A value, ready to be found.
pub(super) struct Forms {
    plain: Secret,
    /// What is sure of its base64 form when 0, 1 or 2 bytes stand before it (`user:password` is encoded as one).
    base64: [Base64; 3],
    /// As the search has it, and how it may be broken into lines.
    written: Vec<(Secret, Breaks)>,
}

struct Base64 {
    sure: Secret,
    /// Whether a character that belongs half to the value stands before and behind.
    half_before: bool,
    half_behind: bool,
}

impl Forms {
    pub(super) fn of(value: &Secret) -> Self {
        let plain = Secret::copy_of(open(value));
        let forms = forms(open(value));
        // Also as a screen shows them: a text is masked when it is made already. No name holds UTF-16, with its NULs.
        let texts = forms.iter().filter(|(form, _)| *form != Form::Utf16);
        let shown: Vec<Secret> = texts.filter_map(|(_, text)| escaped(text)).collect();
        let shown = shown.into_iter().map(|text| (text, Breaks::None));
        let written = forms.into_iter().map(|(form, text)| (text, form.breaks())).chain(shown);
        Self { base64: [0, 1, 2].map(|shift| Base64::of(open(&plain), shift)), plain, written: written.collect() }
    }

    /// The value's length: no form is shorter.
    pub(super) fn length(&self) -> usize {
        open(&self.plain).len()
    }

    /// How many bytes at the start of `text` are this value in some form; 0 for none.
    pub(super) fn length_at(&self, text: &[u8]) -> usize {
        let value = open(&self.plain);
        let forms = [units(text, value, plain), units(text, value, percent), units(text, value, hex)];
        let base64 = self.base64.iter().map(|form| form.length_at(text));
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

impl Base64 {
    fn of(value: &[u8], shift: usize) -> Self {
        let bits = (shift + value.len()) * 8;
        let (first, last) = ((shift * 8).div_ceil(6), bits / 6);
        // Sized beforehand: a buffer that grows leaves copies of the value behind.
        let mut sure = Vec::with_capacity(last.saturating_sub(first));
        sure.extend((first..last).map(|at| character(value, at * 6 - shift * 8)));
        Self { sure: Secret::new(sure), half_before: shift > 0, half_behind: bits % 6 != 0 }
    }

    /// The match starts with the half character before, if there is one.
    fn length_at(&self, text: &[u8]) -> usize {
        let sure = open(&self.sure);
        let before = usize::from(self.half_before);
        let found = text.get(before..before + sure.len()).is_some_and(|found| found.iter().zip(sure).all(same));
        let half_is_base64 = text.first().is_some_and(|byte| !self.half_before || is_base64(*byte));
        if sure.len() < BASE64_MIN || !found || !half_is_base64 {
            return 0;
        }
        let end = before + sure.len();
        let half = usize::from(self.half_behind && text.get(end).is_some_and(|byte| is_base64(*byte)));
        let padding = text.iter().skip(end + half).take(2).take_while(|byte| **byte == b'=').count();
        end + half + padding
    }
}

/// The character for the six bits of `value` from `bit` on.
fn character(value: &[u8], bit: usize) -> u8 {
    let byte = |at: usize| u16::from(value.get(at).copied().unwrap_or(0));
    let pair = byte(bit / 8) << 8 | byte(bit / 8 + 1);
    let index = usize::from(pair >> (10 - bit % 8) & 0x3f);
    BASE64.get(index).copied().unwrap_or(b'A')
}

/// The URL-safe alphabet differs in two characters.
fn same((found, sure): (&u8, &u8)) -> bool {
    found == sure || (*found == b'-' && *sure == b'+') || (*found == b'_' && *sure == b'/')
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

#[expect(clippy::disallowed_methods, reason = "searches a name for the value, and keeps no copy outside a Secret")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}
