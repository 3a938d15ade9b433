//! What holds for every env file.

use envward::env::readers::Reader;
use envward::env::{Document, EditError, Encoding};
use envward::secret::Secret;
use proptest::collection::vec;
use proptest::prelude::*;

fn parse(text: &[u8]) -> Document {
    Document::parse(Secret::copy_of(text))
}

/// Bytes that mean something, and some that do not.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"A".to_vec()),
        Just(b"B=".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b" #".to_vec()),
        Just(b"export ".to_vec()),
        Just(b"${A:-".to_vec()),
        Just(b"-----BEGIN X-----".to_vec()),
        Just(b"\nKEY=value\n".to_vec()),
        prop::sample::select(b"\"'$\\{}= \t:#abc\0\xff-`".as_slice()).prop_map(|byte| vec![byte]),
        any::<u8>().prop_map(|byte| vec![byte]),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A well-formed file.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        "[A-Z]{1,4}=[a-z0-9]{0,8}( #c)?\n",
        "export [A-Z]{1,4}='[ -&(-\\[\\]-~]{0,8}'\n",
        "[A-Z]{1,4} = \"[a-z $\n#]{0,8}\"\r\n",
        "# [a-z]{0,8}\n",
        "\n",
    ];
    vec(line, 0..12).prop_map(|lines| lines.concat().into_bytes())
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(any::<u8>(), 0..24), vec(prop::sample::select(b"ab \"'$\\{}#=\n\r`:-0nt".as_slice()), 0..16),]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_survive_and_spans_are_in_order(text in text()) {
        let document = parse(&text);
        // What is decoded is another text.
        prop_assume!(document.encoding() != Encoding::Wide);
        prop_assert_eq!(document.text().expose(), text.as_slice());
        let (mut end, mut line) = (0, 1);
        for one in document.assignments() {
            prop_assert!(end <= one.key_span.start && one.key_span.start <= one.key_span.end);
            prop_assert!(one.key_span.end < one.value_span.start && one.value_span.start <= one.value_span.end);
            prop_assert!(one.value_span.end <= text.len());
            prop_assert!(line <= one.line.get());
            let newlines = text[..one.key_span.start].iter().filter(|byte| **byte == b'\n').count();
            prop_assert_eq!(one.line.get() as usize, newlines + 1);
            (end, line) = (one.value_span.end, one.line.get());
            if let Some(key) = &one.key {
                prop_assert_eq!(key.as_str().as_bytes(), &text[one.key_span.clone()]);
            }
        }
        let refused_at = document.refusal().map_or(0, |refusal| refusal.line.get() as usize);
        prop_assert!(refused_at <= text.iter().filter(|byte| **byte == b'\n').count() + 1);
        let _ = (document.cipher(), document.ignores(0));
        for reader in Reader::ALL {
            let _ = reader.read(&document);
        }
    }

    #[test]
    fn an_edit_changes_one_value_and_nothing_else(text in prop_oneof![lines(), text()], value in value(), which in any::<prop::sample::Index>()) {
        let before = parse(&text);
        prop_assume!(!before.assignments().is_empty());
        let index = which.index(before.assignments().len());
        match before.set(index, &Secret::copy_of(&value)) {
            Ok(after) => {
                let (old, new) = (&before.assignments()[index], &after.assignments()[index]);
                prop_assert_eq!(new.value.expose(), value.as_slice());
                // A comment behind an empty value stays, with the blanks before it.
                let kept = if before.is_comment(old) { new.value_span.start } else { old.value_span.start };
                let from = if before.is_comment(old) { kept } else { old.value_span.end };
                prop_assert_eq!(&after.text().expose()[..kept], &text[..kept]);
                let tail = text.len() - from;
                let edited = after.text().expose();
                prop_assert_eq!(&edited[edited.len() - tail..], &text[from..]);
                let again = parse(edited);
                prop_assert_eq!(again.assignments()[index].value.expose(), value.as_slice());
                prop_assert_eq!(again.assignments().len(), before.assignments().len());
            }
            Err(EditError::Nul) => prop_assert!(value.contains(&0)),
            Err(error) => {
                use EditError::{LoneReturn, NotReadBack, Parts};
                prop_assert!(matches!(error, NotReadBack | EditError::Encoding | LoneReturn | Parts), "{error:?}");
            }
        }
    }

    #[test]
    fn a_well_formed_file_takes_every_value(text in lines(), value in value()) {
        prop_assume!(!value.contains(&0));
        let before = parse(&text);
        prop_assume!(before.refusal().is_none());
        let secret = Secret::copy_of(&value);
        for index in 0..before.assignments().len() {
            prop_assert!(before.set(index, &secret).is_ok());
        }
        let after = before.append("NEW_KEY", &secret).unwrap();
        prop_assert!(after.text().expose().starts_with(&text));
        prop_assert_eq!(after.assignments().last().unwrap().value.expose(), value.as_slice());
        prop_assert_eq!(after.assignments().last().unwrap().key.as_ref().unwrap().as_str(), "NEW_KEY");
    }

    #[test]
    fn dotenvy_agrees_on_what_no_reader_changes(
        bare in "[A-Za-z0-9_.,:/@%+=?!^*\\[\\]{}-]{0,20}",
        single in "[^'\\\\\r\0]{0,20}",
        double in "[^\"\\\\$\r\0]{0,20}",
    ) {
        let text = format!("A={bare}\nB='{single}'\nexport C=\"{double}\"\n");
        let document = parse(text.as_bytes());
        prop_assert_eq!(document.refusal(), None);
        let dotenvy = Reader::Dotenvy.read(&document);
        let seen = [&b"A"[..], b"B", b"C"].map(|key| dotenvy.get(key).unwrap_or_default().to_vec());
        prop_assert_eq!(seen, [bare.as_bytes(), single.as_bytes(), double.as_bytes()]);
        let values: Vec<&[u8]> = document.assignments().iter().map(|one| one.value.expose()).collect();
        prop_assert_eq!(values, vec![bare.as_bytes(), single.as_bytes(), double.as_bytes()]);
    }
}
