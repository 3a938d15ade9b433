//! Measured readings of awkward env files: the model sees what Docker Compose sees.

use crate::common::combinations;
use envward::env::readers::Reader;
use envward::env::{Document, RefusalKind};
use envward::secret::Secret;
use serde_json::Value;

pub const FILES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/env-readers.jsonl"));
pub const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/env-readers-edge-cases.md"));

fn parse(text: &[u8]) -> Document {
    let document = Document::parse(Secret::copy_of(text));
    assert_eq!(document.text().expose(), text);
    document
}

/// The last value of a key, as text.
fn lookup(document: &Document, key: &str) -> Option<String> {
    let text = document.text().expose();
    let last = document.assignments().iter().rfind(|one| &text[one.key_span.clone()] == key.as_bytes())?;
    Some(String::from_utf8_lossy(last.value.expose()).into_owned())
}

#[test]
fn every_file_is_read_as_compose_reads_it() {
    let mut count = 0;
    for line in FILES.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let file = vector["file"].as_str().unwrap();
        let sees = &vector["sees"]["compose-go"];
        let document = parse(file.as_bytes());
        if sees == "error" {
            assert!(document.refusal().is_some(), "{file:?} is refused by Compose");
        } else {
            assert_eq!(document.refusal(), None, "{file:?}");
            for key in ["K", "Z"] {
                assert_eq!(lookup(&document, key).as_deref(), sees[key].as_str(), "{key} in {file:?}");
            }
        }
        count += 1;
    }
    assert_eq!(count, 1164);
}

/// The files behind the table's names.
pub const CASES: &[(&str, &[u8])] = &[
    ("export prefix", b"export K=v\n"),
    ("K = v (spaces both)", b"K = v\n"),
    ("K= v", b"K= v\n"),
    ("K =v", b"K =v\n"),
    ("leading indent", b"  K=v\n"),
    ("trailing blanks", b"K=v   \n"),
    ("a #c", b"K=a #c\n"),
    ("a#c", b"K=a#c\n"),
    ("\"a\" #c", b"K=\"a\" #c\n"),
    ("'a'#c", b"K='a'#c\n"),
    ("empty K=", b"K=\n"),
    ("bare K", b"K\nL=1\n"),
    ("dup 1,2", b"K=1\nK=2\n"),
    ("CRLF", b"K=v\r\nL=w\r\n"),
    ("CRLF quoted", b"K=\"v\"\r\nL=w\r\n"),
    ("BOM", b"\xef\xbb\xbfK=v\n"),
    ("multiline dq", b"K=\"a\nb\"\n"),
    ("multiline sq", b"K='a\nb'\n"),
    ("dq \\n", b"K=\"a\\nb\"\n"),
    ("sq \\n", b"K='a\\nb'\n"),
    ("unq \\n", b"K=a\\nb\n"),
    ("unq a\\\\b (2 bs)", b"K=a\\\\b\n"),
    ("sq $", b"B=x\nK='a$B'\n"),
    ("dq $B", b"B=x\nK=\"a$B\"\n"),
    ("unq $B", b"B=x\nK=a$B\n"),
    ("unq ${B}", b"B=x\nK=a${B}c\n"),
    ("unq $MYVAR_X", b"MYVAR_X=x\nK=a$MYVAR_X\n"),
    ("unq $$B", b"B=x\nK=a$$B\n"),
    ("unq \\$B", b"B=x\nK=a\\$B\n"),
    ("dq \\$B", b"B=x\nK=\"a\\$B\"\n"),
    ("${U:-d}", b"K=${U:-d}\n"),
    ("$(cmd)", b"K=$(echo pwn)\n"),
    ("backtick quoted", b"K=`v`\n"),
    ("unclosed \"", b"K=\"abc\nL=1\n"),
    ("it's unq", b"K=it's\n"),
    ("\"it's\"", b"K=\"it's\"\n"),
    ("'a\"b'", b"K='a\"b'\n"),
    ("\"a\\\"b\"", b"K=\"a\\\"b\"\n"),
    ("'a\\'b'", b"K='a\\'b'\n"),
    ("adjacent", b"K='a'\"b\"c\n"),
    ("no final newline", b"K=v"),
    ("; comment", b"; K=1\nL=2\n"),
    ("key A-B", b"A-B=v\n"),
    ("key a.b", b"a.b=v\n"),
    ("key 1A", b"1A=v\n"),
    ("K: v", b"K: v\nL=1\n"),
    ("garbage line", b"hello world\nL=1\n"),
    ("NUL in value", b"K=a\0b\n"),
    ("non-UTF8", b"K=a\xffb\n"),
    ("line continuation", b"K=a\\\nb\nL=1\n"),
    ("{\"json\":1}", b"K={\"a\": \"b c\"}\n"),
    ("~root", b"K=~root/x\n"),
    ("70k value", b""),
];

