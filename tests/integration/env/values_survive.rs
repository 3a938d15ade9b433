//! A generated value is read back equal by everybody who reads env files, and out of every URL it stands in.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::readers::{PARSERS, READERS, Url, Values};
use crate::common::{Sandbox, skip};
use serde_json::Value;

/// The ways to make a value, and what it is made of.
const ALPHABETS: [(&[&str], &str); 4] = [
    (&["hex"], "0123456789abcdef"),
    (&["password", "--alphabet", "hex"], "0123456789abcdef"),
    (&["password"], BASE62),
    (&["password", "--alphabet", "urlsafe"], "-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
];
const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Many values of one kind, from the program.
fn generated(kind: &[&str], count: usize) -> Vec<String> {
    let count_text = count.to_string();
    let line = [&["generate"], kind, &["--count", &count_text]].concat();
    let output = Sandbox::new().envward(&line).code(0);
    let values: Vec<String> = output.stdout.lines().map(str::to_owned).collect();
    assert_eq!(values.len(), count);
    values
}

/// Many values of every kind, each made of what it should be, none of them twice.
fn many() -> Vec<String> {
    let mut all = Vec::new();
    for (kind, alphabet) in ALPHABETS {
        let values = generated(kind, 50);
        let used: BTreeSet<char> = values.iter().flat_map(|value| value.chars()).collect();
        let expected: BTreeSet<char> = alphabet.chars().collect();
        // 3,200 characters miss one of 64 with a chance of one to 10^20.
        assert_eq!(used, expected, "{kind:?}");
        all.extend(values);
    }
    let distinct: BTreeSet<&String> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
    all
}

/// What stands behind each key, byte for byte.
fn written(file: &Path) -> Values {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once('=').unwrap()).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// The same without the quotes around a value.
fn unquoted(written: &Values) -> Values {
    written.iter().map(|(key, value)| (key.clone(), value.trim_matches(['"', '\'']).to_owned())).collect()
}

/// Which reader sees another value than the one written, and behind which key. Where somebody put quotes they stay:
/// Docker's `--env-file` takes them for a part of the value, and everybody else takes them off.
fn differences(file: &Path) -> Vec<String> {
    let written = written(file);
    let unquoted = unquoted(&written);
    let mut found = Vec::new();
    for reader in READERS {
        let Some(seen) = reader.sees(file) else { continue };
        let expected = if reader.name.starts_with("docker-") { &written } else { &unquoted };
        let keys: BTreeSet<&String> = seen.keys().chain(expected.keys()).collect();
        let differs = keys.into_iter().filter(|key| seen.get(*key) != expected.get(*key));
        found.extend(differs.map(|key| format!("{} {key}", reader.name)));
    }
    found
}

#[track_caller]
fn all_see_what_is_written(file: &Path) {
    assert_eq!(differences(file), [""; 0]);
}

/// A file on which no two kinds of reader agree: a harness that read nothing, or all by one reader, would show here.
const AWKWARD: &str = r#"B=x
DOLLAR=ab$B
BRACES=${B}y
BLANK=a #c
TIGHT=a#c
QUOTED="in quotes"
ESCAPE=a\nb
END=z
"#;

/// What each reader sees in it, in the order of its lines without the first and the last one.
const SEEN: [(&str, [&str; 6]); 13] = [
    ("bash", ["abx", "xy", "a", "a#c", "in quotes", "anb"]),
    ("dash", ["abx", "xy", "a", "a#c", "in quotes", "anb"]),
    ("dotenvy", ["abx", "xy", "a", "a#c", "in quotes", "a\nb"]),
    ("python-dotenv", ["ab$B", "xy", "a", "a#c", "in quotes", "a\\nb"]),
    ("compose-env-file", ["abx", "xy", "a", "a#c", "in quotes", "a\\nb"]),
    ("compose-interpolation", ["abx", "xy", "a", "a#c", "in quotes", "a\\nb"]),
    ("docker-rules", ["ab$B", "${B}y", "a #c", "a#c", "\"in quotes\"", "a\\nb"]),
    ("docker-client", ["ab$B", "${B}y", "a #c", "a#c", "\"in quotes\"", "a\\nb"]),
    ("systemd-rules", ["ab$B", "${B}y", "a #c", "a#c", "in quotes", "anb"]),
    ("systemd-library", ["ab$B", "${B}y", "a #c", "a#c", "in quotes", "anb"]),
    ("node-env-file", ["ab$B", "${B}y", "a", "a", "in quotes", "a\\nb"]),
    ("npm-dotenv", ["ab$B", "${B}y", "a", "a", "in quotes", "a\\nb"]),
    ("npm-dotenv-expand", ["abx", "xy", "a", "a", "in quotes", "a\\nb"]),
];

#[test]
fn every_reader_really_reads() {
    let sandbox = Sandbox::new();
    sandbox.file("awkward.env", 0o600, AWKWARD);
    for (reader, (name, expected)) in READERS.iter().zip(SEEN) {
        assert_eq!(reader.name, name);
        let Some(seen) = reader.sees(&sandbox.path("awkward.env")) else { continue };
        let keys = ["DOLLAR", "BRACES", "BLANK", "TIGHT", "QUOTED", "ESCAPE"];
        assert_eq!(keys.map(|key| seen[key].as_str()), expected, "{name}");
        assert_eq!((seen["B"].as_str(), seen["END"].as_str(), seen.len()), ("x", "z", 8), "{name}");
    }
    let differences = differences(&sandbox.path("awkward.env"));
    for expected in ["bash DOLLAR", "dash BRACES", "dotenvy ESCAPE"] {
        assert!(differences.iter().any(|one| one == expected), "{differences:?}");
    }
}

/// The rules stand for programs that are not everywhere: they read what those were measured to read.
#[test]
fn the_rules_read_as_docker_and_systemd_were_measured_to() {
    let sandbox = Sandbox::new();
    let vectors: Vec<Value> = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/env-readers.jsonl"))
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let files: Vec<_> = (0..vectors.len()).map(|index| sandbox.path(format!("{index}.env"))).collect();
    for (file, vector) in files.iter().zip(&vectors) {
        fs::write(file, vector["file"].as_str().unwrap()).unwrap();
    }
    let measured = [
        ("docker-rules", "docker--env-file"),
        ("systemd-rules", "systemd252"),
        ("systemd-library", "systemd252"),
        ("python-dotenv", "python-dotenv"),
        ("npm-dotenv", "npm-dotenv"),
        ("npm-dotenv-expand", "npm-dotenv+expand"),
    ];
    for (name, column) in measured {
        let reader = READERS.iter().find(|reader| reader.name == name).unwrap();
        if reader.is_silently_missing() {
            continue;
        }
        let seen = match reader.read(&files) {
            Ok(seen) => seen,
            Err(reason) => return skip(&format!("{name}: {reason}")),
        };
        assert_eq!(seen.len(), 1164);
        for (seen, vector) in seen.into_iter().zip(&vectors) {
            let sees = &vector["sees"][column];
            let Some(seen) = seen else {
                assert_eq!(sees, "error", "{name} refuses {}", vector["file"]);
                continue;
            };
            for key in ["K", "Z"] {
                assert_eq!(
                    seen.get(key).map(String::as_str),
                    sees[key].as_str(),
                    "{name}: {key} in {}",
                    vector["file"]
                );
            }
        }
    }
}

#[test]
fn many_generated_values_survive_every_reader() {
    let sandbox = Sandbox::new();
    let values: Values =
        many().into_iter().enumerate().map(|(index, value)| (format!("VALUE_{index}"), value)).collect();
    let text: String = values.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
    sandbox.file(".env", 0o600, text);
    all_see_what_is_written(&sandbox.path(".env"));
}

#[test]
fn what_generate_puts_into_a_file_survives_every_reader() {
    let sandbox = Sandbox::new();
    let mut text = String::from("# Kept: a comment, an order, blank lines.\nFIRST=1\n\n");
    let empty: [&str; 4] = ["BARE=", "SINGLE=''", "DOUBLE=\"\"", "PLACEHOLDER=changeme"];
    text += &empty.join("\n");
    text += "\n\nLAST=2\n";
    sandbox.file(".env", 0o600, text);
    let keys = ["BARE", "SINGLE", "DOUBLE", "PLACEHOLDER", "ADDED"];
    for (index, key) in keys.iter().enumerate() {
        let (kind, _) = ALPHABETS[index % ALPHABETS.len()];
        let line = [&["generate"], kind, &["--into", ".env", key]].concat();
        let output = sandbox.envward(&line).code(0);
        let value = unquoted(&written(&sandbox.path(".env")))[*key].clone();
        assert!(!output.stdout.contains(&value) && !output.stderr.contains(&value), "{key} was shown");
    }
    let values = unquoted(&written(&sandbox.path(".env")));
    assert_eq!(values.len(), 7);
    for (index, key) in keys.iter().enumerate() {
        let alphabet = ALPHABETS[index % ALPHABETS.len()].1;
        assert!(values[*key].len() >= 64 && values[*key].chars().all(|one| alphabet.contains(one)), "{key}");
    }
    assert_eq!((values["FIRST"].as_str(), values["LAST"].as_str()), ("1", "2"));
    all_see_what_is_written(&sandbox.path(".env"));
}

/// An example that people write: quotes, annotations, one password in several places.
const EXAMPLE: &str = r#"# The service.
NAME=service
PLAIN_SECRET=
SINGLE_SECRET=''
DOUBLE_SECRET=""
PLACEHOLDER_SECRET="changeme"
# envward: hex 32
HEX=
# envward: password 64
DB_PASSWORD=
# envward: urlsafe 43
REDIS_PASSWORD=
# envward: expand
DATABASE_URL=postgresql://app:${DB_PASSWORD}@postgres:5432/app
# envward: expand
REDIS_URL="redis://:${REDIS_PASSWORD}@redis:6379/0"
LAST=2
"#;

#[test]
fn what_init_fills_survives_every_reader() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env.example", 0o644, EXAMPLE);
    drop(sandbox.envward(&["init"]).code(0));
    let values = unquoted(&written(&sandbox.path(".env")));
    assert_eq!(values.len(), 11);
    for (key, value) in &values {
        assert!(!value.is_empty() && !value.contains('$') && value != "changeme", "{key}");
    }
    assert!(values["DATABASE_URL"].contains(&format!(":{}@", values["DB_PASSWORD"])));
    assert!(values["REDIS_URL"].contains(&format!(":{}@", values["REDIS_PASSWORD"])));
    all_see_what_is_written(&sandbox.path(".env"));
}

