//! Each case was asked of GNU Make 4.3: `include FILE`, `export`, and a recipe that prints its environment.

use super::read;

/// What a recipe sees: `None` where Make stops, `?` for what is not known here.
fn seen(text: &[u8]) -> Option<Vec<(String, String)>> {
    let reading = read(text);
    if reading.stop.is_some() {
        return None;
    }
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let value = |key: &[u8]| reading.get(key).map_or_else(|| "?".to_owned(), lossy);
    let mut all: Vec<_> = reading.keys().map(|key| (lossy(key), value(key))).collect();
    all.sort_unstable();
    Some(all)
}

fn sees(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    assert_eq!(seen(text.as_bytes()), Some(expected), "{text:?}");
}

#[test]
fn values_are_literal_but_for_hashes_dollars_and_backslashes_before_line_ends() {
    sees("K=\"a b\"\n", &[("K", "\"a b\"")]);
    sees("K=a b # c\n", &[("K", "a b ")]);
    sees("K=a\\#b\n", &[("K", "a#b")]);
    sees("K=a\\\\#b\n", &[("K", "a\\")]);
    sees("K=a\\b\n", &[("K", "a\\b")]);
    sees("K=a \\\n  b\n", &[("K", "a b")]);
    sees("K=a\\\\\nZ=1\n", &[("K", "a\\\\"), ("Z", "1")]);
    sees("#c\\\nK=1\n", &[]);
    sees("K=a\\", &[("K", "a\\")]);
    sees("K=a\r\nZ=b", &[("K", "a"), ("Z", "b")]);
    sees("K=a\rb\n", &[("K", "a\rb")]);
    sees("\u{feff}K=1\n", &[("K", "1")]);
    sees("K=a\0b\nZ=1\n", &[("K", "aZ=1")]);
    sees("K=\u{b}a\u{b}\n", &[("K", "a\u{b}")]);
    sees("A=`id`\n", &[("A", "`id`")]);
}

#[test]
fn references() {
    sees("K=a$b\n", &[("K", "a")]);
    sees("K=a$$b\n", &[("K", "a$b")]);
    sees("K=a$\n", &[("K", "a$")]);
    sees("K=$ x\n", &[("K", "x")]);
    sees("K=$#x\n", &[("K", "x")]);
    sees("K=$(x#y)z#w\n", &[("K", "z")]);
    sees("A=1\nK=$A$(A)${A}x\n", &[("A", "1"), ("K", "111x")]);
    sees("K=$(A)x\nA=1\n", &[("A", "1"), ("K", "1x")]);
    sees("K:=$(A)x\nA=1\n", &[("A", "1"), ("K", "x")]);
    sees("A=B\nB=2\nK=$($(A))\n", &[("A", "B"), ("B", "2"), ("K", "2")]);
    sees("K=${U:-d}\n", &[("K", "")]);
    sees("K=$(a b)\n", &[("K", "")]);
    assert_eq!(seen(b"K=$(\n"), None);
    assert_eq!(seen(b"K=$(A:-d}\n"), None);
    assert_eq!(seen(b"K=a$(K)\n"), None, "it refers to itself");
    assert_eq!(seen(b"K=$(J)\nJ=$(K)\n"), None);
}

#[test]
fn what_is_not_known_here() {
    for text in ["K=$(CC)\n", "K=$@.\n", "K=$(subst a,b,aa)\n", "A=xy\nK=${A:y=z}\n", "K=$(@D)\n", "SHELL=/bin/x\n"] {
        let unknown = seen(text.as_bytes()).unwrap_or_default();
        assert!(unknown.iter().any(|(_, value)| value == "?"), "{text:?}: {unknown:?}");
        assert!(!read(text.as_bytes()).executes(b"K"), "{text:?}");
    }
    for text in [
        "K=$(shell echo hi)x\n",
        "K!=echo hi\n",
        "K:=$(shell id)\n",
        "K=$(if a,$(shell id))\n",
        "A=${shell id}\nK=$A\n",
    ] {
        let reading = read(text.as_bytes());
        assert!(reading.executes(b"K") && reading.runs.is_some(), "{text:?}");
    }
}

#[test]
fn ways_to_assign() {
    sees("K =  a  \n", &[("K", "a  ")]);
    sees("K\t=a\n", &[("K", "a")]);
    sees("\tK=1\n", &[("K", "1")]);
    sees("K=1\nK+=2\n", &[("K", "1 2")]);
    sees("K=\nK+=2\n", &[("K", "2")]);
    sees("K?=1\nK?=2\n", &[("K", "1")]);
    sees("K::=3\n", &[("K", "3")]);
    sees("K==x\n", &[("K", "=x")]);
    sees("K=1\nK=2\n", &[("K", "2")]);
    sees("override K=1\n", &[("K", "1")]);
    sees("K=1\nundefine K\n", &[]);
    assert_eq!(seen(b"=x\n"), None, "no name");
    assert_eq!(seen(b"K:::=3\n"), None);
}

#[test]
fn what_is_exported() {
    sees("export K=v w\n", &[("K", "v w")]);
    sees("export\n", &[]);
    sees("a-b=1\n1A=1\nA.b=3\n{=1\n", &[]);
    sees("export a-b=1\n", &[("a-b", "1")]);
    sees("K=1\nunexport K\n", &[]);
    sees("A=2\nexport A B\n", &[("A", "2"), ("B", "")]);
}

#[test]
fn other_lines() {
    sees("K: v\n", &[]);
    sees("K: v\n\tZ=1\nA=1\n\tB=2\n", &[("A", "1"), ("B", "2")]);
    sees("K:x=1\n", &[]);
    for refused in ["bare\n", "hello world\n", "K: http://x\n", "; c\n", "$=x\n", "endif\n"] {
        assert_eq!(seen(refused.as_bytes()), None, "{refused:?}");
    }
}

#[test]
fn the_input_never_decides_the_time() {
    let doubling: String = (0..64).map(|index| format!("A{index}=$(A{})$(A{})\n", index + 1, index + 1)).collect();
    let chain: String = (0..5_000).map(|index| format!("A{index}=$(A{})\n", index + 1)).collect();
    let nested = format!("K={}{}\n", "$(".repeat(50_000), ")".repeat(50_000));
    let open = format!("K={}\n", "$(".repeat(100_000));
    let appended: String = "K+=$(K2)aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".repeat(5_000);
    for text in [doubling, chain, nested, open, appended] {
        let _ = read(text.as_bytes());
    }
}