/// A cell's text as a value: the table escapes as Python does.
pub fn unescaped(cell: &str) -> String {
    cell.replace("\\\\", "\u{1}").replace("\\n", "\n").replace("\\x00", "\0").replace('\u{1}', "\\")
}

#[test]
fn every_row_of_the_table_is_read_as_compose_reads_it() {
    let rows: Vec<(&str, &str)> = TABLE
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split("` | `").collect();
            (cells[0], cells[2])
        })
        .collect();
    assert_eq!(rows.len(), CASES.len());
    let long = b"K=".iter().copied().chain(std::iter::repeat_n(b'v', 70_000)).collect::<Vec<u8>>();
    for ((name, cell), (case, file)) in rows.into_iter().zip(CASES) {
        assert_eq!(name, *case);
        let file = if file.is_empty() { long.as_slice() } else { file };
        let document = parse(file);
        if cell == "ERR" {
            assert!(document.refusal().is_some(), "{name}");
            continue;
        }
        assert_eq!(document.refusal(), None, "{name}");
        let value = lookup(&document, "K");
        match cell {
            "(empty)" => assert_eq!(value.as_deref(), Some(""), "{name}"),
            "<70000>" => assert_eq!(value.map(|value| value.len()), Some(70_000), "{name}"),
            absent if absent.starts_with('∅') => {
                assert_eq!(value, None, "{name}");
                if let Some((key, value)) = absent.strip_prefix("∅ +'").and_then(|other| other.split_once("'=")) {
                    assert_eq!(lookup(&document, key).as_deref(), Some(value), "{name}");
                }
            }
            // The table writes a backtick as a quote.
            _ => assert_eq!(value.map(|value| value.replace('`', "'")), Some(unescaped(cell)), "{name}"),
        }
    }
}

fn keys(document: &Document) -> Vec<Option<String>> {
    document.assignments().iter().map(|one| one.key.as_ref().map(ToString::to_string)).collect()
}

fn refused(document: &Document) -> Option<(u32, RefusalKind)> {
    document.refusal().map(|refusal| (refusal.line.get(), refusal.kind))
}

