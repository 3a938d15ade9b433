use std::collections::BTreeSet;
use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::secret::Secret;
use crate::secret::forms::{Form, forms};

fn secrets(values: &[Vec<u8>]) -> Vec<Secret> {
    values.iter().map(|value| Secret::copy_of(value)).collect()
}

fn hits(values: &[Secret], text: &[u8]) -> BTreeSet<Hit> {
    let mut hits = BTreeSet::new();
    Needles::new(values).find(text, |hit| {
        hits.insert(hit);
    });
    hits
}

/// What every form of every value is compared with at every position.
struct Naive {
    all: BTreeSet<Hit>,
    /// Those that are found in any case: broken once at most in the first 60 characters, where 23 and more are.
    sure: BTreeSet<Hit>,
}

#[expect(clippy::disallowed_methods, reason = "the oracle compares bytes")]
fn naive(values: &[Secret], text: &[u8]) -> Naive {
    let mut naive = Naive { all: BTreeSet::new(), sure: BTreeSet::new() };
    let (unbroken, joined) = (text.iter().copied().enumerate().collect(), joined(text));
    for (value, secret) in values.iter().enumerate().filter(|(_, secret)| secret.is_at_least(SHORTEST)) {
        for (form, pattern) in forms(secret.expose()) {
            let wanted = pattern.expose();
            let text: &Vec<(usize, u8)> = if matches!(form, Form::Base64 | Form::Hex) { &joined } else { &unbroken };
            for window in text.windows(wanted.len()).filter(|window| window.iter().map(|(_, byte)| byte).eq(wanted)) {
                let hit = Hit { at: window[0].0, value, form };
                let breaks = |window: &[(usize, u8)]| window.windows(2).filter(|two| two[0].0 + 1 < two[1].0).count();
                if breaks(&window[..window.len().min(60)]) <= usize::from(window.len() >= 23) {
                    naive.sure.insert(hit);
                }
                naive.all.insert(hit);
            }
        }
    }
    naive
}

/// The text without the breaks between characters of base64, each byte with its place.
fn joined(text: &[u8]) -> Vec<(usize, u8)> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let (mut joined, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let feed = at + usize::from(text[at..].starts_with(b"\r\n"));
        let blanks = text.iter().skip(feed + 1).take_while(|byte| b" \t".contains(byte)).count();
        let next = feed + 1 + blanks;
        let is_break = text[feed] == b'\n' && blanks <= 32 && at > 0 && is_digit(&text[at - 1]);
        if is_break && text.get(next).is_some_and(is_digit) {
            at = next;
        } else {
            joined.push((at, text[at]));
            at += 1;
        }
    }
    joined
}

#[expect(clippy::disallowed_methods, reason = "a test writes the form into a text")]
fn form_of(value: &[u8], index: usize) -> Vec<u8> {
    let forms = forms(value);
    forms[index % forms.len()].1.expose().to_vec()
}

/// A value with characters that forms change, too.
fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        "[a-zA-Z0-9]{8,70}".prop_map(String::into_bytes),
        "[a-c\"'/ $é<\\\\]{10,30}".prop_map(String::into_bytes),
    ]
}

/// A text with values in it, encoded as a whole and broken into lines.
#[derive(Clone, Debug)]
struct Lines {
    values: Vec<Vec<u8>>,
    fillers: Vec<Vec<u8>>,
    /// Which form: 0 and 1 are base64, 2 and 3 digits.
    form: u8,
    width: usize,
    first: usize,
    feed: &'static [u8],
    indent: usize,
}

