//! The forms a value takes inside other text: those that the search finds, and besides them letters of the other case and
//! mixed encodings, which names take on.

use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::secret::forms::{Form, base64, forms};
use crate::secret::search::{Breaks, Reading, Starts};
use crate::text::{is_plain, sanitize};

/// Values, ready to be found in every form.
pub(super) struct Forms {
    all: Vec<Written>,
}

/// What is written alike.
struct Written {
    texts: Starts,
    readings: &'static [Reading],
    breaks: Breaks,
    /// Whether a character that belongs half to the value stands before and behind.
    half_before: bool,
    half_behind: bool,
}

impl Forms {
    pub(super) fn of(values: &[Secret]) -> Self {
        let (mut exact, mut lines, mut escaped) = (Vec::new(), Vec::new(), Vec::new());
        for value in values {
            for (form, text) in forms(open(value)) {
                // Also as a screen shows it: a text is masked when it is made already. No name holds UTF-16, with its
                // NULs.
                exact.extend(Some(&text).filter(|_| form != Form::Utf16).and_then(shown));
                match form.breaks() {
                    Breaks::None => exact.push(text),
                    Breaks::Lines => lines.push(text),
                    Breaks::Escaped => escaped.push(text),
                }
            }
        }
        let readings = &[Reading::Folded, Reading::Percent, Reading::Hex];
        let mut all = vec![Written::whole(values.iter().map(folded).collect(), readings, Breaks::None)];
        let written = [(exact, Breaks::None), (lines, Breaks::Lines), (escaped, Breaks::Escaped)];
        all.extend(written.map(|(texts, breaks)| Written::whole(texts, &[Reading::Exact], breaks)));
        all.extend(in_base64(values));
        Self { all }
    }

    /// How many bytes at the start of `text` are a value in some form; 0 for none.
    pub(super) fn length_at(&self, text: &[u8]) -> usize {
        self.all.iter().map(|written| written.length_at(text)).max().unwrap_or(0)
    }
}

impl Written {
    fn whole(texts: Vec<Secret>, readings: &'static [Reading], breaks: Breaks) -> Self {
        Self { texts: Starts::new(texts), readings, breaks, half_before: false, half_behind: false }
    }

    /// The match starts with the half character before, if there is one.
    fn length_at(&self, text: &[u8]) -> usize {
        let before = usize::from(self.half_before);
        if self.half_before && !text.first().is_some_and(is_base64) {
            return 0;
        }
        let rest = text.get(before..).unwrap_or_default();
        let longest = |reading: &Reading| self.texts.longest(rest, *reading, self.breaks);
        match self.readings.iter().map(longest).max() {
            Some(length) if length > 0 => before + length + self.behind(rest.get(length..).unwrap_or_default()),
            _ => 0,
        }
    }

    /// The half character behind, and the padding.
    fn behind(&self, text: &[u8]) -> usize {
        if self.readings != [Reading::Base64] {
            return 0;
        }
        let half = usize::from(self.half_behind && text.first().is_some_and(is_base64));
        half + text.iter().skip(half).take(2).take_while(|byte| **byte == b'=').count()
    }
}

/// What is sure of the values' base64 when 0, 1 or 2 bytes stand before them (`user:password` is encoded as one), by
/// whether a half character stands before and behind.
fn in_base64(values: &[Secret]) -> [Written; 4] {
    [(false, false), (false, true), (true, false), (true, true)].map(|(half_before, half_behind)| {
        let is_such = |value: &Secret, shift: usize| {
            (shift > 0) == half_before && ((shift + open(value).len()) * 8 % 6 != 0) == half_behind
        };
        let sure = |value| (0..3).filter(move |shift| is_such(value, *shift)).map(|shift| base64(open(value), shift));
        let texts = values.iter().flat_map(sure).collect();
        Written { half_before, half_behind, ..Written::whole(texts, &[Reading::Base64], Breaks::None) }
    })
}

/// A value in small letters, as [`Reading::Folded`] reads it.
fn folded(value: &Secret) -> Secret {
    Secret::new(open(value).to_ascii_lowercase())
}

/// A text as [`sanitize`] shows it, where that is another one.
fn shown(text: &Secret) -> Option<Secret> {
    (!is_plain(open(text))).then(|| Zeroizing::new(sanitize(open(text)))).and_then(|shown| {
        let is_other = shown.as_bytes() != open(text);
        is_other.then(|| Secret::copy_of(shown.as_bytes()))
    })
}

fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(byte)
}

#[expect(clippy::disallowed_methods, reason = "searches a name for the value, and keeps no copy outside a Secret")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}
