use std::collections::BTreeSet;
use std::ops::Range;

use proptest::prelude::*;

use super::form::forms;
use super::*;
use crate::secret::Secret;

fn secrets(values: &[Vec<u8>]) -> Vec<Secret> {
    values.iter().map(|value| Secret::copy_of(value)).collect()
}

fn hits(values: &[Secret], text: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    Needles::new(values).find(text, |hit| hits.push(hit));
    hits.sort();
    hits
}

/// Every form of every value at every position.
#[expect(clippy::disallowed_methods, reason = "the oracle compares bytes")]
fn naive(values: &[Secret], text: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (value, secret) in values.iter().enumerate().filter(|(_, secret)| secret.is_at_least(SHORTEST)) {
        for (form, pattern) in forms(secret.expose()) {
            let wanted = pattern.expose();
            let at = text.windows(wanted.len()).enumerate().filter(|(_, window)| *window == wanted);
            hits.extend(at.map(|(at, _)| Hit { at, value, form }));
        }
    }
    hits.sort();
    hits
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
        prop_assert_eq!(hits(&values, &text), naive(&values, &text));
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
        let all = naive(&values, &text);
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
    assert_eq!(found, [Hit { at: 10, value: 2, form: Form::Plain }]);
    assert!(Needles::new(&values[..2]).is_empty());
}