#[test]
fn filled_templates_survive_every_reader_and_parser() {
    for name in ["development", "test", "production"] {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        drop(sandbox.envward(&["init", "--template", name, "--output", ".env"]).code(0));
        let values = written(&sandbox.path(".env"));
        assert_eq!(values, unquoted(&values), "{name}: a quote that Docker would keep");
        all_see_what_is_written(&sandbox.path(".env"));

        let (postgres, redis) = if name == "production" { ("postgres", "redis") } else { ("localhost", "localhost") };
        let number = if name == "test" { "/1" } else { "/0" };
        let database = format!("/{}", values["DB_NAME"]);
        for (key, scheme, expected) in [
            ("DATABASE_URL", "postgresql", url("app", &values["DB_PASSWORD"], postgres, "5432", &database)),
            ("REDIS_URL", "redis", url("", &values["REDIS_PASSWORD"], redis, "6379", number)),
        ] {
            for parser in PARSERS.iter().filter(|parser| parser.schemes.contains(&scheme)) {
                let Some(seen) = parser.take_apart(&[values[key].clone()]) else { continue };
                assert_eq!(seen[0].as_ref(), Some(&expected), "{name}: {key} by {}", parser.name);
            }
        }
    }
}

#[test]
fn many_generated_values_survive_in_urls() {
    let values = many();
    for (scheme, end) in [("postgresql", "postgres:5432/app?sslmode=verify-full"), ("redis", "redis:6379/0")] {
        let urls: Vec<String> = values.iter().map(|value| format!("{scheme}://app:{value}@{end}")).collect();
        for parser in PARSERS.iter().filter(|parser| parser.schemes.contains(&scheme)) {
            let Some(seen) = parser.take_apart(&urls) else { continue };
            assert_eq!(seen.len(), values.len());
            for (seen, value) in seen.iter().zip(&values) {
                let expected = match scheme {
                    "redis" => url("app", value, "redis", "6379", "/0"),
                    _ => url("app", value, "postgres", "5432", "/app"),
                };
                assert_eq!(seen.as_ref(), Some(&expected), "{}", parser.name);
            }
        }
    }
}

fn url(user: &str, password: &str, host: &str, port: &str, path: &str) -> Url {
    let [user, password, host, port, path] = [user, password, host, port, path].map(str::to_owned);
    Url { user, password, host, port, path }
}

/// Passwords of other characters, and what each parser makes of them; `None` where it refuses the URL.
#[test]
fn every_parser_really_parses() {
    let cases = [
        ("a%41b", [Some("aAb"), Some("a%41b"), Some("aAb"), Some("a%41b")]),
        ("a b", [Some("a b"), Some("a b"), Some("a b"), Some("a%20b")]),
        ("a/b", [Some(""), None, None, None]),
        ("a@b", [Some("a"), Some("a@b"), Some("a@b"), Some("a%40b")]),
    ];
    for (password, expected) in cases {
        for (parser, expected) in PARSERS.iter().zip(expected) {
            let scheme = parser.schemes[0];
            let Some(seen) = parser.take_apart(&[format!("{scheme}://app:{password}@host:1/0")]) else { continue };
            let seen = seen[0].as_ref().map(|url| url.password.as_str());
            assert_eq!(seen, expected, "{}: {password}", parser.name);
        }
    }
}