#[test]
fn nothing_hides_behind_a_broken_line_and_no_name_slips_out() {
    use RefusalKind::{BadExpansion, BadKey, NotAnAssignment, OpenQuote};
    let some = |name: &str| Some(name.to_owned());
    type Case = (&'static [u8], Option<(u32, RefusalKind)>, Vec<Option<String>>);
    let cases: Vec<Case> = vec![
        (b"A=1\nB=\"x\nC=2\nD=3\n", Some((2, OpenQuote)), vec![some("A"), some("B"), None, None]),
        // The quote of line 1 is closed by the one that line 3 opens: B is still found.
        (b"A=\"x\nB=2\nC=\"y z\"\n", Some((1, OpenQuote)), vec![some("A"), None, None]),
        (b"A=\"x\nB=2\"\nC=3\n", None, vec![some("A"), some("C")]),
        (b"hello world\nL=1\n", Some((1, NotAnAssignment)), vec![some("L")]),
        (b"A B=1\nL=1\n", Some((1, BadKey)), vec![None, some("L")]),
        (b"A=${\nL=1\n", Some((1, BadExpansion)), vec![some("A"), some("L")]),
        (b"\n\nA=${X:?y}\n;\n", Some((3, BadExpansion)), vec![some("A")]),
        (b"K: v\n", None, vec![None]),
        (b"K=\"ab\"cd=e\n", None, vec![some("K"), None]),
        (
            b"K=-----BEGIN X-----\nabc=\n-----END X-----\nL=1\n",
            Some((3, NotAnAssignment)),
            vec![some("K"), None, some("L")],
        ),
        (b"K=\"-----BEGIN X-----\nabc=\n-----END X-----\"\nL=1\n", None, vec![some("K"), some("L")]),
        (b"K=------BEGIN X-----\nabc=\n", None, vec![some("K"), None]),
        (b"qWeRtY\nabc=\n", None, vec![None]),
        (b"abc==\n", None, vec![None]),
        (b"A=\nB=\n", None, vec![some("A"), some("B")]),
        (b"\xef\xbb\xbfexport A=1", None, vec![some("A")]),
    ];
    for (text, refusal, names) in cases {
        let document = parse(text);
        assert_eq!(refused(&document), refusal, "{}", text.escape_ascii());
        assert_eq!(keys(&document), names, "{}", text.escape_ascii());
    }
}

#[test]
fn ciphertext() {
    use envward::env::Cipher::{Dotenvx, GitCrypt, Sops};
    let cases: [(&[u8], _); 8] = [
        (b"\0GITCRYPT\0abc", Some(GitCrypt)),
        (b"DOTENV_PUBLIC_KEY=\"02ab\"\nA=\"encrypted:xyz\"\nB=\n", Some(Dotenvx)),
        (b"A=encrypted:xyz\nB=open\n", Some(Dotenvx)),
        (b"A=encrypted:xyz\nB open\n", None),
        (b"A=ENC[AES256_GCM,data:x]\nsops_mac=ENC[AES256_GCM,data:y]\nsops_version=3.9\n", Some(Sops)),
        (b"A=open\nsops_mac=ENC[AES256_GCM,data:y]\nsops_version=3.9\n", Some(Sops)),
        (b"sops_version=3.9\n", None),
        (b"", None),
    ];
    for (text, cipher) in cases {
        assert_eq!(parse(text).cipher(), cipher, "{}", text.escape_ascii());
    }
}

/// Each takes milliseconds, and minutes if anything were quadratic; nothing overflows the stack.
#[test]
fn hostile_files_take_no_time() {
    const SIZE: usize = 64 << 10;
    const UNITS: &[&str] = &[
        "\"",
        "'",
        "$",
        "${",
        "${A:-",
        "}",
        "{",
        "=",
        "\\",
        "#",
        " ",
        "\n",
        "-",
        "A=\"(\n",
        "A='\n",
        "A=\"'\n",
        "A=1\n",
        "A=$A$A\n",
        "A=\"x\"",
        "a:b=c",
        "-----BEGIN",
        "$$",
        "K=${A:-b}",
        "# \n",
        "export ",
        "export\n",
        "\u{a0}",
        "\\\"",
    ];
    for (at, unit) in UNITS.iter().enumerate() {
        for (number, start) in ["", "A=", "A=\"", "A='", "A=$", "A=${B:-"].into_iter().enumerate() {
            let ends = ["\n", "\"", "}}}\n"];
            let turn = (at + number) % ends.len();
            for end in if combinations::all() { &ends[..] } else { &ends[turn..=turn] } {
                let text = start.to_owned() + &unit.repeat(SIZE / unit.len()) + end;
                // A parser that is not linear does not come back from this.
                let document = parse(text.as_bytes());
                assert_eq!(document.text().expose(), text.as_bytes(), "{start:?} {unit:?} {end:?}");
                // Nor does a model of a reader, of which a part is enough.
                let part = parse(&text.as_bytes()[..text.len().min(SIZE / 16)]);
                for reader in Reader::ALL {
                    let _ = reader.read(&part);
                }
            }
        }
    }
}

/// Each key doubles the one above.
#[test]
fn a_bomb_of_references_is_refused() {
    let mut text = "K0=xx\n".to_owned();
    for index in 0..60 {
        text += &format!("K{}=$K{index}$K{index}\n", index + 1);
    }
    let document = parse(text.as_bytes());
    assert_eq!(document.refusal().map(|refusal| refusal.kind), Some(RefusalKind::BadExpansion));
    assert_eq!(document.assignments().len(), 61);
}
