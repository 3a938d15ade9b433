//! The env files in templates/: what stands in them, and that a filled one passes `envward check`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::{Sandbox, own_file};
use envward::env::names::{self, Role};
use envward::environment::Environment;
use envward::secret::class;
use envward::secret::class::Length;

/// The templates' names, which are their environments'.
const NAMES: [&str; 3] = ["development", "test", "production"];

/// One key of a template.
struct Line {
    key: String,
    value: String,
    /// The words of the annotation above it.
    annotation: Option<Vec<String>>,
}

fn template(name: &str) -> String {
    own_file(&format!("templates/{name}.env.example"))
}

/// The keys of an env file that holds plain `KEY=value` lines, blank lines and comments, and nothing else.
fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut annotation = None;
    for line in text.lines() {
        if line.is_empty() {
            assert_eq!(annotation, None, "an annotation of no key");
        } else if line.starts_with('#') {
            if let Some(words) = line.strip_prefix("# envward:") {
                let words = words.split_whitespace().map(str::to_owned).collect();
                assert_eq!(annotation.replace(words), None, "two annotations: {line}");
            }
        } else {
            let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("no assignment: {line}"));
            lines.push(Line { key: key.to_owned(), value: value.to_owned(), annotation: annotation.take() });
        }
    }
    lines
}

fn values(text: &str) -> BTreeMap<String, String> {
    lines(text).into_iter().map(|line| (line.key, line.value)).collect()
}

/// Fills a template into a file of the project.
#[track_caller]
fn init(sandbox: &Sandbox, name: &str, output: &str) {
    drop(sandbox.envward(&["init", "--template", name, "--output", output]).code(0));
}

/// Fails if `check` finds anything above a note, or could not look at everything.
#[track_caller]
fn passes_check(sandbox: &Sandbox, env_files: u64) {
    let output = sandbox.envward(&["check", "--format", "json"]).code(0);
    let report = output.json();
    let graver = |finding: &&serde_json::Value| finding["severity"] != "note";
    let findings: Vec<_> = report["findings"].as_array().unwrap().iter().filter(graver).collect();
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(report["examined"]["env_files"], env_files);
}

#[test]
fn each_is_a_template_of_its_environment_and_is_embedded() {
    for name in NAMES {
        let file = format!("{name}.env.example");
        assert_eq!(names::role(file.as_bytes()), Some(Role::Template));
        let word = names::environment_word(file.as_bytes()).and_then(Environment::from_word);
        assert_eq!(word.map(Environment::word), Some(name));
        assert_eq!(values(&template(name))["NODE_ENV"], name);
    }
    let list = Sandbox::new().envward(&["init", "--list"]).code(0).stdout;
    for name in NAMES {
        assert!(list.contains(name), "{list}");
    }
}

#[test]
fn all_have_the_same_keys_in_the_same_order_and_each_once() {
    let keys = NAMES.map(|name| lines(&template(name)).into_iter().map(|line| line.key).collect::<Vec<_>>());
    assert_eq!(keys[0], keys[2]);
    assert_eq!(keys[1], keys[2]);
    assert_eq!(keys[0].iter().collect::<BTreeSet<_>>().len(), keys[0].len());
}

#[test]
fn they_are_plain_to_every_reader_and_fit_a_terminal() {
    for name in NAMES {
        let text = template(name);
        assert!(text.is_ascii() && text.ends_with('\n') && !text.contains('\r'), "{name}");
        for line in text.lines() {
            assert!(line.len() <= 80 && line == line.trim_end(), "{name}: {line}");
            // systemd takes the line behind it as part of the comment.
            assert!(!line.ends_with('\\'), "{name}: {line}");
        }
        for Line { key, value, annotation } in lines(&text) {
            let references = annotation.is_some_and(|words| words == ["expand"]);
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.,:/@%+=?".contains(&byte);
            let plain = value.bytes().all(|byte| plain(byte) || references && b"${}".contains(&byte));
            assert!(plain, "{name}: {key} has a character that some reader changes");
        }
    }
}

#[test]
fn every_secret_says_how_it_is_filled_and_none_is_filled() {
    for name in NAMES {
        for Line { key, value, annotation } in lines(&template(name)) {
            let words: Vec<&str> = annotation.iter().flatten().map(String::as_str).collect();
            match words.as_slice() {
                [] => assert_eq!(class::of(&key, value.as_bytes()), None, "{name}: {key} is a secret"),
                ["hex" | "password", count] => {
                    assert!(count.parse::<usize>().is_ok() && value.is_empty(), "{name}: {key}");
                }
                ["expand"] => assert!(value.contains("${"), "{name}: {key}"),
                ["keep" | "key"] => assert_eq!(value, "", "{name}: {key}"),
                ["ask"] => assert_eq!(class::of(&key, b"x").is_some(), key == "SMTP_PASSWORD", "{name}: {key}"),
                _ => panic!("{name}: {key}: no template asks for {words:?}"),
            }
        }
    }
}

