//! Names that no table should obey: quotes, commands of psql, bytes that are no text; and names that are hidden.

use super::{Database, fill, succeeds};

const NAMES: [&[u8]; 10] = [
    b"it's",
    b"'); DROP SCHEMA envward CASCADE; --",
    b"back\\slash\\",
    b"E'\\''",
    b"new\nline\n\\! touch pwned\n\\q",
    b"$$;$envward$",
    b"\xff\xfe",
    b":name :'name' \\g pwned",
    "é\u{202e}\u{1F980}\u{a0}".as_bytes(),
    b"\"double\" %s ${x} `id`",
];

#[test]
fn hostile_names_are_only_names() {
    use std::os::unix::ffi::OsStrExt as _;
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", "NODE_ENV=production\nDB_PASSWORD={password}\n");
    for (at, name) in NAMES.iter().enumerate() {
        let path = std::path::Path::new(std::ffi::OsStr::from_bytes(name)).join(".env");
        host.sandbox.file(path, 0o600, fill(&format!("API_KEY={{token{at}}}\n")));
    }
    // A second name that looks like the one with bytes that are no text.
    host.sandbox.file("\\xff\\xfe/.env", 0o600, fill("API_KEY={token-x}\n"));
    // Whatever the session was told before.
    for settings in ["", "SET standard_conforming_strings = off;\n", "\\encoding SJIS\n", "\\set name ' OR true --\n"] {
        succeeds(&database.give("web1", &(settings.to_owned() + &host.sql(&[]))));
        assert_eq!(
            database.ask("SELECT count(*), count(DISTINCT (file, key)) FROM envward.secrets"),
            "12|12",
            "{settings}"
        );
    }
    assert_eq!(database.ask("SELECT count(*) FROM envward.secrets WHERE file = 'it''s/.env'"), "1");
    assert_eq!(database.ask("SELECT count(*) FROM envward.secrets WHERE file = E'back\\\\slash\\\\/.env'"), "1");
    assert!(!database.sandbox.path("pwned").exists() && !host.sandbox.path("pwned").exists());

    // On the way back nothing of them reaches a terminal either.
    let shown = database.status(&["--as-of", "2099-01-01", "--color", "always"]).run().code(1).stdout;
    assert!(shown.contains("it's/.env") && !shown.contains(['\u{202e}', '\u{7}']), "{shown}");
    let json = database.status(&["--format", "json", "--exit-zero"]).run().code(0).json();
    assert_eq!(json["secrets"].as_array().unwrap().len(), 12);
}

#[test]
fn names_can_be_hidden_as_in_the_metrics() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", "NODE_ENV=production\nDB_PASSWORD={password}\n");
    let script = host.sql(&["--hide-names"]);
    for name in ["DB_PASSWORD", "shop", ".env"] {
        assert!(!script.contains(&format!("\"{name}\"")), "{name}");
    }
    succeeds(&database.give("web1", &script));
    let metrics =
        host.sandbox.envward(&["rotation", "export", "--format", "prometheus", "--hide-names"]).code(0).stdout;
    let (project, id) = {
        let row = database.ask("SELECT project, key FROM envward.secrets WHERE file = ''");
        let (project, id) = row.split_once('|').unwrap();
        (project.to_owned(), id.to_owned())
    };
    assert!(
        metrics.contains(&format!("project=\"{project}\"")) && metrics.contains(&format!("secret=\"{id}\"")),
        "{metrics}"
    );
}

#[test]
fn the_name_of_a_host_is_one_that_a_role_can_have() {
    let sandbox = crate::common::Sandbox::new();
    sandbox.file(".env", 0o600, "");
    for name in ["", "a b", "it's", "-x", &"x".repeat(64), "é"] {
        let output = sandbox.envward(&["rotation", "export", "--format", "sql", &format!("--host={name}")]).code(2);
        assert!(output.stderr.contains("--host") && output.stdout.is_empty(), "{}", output.stderr);
    }
    for option in [&["--schema"][..], &["--host", "web1"], &["--fleet-key", "key"]] {
        let output = sandbox.envward(&[&["rotation", "export", "--format", "ical"], option].concat()).code(2);
        assert!(output.stderr.contains("--format sql"), "{}", output.stderr);
    }
}
