use super::*;

const OLD: &str = "aK9x/Qz71+LmPw52TtVbRr8c";
const NEW: &str = "Zb3nWk8sYq4mCe7vXj5tHd2g";

fn secret(text: &str) -> Secret {
    Secret::copy_of(text.as_bytes())
}

fn text(document: &Document) -> String {
    std::str::from_utf8(open(document.text())).unwrap().to_owned()
}

fn find(document: &Document, value: &str) -> Vec<(usize, Form)> {
    let (value, owner) = (secret(value), Owner::of("DB_PASSWORD", &[document], &secret(value)));
    places(document, &Old { value: &value, owner: &owner })
}

fn edit(document: &Document, place: (usize, Form), old: &str, new: &str) -> Document {
    let (old, owner) = (secret(old), Owner::of("DB_PASSWORD", &[document], &secret(old)));
    put(document, place, &Old { value: &old, owner: &owner }, &secret(new)).unwrap()
}

/// A value with the old one in it, the form it is in, and the value afterwards.
#[test]
fn every_form_is_found_and_replaced() {
    let base64 = |text: &str| Base64::encode_string(text.as_bytes());
    let hex = |text: &str, upper: bool| std::str::from_utf8(&hex(text.as_bytes(), upper)).unwrap().to_owned();
    let encoded = "aK9x%2FQz71%2BLmPw52TtVbRr8c";
    let cases = [
        (OLD.to_owned(), Form::Whole, NEW.to_owned()),
        (format!("'{OLD}'"), Form::Whole, format!("'{NEW}'")),
        (format!("postgres://app:{encoded}@db/app"), Form::Url, format!("postgres://app:{NEW}@db/app")),
        (
            format!("amqp://a:{encoded}@h1,amqp://a:{encoded}@h2"),
            Form::Url,
            format!("amqp://a:{NEW}@h1,amqp://a:{NEW}@h2"),
        ),
        (format!("host=db password={OLD} x"), Form::Url, format!("host=db password={NEW} x")),
        (format!("{{\"a\":\"{OLD}\", \"b\":1}}"), Form::Inside, format!("{{\"a\":\"{NEW}\", \"b\":1}}")),
        (format!("'x, {OLD}, \"y\"'"), Form::Inside, format!("'x, {NEW}, \"y\"'")),
        (format!("\"it's {OLD} \\\"y\\\"\""), Form::Inside, format!("\"it's {NEW} \\\"y\\\"\"")),
        (format!("https://x/?token={encoded}"), Form::Url, format!("https://x/?token={NEW}")),
        (format!("https://x/?q={encoded}"), Form::Percent, format!("https://x/?q={NEW}")),
        (hex(OLD, false), Form::Hex, hex(NEW, false)),
        (hex(OLD, true), Form::Hex, hex(NEW, true)),
        (base64(&format!("app:{OLD}")), Form::Base64, base64(&format!("app:{NEW}"))),
    ];
    for (before, form, after) in cases {
        let document = Document::parse(secret(&format!("A=1\nK={before}\nB=2\n")));
        assert_eq!(find(&document, OLD), [(1, form)], "{before}");
        let edited = edit(&document, (1, form), OLD, NEW);
        assert_eq!(text(&edited), format!("A=1\nK={after}\nB=2\n"), "{before}");
        assert_eq!(find(&edited, OLD), []);
        assert_eq!(find(&edited, NEW).len(), 1);
    }
}

#[test]
fn a_new_value_is_encoded_where_it_must_be() {
    let document = Document::parse(secret("DB_PASSWORD=old-One\nU=postgres://app:old-One@db/app\n"));
    let edited = edit(&document, (1, Form::Url), "old-One", "a/b@c");
    assert_eq!(text(&edited), "DB_PASSWORD=old-One\nU=postgres://app:a%2Fb%40c@db/app\n");
    // A connection string is not decoded, and its quotes need an escape.
    let document = Document::parse(secret(&format!("U=\"host=db password={OLD} x\"\n")));
    let edited = edit(&document, (0, Form::Url), OLD, "a/b\"c");
    assert_eq!(text(&edited), "U=\"host=db password=a/b\\\"c x\"\n");
}

/// What the search finds and cannot be written again here is for a person.
#[test]
fn a_value_in_another_notation() {
    let wanted = format!("{OLD}\"$\\");
    let document = Document::parse(secret(""));
    let (value, owner) = (secret(&wanted), Owner::of("DB_PASSWORD", &[&document], &secret(&wanted)));
    let old = Old { value: &value, owner: &owner };
    for (form, text) in forms(wanted.as_bytes()) {
        let text = [b"x ", open(&text), b" y"].concat();
        assert!(old.stands_in(&text), "{form:?}");
    }
    assert!(!old.stands_in(b"x y"));
}

#[test]
fn what_is_no_place() {
    let others = format!("A=${{B}}\nB=x\nC={}\n#{OLD}\nD=\n", OLD.trim_end_matches('c'));
    assert_eq!(find(&Document::parse(secret(&others)), OLD), []);
    // A reference follows by itself; an expression is for a person.
    let references = format!("B={OLD}\nU=postgres://app:${{B}}@db/app\nE=\"{OLD} $UNKNOWN\"\nF=${{B:-{OLD}}}\n");
    let expected = [(0, Form::Whole), (2, Form::ByHand), (3, Form::ByHand)];
    assert_eq!(find(&Document::parse(secret(&references)), OLD), expected);
}

/// A weak value: what of a file is replaced, and what is left.
#[test]
fn a_word_is_replaced_where_it_is_its_owners() {
    let cases: [(&str, &str, &[usize], &[usize]); 9] = [
        ("DB_PASSWORD=postgres\nA=postgres\nDB_NAME=postgres\n", "postgres", &[0], &[1, 2]),
        ("DB_PASSWORD=app\nU=postgres://app:app@app/app\n", "app", &[0, 1], &[]),
        ("DB_PASSWORD=app\nPOSTGRES_PASSWORD=app\nSMTP_PASSWORD=app\n", "app", &[0, 1], &[2]),
        ("DB_USER=a\nDB_PASSWORD=app\nU=postgres://b:app@db/x\nV=postgres://a:app@db/x\n", "app", &[1, 3], &[2]),
        ("DB_HOST=h1\nDB_PASSWORD=app\nU=postgres://b:app@h2/x\n", "app", &[1], &[2]),
        // Two servers, and nothing says which.
        ("DB_PASSWORD=app\nU=postgres://a:app@h1/x\nV=postgres://a:app@h2/x\n", "app", &[0], &[1, 2]),
        ("DB_PASSWORD=app\nU=redis://:app@cache/0\n", "app", &[0], &[1]),
        (
            "DB_USER=a\nDB_PASSWORD=app\nD=\"host=db user=a password=app\"\nE=\"user=z password=app\"\n",
            "app",
            &[1, 2],
            &[3],
        ),
        ("DB_USER=a\nDB_PASSWORD=app\nPOSTGRES_USER=b\nPOSTGRES_PASSWORD=app\n", "app", &[1], &[3]),
    ];
    for (before, word, replaced, stays) in cases {
        let document = Document::parse(secret(before));
        let (value, owner) = (secret(word), Owner::of("DB_PASSWORD", &[&document], &secret(word)));
        let old = Old { value: &value, owner: &owner };
        let found: Vec<usize> = places(&document, &old).into_iter().map(|(index, _)| index).collect();
        assert_eq!((found.as_slice(), left(&document, &old).as_slice()), (replaced, stays), "{before}");
    }
}