fn lines() -> impl Strategy<Value = Lines> {
    let value = || proptest::collection::vec(any::<u8>(), 12..150);
    let width = prop_oneof![Just(60_usize), Just(64), Just(76), 60_usize..200, 1_usize..60];
    let feed = prop_oneof![Just(b"\n".as_slice()), Just(b"\r\n".as_slice())];
    let filler = proptest::collection::vec(any::<u8>(), 0..100);
    let texts = (proptest::collection::vec(value(), 1..3), proptest::collection::vec(filler, 2));
    (texts, 0_u8..4, width, any::<usize>(), feed, 0_usize..=32).prop_map(|(texts, form, width, first, feed, indent)| {
        let (values, fillers) = texts;
        Lines { values, fillers, form, width, first: first % width, feed, indent }
    })
}

impl Lines {
    fn form(&self) -> Form {
        if self.form < 2 { Form::Base64 } else { Form::Hex }
    }

    fn text(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        for (value, filler) in self.values.iter().zip(&self.fillers) {
            plain.extend_from_slice(filler);
            plain.extend_from_slice(value);
        }
        plain.extend_from_slice(b"the end");
        let encoded = match self.form {
            0 => encoded(&plain, 6, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
            1 => encoded(&plain, 6, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            2 => encoded(&plain, 4, b"0123456789abcdef"),
            _ => encoded(&plain, 4, b"0123456789ABCDEF"),
        };
        let (first, rest) = encoded.split_at(self.first.min(encoded.len()));
        let mut text = first.to_vec();
        for line in rest.chunks(self.width) {
            text.extend_from_slice(self.feed);
            text.extend(std::iter::repeat_n(b' ', self.indent));
            text.extend_from_slice(line);
        }
        text
    }
}

/// So many bits of the text for each digit, as RFC 4648 has it.
fn encoded(text: &[u8], width: usize, digits: &[u8]) -> Vec<u8> {
    let bits: Vec<u8> = text.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let number = |bits: &[u8]| (0..width).fold(0, |sum, at| sum * 2 + usize::from(bits.get(at).copied().unwrap_or(0)));
    bits.chunks(width).map(|bits| digits[number(bits)]).collect()
}

proptest! {
    #[test]
    fn the_same_hits_as_looking_everywhere(
        values in proptest::collection::vec(value(), 0..6),
        pieces in proptest::collection::vec((any::<u8>(), any::<usize>(), proptest::collection::vec(any::<u8>(), 0..30)), 0..8),
    ) {
        let mut text = Vec::new();
        for (which, form, filler) in &pieces {
            text.extend_from_slice(filler);
            if let Some(value) = values.get(usize::from(*which) % 7) {
                text.extend(form_of(value, *form));
            }
        }
        let values = secrets(&values);
        let (found, naive) = (hits(&values, &text), naive(&values, &text));
        prop_assert!(found.is_subset(&naive.all) && naive.sure.is_subset(&found), "{found:?} {:?}", naive.all);
    }

    #[test]
    fn over_the_lines_of_an_encoded_text(lines in lines()) {
        let text = lines.text();
        let values = secrets(&lines.values);
        let (found, naive) = (hits(&values, &text), naive(&values, &text));
        prop_assert!(found.is_subset(&naive.all) && naive.sure.is_subset(&found), "{found:?} {:?}", naive.all);
        let form = lines.form();
        prop_assert!((0..values.len()).all(|value| naive.all.iter().any(|hit| hit.value == value && hit.form == form)));
        if lines.width >= 60 && lines.values.iter().all(|value| value.len() >= 18) {
            prop_assert_eq!(found, naive.all);
        }
    }

    /// A base that lacks something of an occurrence, or has something more in it, is free; the text made of it is not.
    #[test]
    fn over_lines_where_something_changed(lines in lines(), at in 0_usize..140, new in 0_usize..50, gone in "[a-z\n]{0,9}") {
        let text = lines.text();
        let values = secrets(&lines.values);
        let naive = naive(&values, &text);
        let Some(first) = naive.sure.first() else { return Ok(()) };
        let start = (first.at + at).saturating_sub(30).min(text.len());
        let end = (start + new).min(text.len());
        let base = [&text[..start], gone.as_bytes(), &text[end..]].concat();
        let needles = Needles::new(&values);
        let mut found = BTreeSet::new();
        if needles.find(&base, |_| {}) {
            let is_free = needles.find_changed(&text, std::slice::from_ref(&(start..end)), |hit| { found.insert(hit); });
            prop_assert!(!is_free && found.is_subset(&naive.all) && naive.sure.is_subset(&found), "{found:?} {:?}", naive.all);
        }
    }

    #[test]
    fn what_touches_a_change_is_found(
        value in "[ab]{12,20}",
        base in "[ab]{0,200}",
        cuts in proptest::collection::vec((0_usize..200, "[ab]{0,20}"), 0..5),
    ) {
        let values = [Secret::copy_of(value.as_bytes())];
        let needles = Needles::new(&values);
        // The base's pieces in order, with something put between them.
        let mut cuts: Vec<(usize, String)> = cuts.into_iter().map(|(at, new)| (at.min(base.len()), new)).collect();
        cuts.sort();
        let (mut text, mut changed, mut from) = (Vec::new(), Vec::new(), 0);
        for (at, new) in &cuts {
            text.extend_from_slice(&base.as_bytes()[from..*at]);
            changed.push(text.len()..text.len() + new.len());
            text.extend_from_slice(new.as_bytes());
            from = *at;
        }
        text.extend_from_slice(&base.as_bytes()[from..]);
        let mut found = BTreeSet::new();
        needles.find_changed(&text, &changed, |hit| { found.insert(hit); });
        let all = naive(&values, &text).all;
        prop_assert!(found.iter().all(|hit| all.contains(hit)));
        let touches = |hit: &&Hit| {
            let length = form_of(value.as_bytes(), 0).len();
            let touches = |range: &Range<usize>| {
                range.start < hit.at + length && (hit.at < range.end || hit.at < range.start)
            };
            hit.form == Form::Plain && changed.iter().any(touches)
        };
        prop_assert!(all.iter().filter(touches).all(|hit| found.contains(hit)));
    }
}

/// Wherever the line ends and wherever the seam is, and however little of the text around the seam is examined.
#[test]
fn a_break_beside_a_seam() {
    let value = b"eighteen-letters-x";
    let needles = Needles::new(&[Secret::copy_of(value)]);
    let digits = encoded(value, 4, b"0123456789abcdef");
    let feed = [b"\r\n".as_slice(), &[b' '; 32]].concat();
    for at in 1..digits.len() {
        let text = [b"z".repeat(200).as_slice(), &digits[..at], &feed, &digits[at..], &b"z".repeat(200)].concat();
        for seam in 201..200 + digits.len() + feed.len() {
            let base = [&text[..seam], b"z", &text[seam..]].concat();
            assert!(needles.find(&base, |_| {}), "{at} {seam}");
            let mut found = BTreeSet::new();
            needles.find_changed(&text, std::slice::from_ref(&(seam..seam)), |hit| {
                found.insert(hit);
            });
            assert_eq!(Vec::from_iter(found), [Hit { at: 200, value: 0, form: Form::Hex }], "{at} {seam}");
        }
    }
}

#[test]
fn every_form_people_paste() {
    let value = "p/s\"w'rd $2b&<>é~9z".as_bytes();
    let values = [Secret::copy_of(value)];
    // Made by the tools themselves: Python's json, urllib, shlex, base64, and printf %q of bash.
    let pasted: [(&str, Form); 14] = [
        ("p/s\"w'rd $2b&<>é~9z", Form::Plain),
        ("\"p/s\\\"w'rd $2b&<>\\u00e9~9z\"", Form::Json),
        ("\"p\\/s\\\"w'rd $2b&<>é~9z\"", Form::Json),
        ("\"p/s\\\"w'rd $2b\\u0026\\u003c\\u003eé~9z\"", Form::Json),
        ("p%2Fs%22w%27rd%20%242b%26%3C%3E%C3%A9~9z", Form::Percent),
        ("p/s%22w%27rd%20%242b%26%3C%3E%C3%A9~9z", Form::Percent),
        ("p%2fs%22w%27rd+%242b%26%3c%3e%c3%a9~9z", Form::Percent),
        ("'p/s\"w'\\''rd $2b&<>é~9z'", Form::Shell),
        ("\"p/s\\\"w'rd \\$2b&<>é~9z\"", Form::Shell),
        ("cC9zIncncmQgJDJiJjw+w6l+OXo=", Form::Base64),
        ("dXNlcjpwL3MidydyZCAkMmImPD7DqX45eg==", Form::Base64),
        ("eDpwL3MidydyZCAkMmImPD7DqX45eg==", Form::Base64),
        ("702f732277277264202432622600", Form::Hex),
        ("702F7322772772642024326226 3C3EC3A97E397A", Form::Hex),
    ];
    let missing =
        pasted.iter().filter(|(text, form)| !hits(&values, text.as_bytes()).iter().any(|hit| hit.form == *form));
    // The last two are not whole.
    assert_eq!(missing.map(|(_, form)| *form).collect::<Vec<_>>(), [Form::Hex, Form::Hex]);
    let wide: Vec<u8> = std::str::from_utf8(value).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(hits(&values, &wide).iter().map(|hit| hit.form).collect::<Vec<_>>(), [Form::Utf16]);
}

#[test]
fn short_values_are_left_out() {
    let values = [Secret::copy_of(b"localhost"), Secret::copy_of(b""), Secret::copy_of(b"twelve-bytes")];
    let found = hits(&values, b"localhost twelve-bytes");
    assert_eq!(Vec::from_iter(found), [Hit { at: 10, value: 2, form: Form::Plain }]);
    assert!(Needles::new(&values[..2]).is_empty() && !Needles::new(&values).is_empty());
}

#[test]
fn the_forms_of_each_value() {
    let values = [Secret::copy_of(b"twelve-bytes"), Secret::copy_of(b"a-longer-value")];
    let needles = Needles::new(&values);
    for (number, value) in values.iter().enumerate() {
        assert_eq!(needles.forms(number).filter(|(text, _)| text.ct_eq(value)).count(), 1);
        assert_eq!(needles.forms(1 - number).filter(|(text, _)| text.ct_eq(value)).count(), 0);
    }
}

/// Lines of 30 columns behind one column of the first, each break as long as one can be.
#[test]
fn no_form_takes_more_of_a_text_than_the_longest() {
    let value = [b'v'; 100];
    let digits = encoded(&value, 4, b"0123456789abcdef");
    let feed = [b"\r\n".as_slice(), &[b' '; 32]].concat();
    let mut text = digits[..1].to_vec();
    for line in digits[1..].chunks(30) {
        text.extend([&feed, line].concat());
    }
    assert_eq!(Needles::new(&[Secret::copy_of(&value)]).longest(), text.len());
}

#[test]
fn what_is_examined_around_changes() {
    let needles = Needles::new(&[Secret::copy_of(b"twelve-bytes")]);
    let around = |changed: &[(usize, usize)]| {
        let changed: Vec<Range<usize>> = changed.iter().map(|(start, end)| *start..*end).collect();
        needles.around(&changed, 10_000).map(|stretch| (stretch.start, stretch.end)).collect::<Vec<_>>()
    };
    let (start, end) = around(&[(5000, 5000)])[0];
    // Two that are far apart, two that overlap, and the ends of the text.
    assert_eq!(around(&[(5000, 5000), (9000, 9000)]), [(start, end), (start + 4000, end + 4000)]);
    assert_eq!(around(&[(5000, 5000), (5001, 5001)]), [(start, end + 1)]);
    assert_eq!(around(&[(0, 0), (9999, 10_000)]), [(0, end - 5000), (start + 4999, 10_000)]);
}
