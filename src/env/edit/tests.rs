use super::*;

fn secret(text: &str) -> Secret {
    Secret::copy_of(text.as_bytes())
}

fn text(document: &Document) -> String {
    String::from_utf8_lossy(document.bytes()).into_owned()
}

#[test]
fn the_style_stays_where_it_can() {
    let cases = [
        ("K=old #c\nL=1\n", "new", "K=new #c\nL=1\n"),
        ("K=old", "a b", "K='a b'"),
        ("K=old", "it's", "K=\"it's\""),
        ("K='old'", "new", "K='new'"),
        ("K='old'", "it's $", "K=\"it's \\$\""),
        ("K=\"old\"\r\n", "new", "K=\"new\"\r\n"),
        ("K=\"old\"", "a$b", "K='a$b'"),
        ("K=\"old\"", "a\nb", "K=\"a\nb\""),
        ("K=\r\nL=1\r\n", "new", "K=new\r\nL=1\r\n"),
        ("K=  ", "new", "K=new  "),
        ("export K=old", "", "export K="),
        ("K=old #c", "", "K='' #c"),
        ("K= # c\nL=1\n", "new", "K=new # c\nL=1\n"),
        ("K=\t# it's\n", "a b", "K='a b'\t# it's\n"),
        ("K= #c\n", "new", "K=new #c\n"),
        ("K=old", "x\\", "K=\"x\\\\\""),
        ("K=\"open\nL=1\n", "new", "K=\"new\"\nL=1\n"),
    ];
    for (before, value, after) in cases {
        let edited = Document::parse(secret(before)).set(0, &secret(value)).unwrap();
        assert_eq!(text(&edited), after);
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let document = Document::parse(secret("K=1\n"));
    assert_eq!(document.set(1, &secret("x")).unwrap_err(), EditError::NoSuchAssignment);
    assert_eq!(document.set(0, &secret("a\0")).unwrap_err(), EditError::Nul);
    assert_eq!(document.append("1A", &secret("x")).unwrap_err(), EditError::BadKey);
    assert_eq!(document.append("A=B", &secret("x")).unwrap_err(), EditError::BadKey);
    let open = Document::parse(secret("K='1\n"));
    assert_eq!(open.append("A", &secret("x")).unwrap_err(), EditError::NotReadBack);
}

#[test]
fn what_would_damage_the_file_is_refused() {
    let wide: Vec<u8> = "\u{feff}K=1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases = [
        (wide.as_slice(), EditError::Encoding),
        (b"version https://git-lfs.github.com/spec/v1\nK=1\n", EditError::Encoding),
        (b"K=1\rL=2\r", EditError::LoneReturn),
        (b"K=1\nL=2\rM=3\n", EditError::LoneReturn),
    ];
    for (text, expected) in cases {
        let document = Document::parse(Secret::copy_of(text));
        assert_eq!(document.append("A", &secret("x")).unwrap_err(), expected);
        assert_eq!(document.remove(0).unwrap_err(), expected);
        assert_eq!(document.set(0, &secret("x")).unwrap_err(), expected);
    }
    for text in ["K='a''b'\n", "K=\"a\"b\n", "K='a'\"$B\"\n", "K=\"a\"$B\n"] {
        let document = Document::parse(secret(text));
        assert_eq!(document.set(0, &secret("x")).unwrap_err(), EditError::Parts, "{text}");
        assert_eq!(document.splice(0, &(3..4), &secret("x")).unwrap_err(), EditError::Parts, "{text}");
    }
}

/// A part of a value is replaced, and nothing else is read differently.
#[test]
fn a_part_of_a_value() {
    let document = Document::parse(secret("A=1\nK=pre-old-post # c\nL='1'\n"));
    let spliced = |span: Range<usize>, with: &str| document.splice(1, &span, &secret(with)).map(|edited| text(&edited));
    assert_eq!(spliced(10..13, "new").unwrap(), "A=1\nK=pre-new-post # c\nL='1'\n");
    for (span, with) in [
        // Before the value, behind it, and over its end.
        (2..3, "2"),
        (4..5, "B"),
        (21..22, "d"),
        (15..22, "x"),
        // Another assignment, another name, and a quote that nothing closes.
        (10..13, "1\nB=2"),
        (6..18, "1\nL=2\nM=3"),
        (6..7, "'"),
    ] {
        assert_eq!(spliced(span.clone(), with), Err(EditError::NotReadBack), "{span:?} {with}");
    }
}

#[test]
fn an_assignment_of_another_file() {
    let other = Document::parse(secret(
        "A=1 # x\n# far\n\n# envward: hex 64\r\n# near\r\nexport K='' # c\r\nL=2\nM=3\n# at once\nN=4",
    ));
    let cases = [
        ("A=1", 1, "A=1\n\n# envward: hex 64\n# near\nexport K='' # c\n"),
        ("A=1\r\n", 1, "A=1\r\n\r\n# envward: hex 64\r\n# near\r\nexport K='' # c\r\n"),
        ("", 2, "L=2\n"),
        ("", 4, "# at once\nN=4\n"),
        ("K=1\n", 0, "K=1\n\nA=1 # x\n"),
    ];
    for (before, index, after) in cases {
        let document = Document::parse(secret(before));
        assert!(document.lacks(&other).contains(&index));
        assert_eq!(text(&document.append_from(&other, index).unwrap()), after);
    }
}

#[test]
fn removing() {
    let cases = [
        ("A=1\nK=v\nB=2\n", 1, "A=1\nB=2\n"),
        ("A=1\r\nexport K='v' # c\r\nB=2\r\n", 1, "A=1\r\nB=2\r\n"),
        ("A=1\nK=v", 1, "A=1\n"),
        ("# c\nK=\"a\nb\"\nB=2\n", 0, "# c\nB=2\n"),
        ("K=v\n", 0, ""),
    ];
    for (before, index, after) in cases {
        assert_eq!(text(&Document::parse(secret(before)).remove(index).unwrap()), after);
    }
    assert_eq!(Document::parse(secret("K=v\n")).remove(1).unwrap_err(), EditError::NoSuchAssignment);
}

#[test]
fn appending() {
    let cases = [
        ("", "K=v\n"),
        ("A=1", "A=1\nK=v\n"),
        ("A=1\n", "A=1\nK=v\n"),
        ("A=1\r\nB=2", "A=1\r\nB=2\r\nK=v\r\n"),
        ("# c", "# c\nK=v\n"),
        ("\n", "\nK=v\n"),
        // Compose refuses the file, and read the line all the same.
        ("no assignment\n", "no assignment\nK=v\n"),
    ];
    for (before, after) in cases {
        assert_eq!(text(&Document::parse(secret(before)).append("K", &secret("v")).unwrap()), after);
    }
}
