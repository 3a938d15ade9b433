use super::*;

#[expect(clippy::disallowed_methods, reason = "a test's value")]
fn seen(text: &str) -> Option<(String, Dollar)> {
    let lookup = |name: &[u8]| match name {
        b"E" => Some(b"".as_slice()),
        b"B" => Some(b"x".as_slice()),
        _ => None,
    };
    let (secret, dollar, _) = expand(&Decoded { text: text.as_bytes(), made: &[] }, &lookup, usize::MAX)?;
    Some((String::from_utf8_lossy(secret.expose()).into_owned(), dollar))
}

#[test]
fn as_compose() {
    use Dollar::{AsWritten, Reference, Rewritten};
    let cases = [
        ("a$", "a$", AsWritten),
        ("a$1$(b)", "a$1$(b)", AsWritten),
        ("a$B", "ax", Reference),
        ("${B}c", "xc", Reference),
        ("$U", "", Rewritten),
        ("$$B", "$B", Rewritten),
        ("$$$B", "$x", Rewritten),
        ("${U:-d}", "d", Reference),
        ("${E:-d}${E-d}", "d", Reference),
        ("${E:+a}${E+b}${U:+c}", "b", Reference),
        ("${B:?e}${E?e}", "x", Reference),
        ("${U:-${V:-${B}}}}", "x}", Reference),
        ("${U:-$V}", "", Rewritten),
        ("${U:-a}b${U:-c}d", "abcd", Reference),
        ("${U:-{a}}", "{a}", Reference),
        // The brace behind a brace is not seen, so everything up to the last one is the default.
        ("${U:-{}}b}c", "{}}bc", Reference),
        ("${U-a-b}", "a-b", Reference),
        ("${B:+${U:-y}}", "y", Reference),
        ("${U2:-d}$B", "dx", Reference),
        ("ab${U:-c}}", "abc}", Reference),
        // Go's pattern takes these two for an s and a k.
        ("a$\u{17f}", "a", Rewritten),
        ("a$\u{212a}", "a", Rewritten),
    ];
    for (text, value, dollar) in cases {
        assert_eq!(seen(text), Some((value.to_owned(), dollar)), "{text}");
    }
    for refused in ["${}", "${", "${1}", "${a b}", "${U:-", "${U:-a\n}", "${U:?e}", "${E:?e}", "${U?e}", "${U:}"] {
        assert_eq!(seen(refused), None, "{refused}");
    }
}

/// A `$$` that an escape has made was one `$` in the file: nothing is rewritten, however deep it is.
#[test]
fn a_made_dollar_is_as_written() {
    let dollar = |text: &str, made: &[usize]| {
        expand(&Decoded { text: text.as_bytes(), made }, &|_| None, usize::MAX).map(|(_, dollar, _)| dollar)
    };
    let cases = [("a$$b", 1), ("${U:-x$$y}", 6), ("a${U:-bc${V:-x$$y}}", 14)];
    for (text, at) in cases {
        let rest = if text.contains('{') { Dollar::Reference } else { Dollar::AsWritten };
        assert_eq!(dollar(text, &[at]), Some(rest), "{text}");
        for other in [&[][..], &[at - 1], &[at + 1]] {
            assert_eq!(dollar(text, other), Some(Dollar::Rewritten), "{text} {other:?}");
        }
    }
}

#[test]
fn every_name_is_told() {
    use Resolved::{Default, Defined, Required, Undefined};
    let lookup = |name: &[u8]| (name == b"B").then_some(b"x".as_slice());
    let told = |text: &str| {
        let mut told = Vec::new();
        let mut watch = |name: &[u8], what| told.push((String::from_utf8_lossy(name).into_owned(), what));
        interpolate(text, &lookup, usize::MAX, &mut watch).map(|_| told)
    };
    let is = |text: &str, names: &[(&str, Resolved)]| {
        let names: Vec<_> = names.iter().map(|(name, what)| ((*name).to_owned(), *what)).collect();
        assert_eq!(told(text), Some(names), "{text}");
    };
    is("$B${B}", &[("B", Defined), ("B", Defined)]);
    is("$U", &[("U", Undefined)]);
    is("${U:-$B}", &[("U", Default), ("B", Defined)]);
    is("${B:+$U}${B?e}", &[("B", Defined), ("U", Undefined), ("B", Defined)]);
    is("a${U:?e}b", &[("U", Required)]);
    assert_eq!(told("${U"), None);
}

#[test]
fn bounds() {
    let nested = |depth: usize| "${U:-".repeat(depth) + &"}".repeat(depth);
    let most = usize::try_from(MAX_DEPTH).unwrap();
    assert_eq!((seen(&nested(most)).is_some(), seen(&nested(most + 1)).is_some()), (true, false));
    let deep = nested(40);
    assert_eq!(seen(&deep), None);
    let lookup = |_: &[u8]| Some(b"two".as_slice());
    let within = |budget| expand(&Decoded { text: b"$A$A", made: &[] }, &lookup, budget).map(|(.., spent)| spent);
    assert_eq!((within(5), within(6)), (None, Some(6)));
    let unneeded = "${B:-".to_owned() + &deep + "}";
    assert_eq!(seen(&unneeded), Some(("x".to_owned(), Dollar::Reference)));
    assert_eq!(seen(&"$B".repeat(MAX_LENGTH / 2)).map(|(value, _)| value.len()), Some(MAX_LENGTH / 2));
}
