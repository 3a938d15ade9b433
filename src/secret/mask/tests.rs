use super::*;

/// Made at run time: nothing that looks like a secret is in the source.
fn value() -> Vec<u8> {
    (0..16u8).map(|at| b'a' + at * 7 % 26).chain(*b"/X +1").collect()
}

fn mask() -> Mask {
    Mask::new(vec![Secret::copy_of(&value())])
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
    // The second one has both characters in which the alphabets differ.
    for value in [value(), b"???>>>???>>>".to_vec()] {
        let mask = Mask::new(vec![Secret::copy_of(&value)]);
        for before in ["", "u", "u:", "us:"] {
            for url_safe in [false, true] {
                let text = encode(&[before.as_bytes(), &value].concat(), url_safe);
                let kept: String = text.chars().take(before.len() * 8 / 6).collect();
                assert_eq!(mask.text(&text), format!("{kept}[masked]"), "{before:?}");
            }
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
    let mask = Mask::new(vec![Secret::new(short), Secret::new(long.clone()), Secret::default()]);
    assert_eq!(mask.apply(&around(&long)).as_ref(), b"a=[masked]&b");
    assert!(matches!(mask.apply(b"nothing here"), Cow::Borrowed(_)));
}

#[test]
fn a_text_is_masked_each_time_and_one_without_a_value_is_examined_once() {
    let (mask, with, without) = (mask(), around(&value()), b"projects/api/config/production/app.env");
    for _ in 0..2 {
        assert_eq!(mask.apply(&with).as_ref(), b"a=[masked]&b");
    }
    assert!(mask.is_free("projects/api/config/production/app.env") && !mask.is_free(&String::from_utf8_lossy(&with)));
    assert_eq!(crate::work::steps(|| mask.apply(without).into_owned()), 0);
}

#[test]
fn a_path_with_a_value_in_it() {
    let path = |name: &[u8]| RelPath::new([b"backup/", name, b".env"].concat());
    let (with, without) = (mask().path(&path(&value())), mask().path(&path(b"app")));
    assert_eq!((with.as_bytes(), Mask::is_in(&with)), (b"backup/[masked].env".as_slice(), true));
    assert_eq!((without.as_bytes(), Mask::is_in(&without)), (b"backup/app.env".as_slice(), false));
}

/// A screen escapes what it cannot show.
#[test]
fn a_value_as_a_screen_shows_it() {
    for word in ["two\nlines", "\u{1b}[31m", "\u{202e}"] {
        let value = [&value()[..12], word.as_bytes()].concat();
        let mask = Mask::new(vec![Secret::copy_of(&value)]);
        let shown = crate::text::sanitize(&value);
        assert_eq!(mask.text(&format!("a={shown}&b")), "a=[masked]&b", "{shown}");
    }
}

/// The mask knows what the search finds.
#[test]
#[expect(clippy::disallowed_methods, reason = "what is masked is compared with what the search looks for")]
fn every_form_of_the_search_is_masked() {
    let words =
        ["it's \"so\" $HOME", "back\\slash #and `tick`", "gr\u{fc}\u{df}e/\u{20ac}+<&>", "two\nlines\t\u{1f511}end"];
    for word in words {
        let value = Secret::new([&value()[..12], word.as_bytes()].concat());
        let mask = Mask::new(vec![Secret::copy_of(value.expose())]);
        for (form, text) in crate::secret::forms::forms(value.expose()) {
            let masked = mask.apply(&around(text.expose())).into_owned();
            assert!(masked.windows(MASK.len()).any(|part| part == MASK), "{form:?} of {word:?}");
            let left = masked.windows(6).any(|part| text.expose().windows(6).any(|own| own == part));
            assert!(!left, "{form:?} of {word:?}: {}", masked.escape_ascii());
            if form.breaks() != crate::secret::search::Breaks::None {
                let broken = [&text.expose()[..9], b"\r\n  ", &text.expose()[9..]].concat();
                assert!(!mask.apply(&broken).windows(9).any(|part| part == &text.expose()[..9]), "{form:?} broken");
            }
        }
    }
}

/// Near forms of the values, and what is between them, from few characters: so that they overlap and begin alike.
mod definition {
    use proptest::prelude::*;

    use super::super::oracle;
    use super::*;
    use crate::work;

    /// Values that begin alike, hold each other, have characters that forms change, and a private key.
    fn value() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            "[ab]{8,14}".prop_map(String::into_bytes),
            "(postgres|Postgres)[:/@ab]{1,9}".prop_map(String::into_bytes),
            "[a-cA-C\"'/ $%+<\\\\\u{e9}\u{20ac}\u{1f511}\n]{5,20}".prop_map(String::into_bytes),
            proptest::collection::vec(any::<u8>(), 6..24),
            "[a-f0-9]{60,70}".prop_map(|digits| {
                let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
                let (first, second) = digits.split_at(30);
                format!("{begin}\n{first}\n{second}\n{end}\n").into_bytes()
            }),
        ]
    }

    /// A form of a value, bent: in the other case, percent-encoded here and there, broken into lines, cut off.
    fn bent(value: &[u8], form: usize, how: u8, at: usize) -> Vec<u8> {
        let forms = crate::secret::forms::forms(value);
        let text = forms[form % forms.len()].1.expose().to_vec();
        let (start, end) = text.split_at(at % (text.len() + 1));
        match how % 8 {
            0 => text.to_ascii_uppercase(),
            1 => [&start.to_ascii_uppercase(), end].concat(),
            2 => {
                let percent = |byte: &u8| format!("%{byte:02X}").into_bytes();
                [start, &end.first().map(percent).unwrap_or_default(), end.get(1..).unwrap_or_default()].concat()
            }
            3 => [start, b"\n  ", end].concat(),
            4 => [start, b"\\r\\n", end].concat(),
            5 => start.to_vec(),
            6 => end.to_vec(),
            _ => text,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn the_same_as_trying_everything_everywhere(
            values in proptest::collection::vec(value(), 0..8),
            pieces in proptest::collection::vec((any::<usize>(), any::<usize>(), any::<(u8, usize)>(), "[ab=+%/ -]{0,4}"), 0..6),
        ) {
            let mut text = Vec::new();
            for (which, form, (how, at), filler) in &pieces {
                if let Some(value) = values.get(which % values.len().max(1)) {
                    text.extend(bent(value, *form, *how, *at));
                }
                text.extend_from_slice(filler.as_bytes());
            }
            let secrets = || values.iter().map(|value| Secret::copy_of(value)).collect::<Vec<_>>();
            let wanted = oracle::apply(&secrets(), &text);
            let mask = Mask::new(secrets());
            prop_assert_eq!(mask.apply(&text).into_owned(), wanted);
        }
    }

    /// A form may be shorter than its value: a key's digits, UTF-16 of what takes three bytes in UTF-8.
    #[test]
    fn a_form_shorter_than_its_value_at_the_end() {
        let wide = "\u{20ac}".repeat(9);
        let mask = Mask::new(vec![Secret::copy_of(wide.as_bytes())]);
        let text: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(mask.apply(&text).as_ref(), MASK);
    }

    fn values(count: usize) -> Vec<Secret> {
        // They begin alike, as addresses do.
        (0..count).map(|number| Secret::new(format!("postgres://app:{number:08}@db").into_bytes())).collect()
    }

    fn steps(mask: &Mask, text: &[u8]) -> u64 {
        assert!(mask.is_free("made when it is first needed"));
        work::steps(|| mask.apply(text).into_owned())
    }

    /// What it costs grows with the text, and by a few comparisons when there are eight times as many values.
    #[test]
    fn as_much_work_as_there_is_text() {
        let line = |number: usize| format!("the file config/{number}.env, postgres://app:nobody@db, {number:08}\n");
        let text = |lines: usize| (0..lines).map(line).collect::<String>().into_bytes();
        let (few, many) = (Mask::new(values(250)), Mask::new(values(2000)));
        let (small, large) = (text(100), text(800));
        let (of_small, of_large) = (steps(&few, &small), steps(&few, &large));
        assert!(of_large <= of_small * 9, "{of_small} {of_large}");
        let with_many = steps(&many, &large);
        assert!(with_many <= of_large * 2, "{of_large} {with_many}");
        assert!(with_many <= 100 * large.len() as u64, "{with_many}");
    }

    /// Also where everything is masked.
    #[test]
    fn as_much_work_where_all_is_a_value() {
        let text = |count: usize| values(count).iter().flat_map(|value| value.expose().to_vec()).collect::<Vec<u8>>();
        let mask = Mask::new(values(1000));
        let (of_small, of_large) = (steps(&mask, &text(100)), steps(&mask, &text(800)));
        assert!(of_large <= of_small * 9, "{of_small} {of_large}");
    }
}