/// The checklist's lengths, class by class.
#[test]
fn what_is_asked_for_is_long_enough() {
    for name in NAMES {
        for Line { key, annotation, .. } in lines(&template(name)) {
            let value = match annotation.iter().flatten().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["hex", bytes] => "a7".repeat(bytes.parse().unwrap()),
                ["password", characters] => "k".repeat(characters.parse().unwrap()),
                _ => continue,
            };
            let class = class::of(&key, b"").unwrap_or_else(|| panic!("{name}: {key} is no secret by its name"));
            assert_eq!(class::length(class, value.as_bytes()), Length::Enough, "{name}: {key}");
        }
    }
}

#[test]
fn each_begins_with_a_short_checklist() {
    for name in NAMES {
        let text = template(name);
        let (head, _) = text.split_once("\n\n").unwrap();
        let items = head.lines().filter(|line| line.starts_with("# [ ] ")).count();
        assert!((4..=12).contains(&items), "{name}: {items} items");
        assert!(head.contains(&format!("envward init --template {name}\n")), "{name}");
    }
}

#[test]
fn production_is_closed() {
    let values = values(&template("production"));
    for (key, value) in &values {
        for open in ["http://", "localhost", "127.0.0.1", "*"] {
            assert!(!value.contains(open), "{key} holds {open}");
        }
    }
    for (key, value) in [
        ("DEBUG", "false"),
        ("SESSION_COOKIE_SECURE", "true"),
        ("RATE_LIMIT_ENABLED", "true"),
        ("TLS_ENABLED", "true"),
        ("SMTP_REQUIRE_TLS", "true"),
        ("GF_AUTH_ANONYMOUS_ENABLED", "false"),
        ("GF_USERS_ALLOW_SIGN_UP", "false"),
    ] {
        assert_eq!(values[key], value, "{key}");
    }
    // A name that is reserved for documentation: nobody's site, and plainly to be filled in.
    for key in ["CORS_ORIGINS", "APP_URL"] {
        assert_eq!(values[key], "https://app.example.com", "{key}");
    }
}

#[test]
fn the_templates_themselves_pass_check() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    for name in NAMES {
        sandbox.file(format!("templates/{name}.env.example"), 0o644, template(name));
    }
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--message", "templates"]);
    drop(sandbox.envward(&["check", "--fail-on", "note"]).code(0));
}

#[test]
fn a_filled_one_passes_check() {
    for name in NAMES {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        init(&sandbox, name, ".env");
        passes_check(&sandbox, 1);
    }
}

/// In one project, beside the templates they were made from.
#[test]
fn all_filled_ones_pass_check_together() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    for name in NAMES {
        sandbox.file(format!(".env.{name}.example"), 0o644, template(name));
        init(&sandbox, name, &format!(".env.{name}"));
    }
    passes_check(&sandbox, 6);
}

#[test]
fn filling_keeps_everything_but_the_secrets_and_makes_each_its_own() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let mut made = BTreeSet::new();
    for name in NAMES {
        let path = format!(".env.{name}");
        init(&sandbox, name, &path);
        assert_eq!(sandbox.path(&path).metadata().unwrap().permissions().mode() & 0o7777, 0o600);
        let (text, before) = (fs::read_to_string(sandbox.path(&path)).unwrap(), template(name));
        let other = |text: &str| text.lines().filter(|line| line.is_empty() || line.starts_with('#')).count();
        assert_eq!((text.lines().count(), other(&text)), (before.lines().count(), other(&before)));
        let after = values(&text);
        for Line { key, value, annotation } in lines(&before) {
            let words: Vec<&str> = annotation.iter().flatten().map(String::as_str).collect();
            match words.as_slice() {
                ["hex", bytes] => {
                    let hex = after[&key].bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                    assert!(hex && after[&key].len() == 2 * bytes.parse::<usize>().unwrap(), "{name}: {key}");
                    assert!(made.insert(after[&key].clone()), "{name}: {key} has another key's value");
                }
                ["password", characters] => {
                    let base62 = after[&key].bytes().all(|byte| byte.is_ascii_alphanumeric());
                    assert!(base62 && after[&key].len() == characters.parse::<usize>().unwrap(), "{name}: {key}");
                    assert!(made.insert(after[&key].clone()), "{name}: {key} has another key's value");
                }
                ["expand"] => assert!(!after[&key].contains('$'), "{name}: {key}"),
                _ => assert_eq!(after[&key], value, "{name}: {key}"),
            }
        }
        for (url, password) in [("DATABASE_URL", "DB_PASSWORD"), ("REDIS_URL", "REDIS_PASSWORD")] {
            let inside = class::url_password(after[url].as_bytes()).unwrap();
            assert_eq!(inside, after[password].as_bytes(), "{name}: {url}");
        }
    }
}

#[test]
fn a_second_run_changes_nothing() {
    for name in NAMES {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        init(&sandbox, name, ".env");
        let before = fs::read_to_string(sandbox.path(".env")).unwrap();
        init(&sandbox, name, ".env");
        assert_eq!(fs::read_to_string(sandbox.path(".env")).unwrap(), before);
    }
}
