//! A hundred megabytes in the place of every file that is read.

use std::fs::File;
use std::io::Write as _;

use super::*;

const SIZE: usize = 100_000_000;

/// A file, what it is full of, a verb that reads it, and the words of the limit; none where that much may be read.
type Case = (&'static str, &'static str, &'static str, Option<&'static str>);

const CASES: [Case; 16] = [
    (".env", "A_KEY=value\n", "check", Some("4 MiB")),
    (".env", "A_KEY=value\n", "rotation status", Some("4 MiB")),
    (".env.example", "A_KEY=\n", "init", Some("4 MiB")),
    ("envward.toml", "# a comment\n", "check", Some("envward.toml")),
    ("compose.yaml", "# a comment\n", "preflight", Some("compose.yaml")),
    ("compose.yaml", "x-a: [[[[[[[[\n", "preflight", Some("compose.yaml")),
    ("Dockerfile", "# a comment\n", "preflight", Some("Dockerfile")),
    (".dockerignore", "*/*/**/a\n", "check", Some(".dockerignore")),
    (".gitignore", "*/*/**/a\n", "check", Some(".gitignore")),
    (".git/config", "[core]\n", "scan", Some("4 MiB")),
    (".git/HEAD", "ref: refs/heads/main\n", "scan", Some("4 KiB")),
    (".git/info/exclude", "a\n", "check", Some("16 MiB")),
    (".git/objects/info/alternates", "/nowhere\n", "scan", Some("16 MiB")),
    (".git/packed-refs", "# a comment\n", "scan", None),
    (".git/index", "DIRC", "scan --staged", None),
    (".claude/settings.json", "[[[[[[[[", "check", None),
];

#[test]
fn in_the_place_of_each_file() {
    for (path, text, line, limit) in CASES {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q"]);
        sandbox.file(".dockerignore", 0o644, "");
        sandbox.file("Dockerfile", 0o644, "FROM debian:12.8\nCOPY . /app\n");
        sandbox.file(".env", 0o600, "A_KEY=value\n");
        sandbox.file(path, 0o600, "");
        let mut file = File::create(sandbox.path(path)).unwrap();
        let piece = text.repeat(1_000_000 / text.len());
        (0..SIZE / piece.len()).for_each(|_| file.write_all(piece.as_bytes()).unwrap());
        drop(file);
        assert_answers(&sandbox, line, path, limit);
    }
}

/// A value that is committed, in a file of that size: it is searched, and found.
#[test]
fn in_a_commit() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    let value = crate::common::fill::fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    sandbox.file("data.sql", 0o644, format!("{}{value}\n", "INSERT INTO a VALUES (1);\n".repeat(SIZE / 26)));
    sandbox.git(&["add", "data.sql"]);
    sandbox.git(&["commit", "-qm", "data"]);
    let ordeal = run(&sandbox, "scan");
    assert_eq!(ordeal.fault(), None, "{} MiB", ordeal.peak >> 10);
    assert!(ordeal.stdout.contains("data.sql"), "{}", ordeal.stdout);
}
