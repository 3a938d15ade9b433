use super::*;

fn denied(rules: &str) -> Vec<&'static str> {
    let text = format!(r#"{{"permissions": {{"deny": [{rules}]}}}}"#);
    let rules = Rules::read(&[text.into_bytes()], Path::new("/srv/app"));
    let paths = [".env", "a/.env", ".env.local", "secrets/db", "a/secrets/db", ".ENV"];
    paths.into_iter().filter(|path| rules.deny(&RelPath::from(*path))).collect()
}

/// The four starts of code.claude.com/docs/en/permissions; a bare name counts at any depth.
#[test]
fn patterns_by_their_start() {
    for (rules, expected) in [
        ("", vec![]),
        (r#""Read(./.env)""#, vec![".env", "a/.env", ".ENV"]),
        (r#""Read(.env)""#, vec![".env", "a/.env", ".ENV"]),
        (r#""Read(**/.env)""#, vec![".env", "a/.env", ".ENV"]),
        (r#""Read(/.env)""#, vec![".env", ".ENV"]),
        (r#""Read(./.env.*)""#, vec![".env.local"]),
        (r#""Read(/secrets/**)""#, vec!["secrets/db"]),
        // As the program does, which cuts `/**` off: a name at any depth is left.
        (r#""Read(./secrets/**)""#, vec!["secrets/db", "a/secrets/db"]),
        (r#""Read(//srv/app/.env)""#, vec![".env", ".ENV"]),
        (r#""Read(//**/.env)""#, vec![".env", "a/.env", ".ENV"]),
        (r#""Read(//srv/other/.env)""#, vec![]),
        (r#""Read(~/.env)""#, vec![]),
        (r#""Read(x\n.env)""#, vec![]),
        (r#""Read(./a/.env)""#, vec!["a/.env"]),
        (r#""Edit(./.env)", "Write(.env)", "Bash(cat .env)", "Readme(.env)""#, vec![]),
    ] {
        assert_eq!(denied(rules), expected, "{rules}");
    }
    assert_eq!(denied(r#""Read""#).len(), 6);
}

#[test]
fn settings_that_claude_code_refuses_deny_nothing() {
    for text in [
        "{ // comment\n \"permissions\": {\"deny\": [\"Read(.env)\"]}}",
        "",
        "[]",
        "{\"permissions\": {\"deny\": \"Read\"}}",
    ] {
        assert!(!Rules::read(&[text.into()], Path::new("/srv")).deny(&RelPath::from(".env")), "{text}");
    }
}

fn inserted(text: &str) -> Option<String> {
    let paths = [RelPath::from(".env"), RelPath::from("a/.env")];
    Insertion::of(Some(text.as_bytes()), &paths).map(|done| std::str::from_utf8(&done.text).unwrap().to_owned())
}

#[test]
fn rules_are_put_between_bytes_that_stay() {
    for (before, after) in [
        (
            "{\n  \"permissions\": {\n    \"deny\": [\n      \"Read(x)\"\n    ]\n  }\n}\n",
            "{\n  \"permissions\": {\n    \"deny\": [\n      \"Read(x)\",\n      \"Read(/.env)\",\n      \"Read(/a/.env)\"\n    ]\n  }\n}\n",
        ),
        (
            "{\"permissions\":{\"allow\":[\"Bash(ls)\"],\"deny\":[\"Read(x)\"]}}",
            "{\"permissions\":{\"allow\":[\"Bash(ls)\"],\"deny\":[\"Read(x)\", \"Read(/.env)\", \"Read(/a/.env)\"]}}",
        ),
        (
            "{\n\t\"permissions\": {\n\t\t\"allow\": []\n\t}\n}\n",
            "{\n\t\"permissions\": {\n\t\t\"allow\": [],\n\t  \"deny\": [\n\t    \"Read(/.env)\",\n\t    \"Read(/a/.env)\"\n\t  ]\n\t}\n}\n",
        ),
        (
            "{\n  \"model\": \"opus\"\n}\n",
            "{\n  \"model\": \"opus\",\n  \"permissions\": {\n    \"deny\": [\n      \"Read(/.env)\",\n      \"Read(/a/.env)\"\n    ]\n  }\n}\n",
        ),
        (
            "{}\n",
            "{\n  \"permissions\": {\n    \"deny\": [\n      \"Read(/.env)\",\n      \"Read(/a/.env)\"\n    ]\n  }\n}\n",
        ),
        (
            "{\"permissions\": {\"deny\": []}}",
            "{\"permissions\": {\"deny\": [\n  \"Read(/.env)\",\n  \"Read(/a/.env)\"\n]}}",
        ),
    ] {
        assert_eq!(inserted(before).as_deref(), Some(after), "{before}");
    }
    let made = Insertion::of(None, &[RelPath::from(".env")]).unwrap();
    assert_eq!(made.rules, ["Read(/.env)"]);
    assert_eq!(
        std::str::from_utf8(&made.text).unwrap(),
        "{\n  \"permissions\": {\n    \"deny\": [\n      \"Read(/.env)\"\n    ]\n  }\n}\n"
    );
}

/// What is written denies what it was written for.
#[test]
fn what_was_put_in_counts() {
    let paths = [RelPath::from(".env"), RelPath::from("a/.env")];
    let done = Insertion::of(Some(b"{\"permissions\": {\"ask\": []}}"), &paths).unwrap();
    let rules = Rules::read(std::slice::from_ref(&done.text), Path::new("/srv/app"));
    assert!(paths.iter().all(|path| rules.deny(path)));
    assert!(!rules.deny(&RelPath::from("b/.env")));
    assert_eq!(Insertion::of(Some(&done.text), &paths).unwrap().text, done.text, "a second run changes nothing");
}

#[test]
fn nothing_is_put_into_odd_settings() {
    for text in [
        "",
        "[]",
        "{ // comment\n}",
        "{\"permissions\": null}",
        "{\"permissions\": {\"deny\": null}}",
        "{\"permissions\": {\"deny\": {}}}",
        "{\"permissions\": {}, \"permissions\": {}}",
        "{\"permissions\": {\"deny\": [], \"deny\": []}}",
        "{\"permissions\": {\"allow\": [\"deny\"]}}",
        "{\"\\u0070ermissions\": {\"deny\": [\"Read(x)\"]}}",
        "{\"a\": 1,}",
        "{\"a\": 1} x",
    ] {
        assert_eq!(inserted(text), None, "{text}");
    }
    for path in ["a*/.env", "a b/.env", "a\"/.env", "[x]/.env", "(x).env"] {
        assert_eq!(Insertion::of(None, &[RelPath::from(path)]), None, "{path}");
    }
}

/// Cut anywhere, nothing is put in, and nothing is read past the end.
#[test]
fn every_truncation_is_refused() {
    let text = "{\"a\": {\"deny\": [\"\\u00e9\"]}, \"permissions\": {\"deny\": [\"Read(x)\", \"Bash(y)\"]}}";
    for end in 0..text.len() {
        let cut = text.get(..end).unwrap();
        assert_eq!(inserted(cut), None, "{cut}");
    }
}
