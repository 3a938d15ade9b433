use super::*;

/// Made at run time: nothing that looks like a secret stands in the source.
fn value() -> Vec<u8> {
    (0..16u8).map(|at| b'a' + at * 7 % 26).chain(*b"/X +1").collect()
}

fn mask() -> Mask {
    Mask::new(&[Secret::copy_of(&value())])
}

fn masked(text: &[u8]) -> String {
    mask().apply(text).escape_ascii().to_string()
}

fn around(form: &[u8]) -> Vec<u8> {
    [b"a=", form, b"&b"].concat()
}

#[test]
fn plain_in_any_case() {
    for form in [value(), value().to_ascii_uppercase(), value().to_ascii_lowercase()] {
        assert_eq!(masked(&around(&form)), "a=[masked]&b");
    }
    assert_eq!(masked(&[value(), value()].concat()), "[masked][masked]");
    assert_eq!(masked(&value()[1..]), value()[1..].escape_ascii().to_string());
}

#[test]
fn hexadecimal_and_percent_encoded() {
    let hex: String = value().iter().map(|byte| format!("{byte:02X}")).collect();
    let percent: String = value().iter().map(|byte| format!("%{byte:02x}")).collect();
    let some = String::from_utf8_lossy(&value()).replace('+', "%2B").replace('/', "%2f").replace(' ', "+");
    for form in [hex, percent, some] {
        assert_eq!(masked(&around(form.as_bytes())), "a=[masked]&b");
    }
}

#[test]
fn base64_wherever_it_starts() {
    for before in ["", "u", "u:", "us:"] {
        for url_safe in [false, true] {
            let text = encode(&[before.as_bytes(), &value()].concat(), url_safe);
            let kept: String = text.chars().take(before.len() * 8 / 6).collect();
            let expected = format!("{kept}[masked]");
            assert_eq!(masked(text.as_bytes()), expected.escape_default().to_string(), "{before:?}");
        }
    }
}

/// A second encoder, written the slow way.
fn encode(bytes: &[u8], url_safe: bool) -> String {
    let (plus, slash) = if url_safe { ('-', '_') } else { ('+', '/') };
    let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain([plus, slash]).collect();
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let mut text: String = bits
        .as_bytes()
        .chunks(6)
        .map(|six| format!("{:0<6}", six.escape_ascii().to_string()))
        .map(|six| alphabet[usize::from_str_radix(&six, 2).unwrap()])
        .collect();
    while text.len() % 4 != 0 {
        text.push('=');
    }
    text
}

#[test]
fn the_longest_value_wins_and_nothing_is_lost() {
    let (short, long) = (value()[..8].to_vec(), value());
    let mask = Mask::new(&[Secret::new(short), Secret::new(long.clone()), Secret::default()]);
    assert_eq!(mask.apply(&around(&long)).as_ref(), b"a=[masked]&b");
    assert!(matches!(mask.apply(b"nothing here"), Cow::Borrowed(_)));
}

/// The mask knows what the search finds.
#[test]
#[expect(clippy::disallowed_methods, reason = "what is masked is compared with what the search looks for")]
fn every_form_of_the_search_is_masked() {
    let words =
        ["it's \"so\" $HOME", "back\\slash #and `tick`", "gr\u{fc}\u{df}e/\u{20ac}+<&>", "two\nlines\t\u{1f511}end"];
    for word in words {
        let value = Secret::new([&value()[..12], word.as_bytes()].concat());
        let mask = Mask::new(&[Secret::copy_of(value.expose())]);
        for (form, text) in crate::search::forms(value.expose()) {
            let masked = mask.apply(&around(text.expose())).into_owned();
            assert!(masked.windows(MASK.len()).any(|part| part == MASK), "{form:?} of {word:?}");
            let left = masked.windows(6).any(|part| text.expose().windows(6).any(|own| own == part));
            assert!(!left, "{form:?} of {word:?}: {}", masked.escape_ascii());
            if form.breaks() != crate::search::Breaks::None {
                let broken = [&text.expose()[..9], b"\r\n  ", &text.expose()[9..]].concat();
                assert!(!mask.apply(&broken).windows(9).any(|part| part == &text.expose()[..9]), "{form:?} broken");
            }
        }
    }
}
