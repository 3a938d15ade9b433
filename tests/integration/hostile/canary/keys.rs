//! Keys.

use super::*;

/// Every verb, format and failure of `key`, over a file, a standard input, a hash and arguments with the marker.
#[test]
fn in_admin_keys() {
    let marker = marker();
    let value = marker.value();
    let sandbox = Sandbox::new();
    plain(&sandbox, value);
    for (name, text) in [
        ("key", value.to_owned()),
        ("two", format!("{value}\n{value}\n")),
        ("blank", format!(" {value}")),
        // The shape of a key of envward's, so the checksum is what is wrong.
        ("damaged", format!("ab_{}_{}", &value[..10], value.repeat(2).get(..49).unwrap())),
        ("long", value.repeat(200)),
        ("hash", format!("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ${}", &value[..32])),
        ("foreign", format!("$2b$12${value}{value}")),
        ("costly", format!("$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ${value}")),
    ] {
        sandbox.file(name, 0o600, text);
    }
    let new =
        ["key", "new", "--prefix", "ab", "--name", "x", "--out", "made", "--params", "m=8,t=1,p=1", "--allow-weak"];
    drop(sandbox.envward(&new).code(0));
    let cases: [(&[&str], i32); 31] = [
        (&["key", "hash", "--key-file", "key"], 0),
        (&["key", "hash", "--key-file", "two"], 2),
        (&["key", "hash", "--key-file", "blank"], 2),
        (&["key", "hash", "--key-file", "damaged"], 2),
        (&["key", "hash", "--key-file", "long"], 2),
        (&["key", "hash"], 0),
        (&["key", "hash", "--params", "MARKER"], 2),
        (&["key", "hash", "MARKER"], 2),
        (&["key", "verify", "--key-file", "key"], 2),
        (&["key", "verify", "--key-file", "damaged"], 2),
        (&["key", "verify", "--key-file", "two"], 2),
        (&["key", "verify", "--hash-file", "hash"], 1),
        (&["key", "verify", "--hash-file", "key"], 2),
        (&["key", "verify", "--hash-file", "two"], 2),
        (&["key", "verify", "--hash-file", "long"], 2),
        (&["key", "verify", "--hash-file", "foreign"], 2),
        (&["key", "verify", "--hash-file", "costly"], 2),
        (&["key", "verify", "--rehash", "--hash-file", "hash"], 1),
        (&["key", "verify", "MARKER"], 2),
        (&["key", "verify", "--project", ".", "--key-file", "key"], 2),
        (&["key", "list", "--project", "."], 0),
        (&["key", "new", "--prefix", "MARKER", "--name", "x", "--out", "new"], 2),
        (&["key", "new", "--prefix", "ab", "--name", "x", "--out", "new", "--expires", "MARKER"], 2),
        (&["key", "new", "--prefix", "ab", "--name", "x", "--out", "new", "--replaces", "MARKER"], 2),
        (&["key", "new", "MARKER"], 2),
        (&["key", "revoke", "MARKER"], 2),
        (&["key", "list"], 0),
        (&["key", "list", "--format", "json"], 0),
        (&["key", "list", "--format", "MARKER"], 2),
        (&["key", "export", "--format", "sql"], 0),
        (&["key", "export", "--format", "json"], 0),
    ];
    for (args, status) in cases {
        let args: Vec<String> = args.iter().map(|arg| arg.replace("MARKER", value)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let (output, leaks) = observe(&marker, &sandbox, sandbox.command(&args).stdin(value));
        let line = args.join(" ").replace(value, "MARKER");
        assert!(leaks.is_empty(), "{line}: {leaks:?}");
        assert_eq!(unexpected(&output, Some(status)), None, "{line}: {}", output.stderr);
    }
}

/// A key that envward makes itself is in the file that was named, and nowhere else: not in the registry, not in an
/// output of any later command.
#[test]
fn a_new_key_is_in_its_file_alone() {
    let sandbox = Sandbox::new();
    plain(&sandbox, marker().value());
    let new = ["key", "new", "--prefix", "ab", "--name", "x", "--out", "made"];
    let output = sandbox.envward(&new).code(0);
    let key = fs::read_to_string(sandbox.path("made")).unwrap();
    // Its id is public: the secret alone is looked for.
    let secret = Marker::new(key.trim_end().rsplit('_').next().unwrap());
    assert_eq!(secret.find((output.stdout + &output.stderr).as_bytes()), None);
    let places = secret.survey(sandbox.root()).into_iter().filter(|(_, form)| form.is_some());
    let places: Vec<String> = places.map(|(path, _)| String::from_utf8(path).unwrap()).collect();
    assert_eq!(places, [sandbox.path("made").to_str().unwrap()]);
    let id = key.split('_').nth(1).unwrap();
    let cases: [(&[&str], i32); 9] = [
        (&new, 2),
        (&["key", "verify", "--key-file", "made"], 0),
        (&["key", "verify"], 0),
        (&["key", "verify", "--rehash", "--params", "rfc9106-64m"], 0),
        (&["key", "hash"], 0),
        (&["key", "list"], 0),
        (&["key", "export", "--format", "sql"], 0),
        (&["key", "revoke", id], 0),
        (&["key", "verify"], 1),
    ];
    for (args, status) in cases {
        let (output, leaks) = observe(&secret, &sandbox, sandbox.command(args).stdin(&key));
        assert!(leaks.is_empty(), "{args:?}: {leaks:?}");
        assert_eq!(unexpected(&output, Some(status)), None, "{args:?}: {}", output.stderr);
    }
    // In an env file it is a secret like every other.
    sandbox.file(".env", 0o600, format!("LOGIN={key}{key}"));
    for format in FORMATS {
        let (output, leaks) = observe(&secret, &sandbox, sandbox.command(&["check", "--format", format]));
        assert!(leaks.is_empty(), "{format}: {leaks:?}");
        assert!(output.stdout.contains("plain-admin-key"), "{format}: {}", output.stdout);
    }
}

#[test]
fn a_path_that_does_not_exist_is_named_escaped() {
    let sandbox = Sandbox::new();
    for command in ["check", "scan"] {
        let output = sandbox.envward(&[command, "no\x1b[31m\n/such\u{202e}path"]).code(2);
        let all = output.stdout + &output.stderr;
        assert!(!all.contains('\x1b') && !all.contains('\u{202e}') && !all.contains("\n/such"), "{all:?}");
    }
}

#[test]
fn what_reads_no_project_is_quiet_about_it() {
    let marker = marker();
    let sandbox = Sandbox::new();
    plain(&sandbox, marker.value());
    let commands: [&[&str]; 6] =
        [&["demo"], &["explain"], &["explain", "--all"], &["completions", "bash"], &["man"], &["--version"]];
    for command in commands {
        // The marker in the environment, too: nobody prints that.
        let run = sandbox.command(command).env("DB_PASSWORD", marker.value()).stdin(marker.value());
        let (output, leaks) = observe(&marker, &sandbox, run);
        assert!(leaks.is_empty(), "{command:?}: {leaks:?}");
        assert!(!output.stdout.is_empty() && unexpected(&output, None).is_none(), "{command:?}: {output:?}");
    }
}
