//! `envward generate`: one secret, seen or unseen.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::Sandbox;

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

fn mode(sandbox: &Sandbox, path: &str) -> u32 {
    fs::metadata(sandbox.path(path)).unwrap().permissions().mode() & 0o7777
}

#[test]
fn what_is_asked_for_is_made() {
    type Check = fn(u8) -> bool;
    let hex: Check = |byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let base62: Check = |byte| byte.is_ascii_alphanumeric();
    let urlsafe: Check = |byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let cases: [(&[&str], usize, Check); 6] = [
        (&["generate", "hex"], 128, hex),
        (&["generate", "hex", "--bytes", "16"], 32, hex),
        (&["generate", "password"], 64, base62),
        (&["generate", "password", "--length", "22"], 22, base62),
        (&["generate", "password", "--alphabet", "hex", "--length", "32"], 32, hex),
        (&["generate", "password", "--alphabet", "urlsafe", "--length", "1000"], 1000, urlsafe),
    ];
    let sandbox = Sandbox::new();
    for (args, length, is_valid) in cases {
        let first = sandbox.envward(args).code(0);
        let value = first.stdout.strip_suffix('\n').unwrap();
        assert_eq!((value.len(), first.stderr.as_str()), (length, ""), "{args:?}");
        assert!(value.bytes().all(is_valid), "{args:?}");
        assert_ne!(first.stdout, sandbox.envward(args).code(0).stdout, "{args:?} made the same twice");
    }
}

#[test]
fn several_are_all_different() {
    let sandbox = Sandbox::new();
    let output = sandbox.envward(&["generate", "password", "--count", "500"]).code(0);
    let values: std::collections::BTreeSet<&str> = output.stdout.lines().collect();
    assert_eq!(values.len(), 500);
}

#[test]
fn a_guessable_value_needs_a_yes() {
    let sandbox = Sandbox::new();
    for args in [&["hex", "--bytes", "15"][..], &["password", "--length", "21"]] {
        let args = [&["generate"], args].concat();
        let output = sandbox.envward(&args).code(2);
        assert!(output.stdout.is_empty() && output.stderr.contains("--allow-weak"), "{}", output.stderr);
        drop(sandbox.envward(&[&args[..], &["--allow-weak"]].concat()).code(0));
    }
}

#[test]
fn nonsense_is_refused() {
    let sandbox = Sandbox::new();
    let cases: [&[&str]; 6] = [
        &["hex", "--bytes", "0"],
        &["hex", "--bytes", "2049"],
        &["password", "--length", "4097"],
        &["password", "--count", "0"],
        &["password", "--count", "2", "--into", ".env", "A"],
        &["hex", "--into", ".env"],
    ];
    for args in cases {
        let output = sandbox.envward(&[&["generate"], args].concat()).code(2);
        assert!(output.stdout.is_empty() && output.stderr.contains("hint:"), "{args:?}: {}", output.stderr);
    }
    assert!(!sandbox.path(".env").exists());
}

#[test]
fn a_full_disk_is_an_error_and_a_closed_pipe_one_without_words() {
    let sandbox = Sandbox::new();
    let program = env!("CARGO_BIN_EXE_envward");
    let output = sandbox.shell(&format!("'{program}' generate hex > /dev/full")).run().code(2);
    assert!(output.stderr.contains("no space left"), "{}", output.stderr);
    let line = format!("{{ sleep 0.3; '{program}' generate hex --count 9; echo \"status $?\" >&2; }} | true");
    let output = sandbox.shell(&line).run().code(0);
    // Nobody reads any more: the status says that not everything arrived.
    assert_eq!(output.stderr.trim(), "status 2");
}

#[test]
fn into_a_key_unseen() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o644, "# head\nA=1\nDB_PASSWORD='changeme' # the database\r\nB=2");
    let output = sandbox.envward(&["generate", "password", "--into", ".env", "DB_PASSWORD"]).code(0);
    assert_eq!(output.stdout, "DB_PASSWORD in .env: new value, 381 bits\n");
    let text = read(&sandbox, ".env");
    let value = text.split('\'').nth(1).unwrap();
    assert_eq!((value.len(), mode(&sandbox, ".env")), (64, 0o600));
    assert_eq!(text, format!("# head\nA=1\nDB_PASSWORD='{value}' # the database\r\nB=2"));
}

#[test]
fn into_a_new_key_and_a_new_file() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o400, "A=1");
    for (file, before, kept) in [(".env", "A=1\n", 0o400), ("new.env", "", 0o600)] {
        drop(sandbox.envward(&["generate", "hex", "--into", file, "JWT_SECRET"]).code(0));
        let text = read(&sandbox, file);
        let value = text.strip_prefix(before).and_then(|rest| rest.strip_prefix("JWT_SECRET=")).unwrap();
        assert_eq!((value.trim_end().len(), mode(&sandbox, file)), (128, kept), "{file}");
    }
}

#[test]
fn a_filled_value_needs_replace() {
    let sandbox = Sandbox::new();
    let before = "DB_PASSWORD=postgres\nDATABASE_URL=postgres://app:x7@db/app\n";
    sandbox.file(".env", 0o600, before);
    for key in ["DB_PASSWORD", "DATABASE_URL"] {
        let output = sandbox.envward(&["generate", "password", "--into", ".env", key]).code(2);
        assert!(output.stderr.contains(&format!("{key} already has a value")), "{}", output.stderr);
        assert_eq!(read(&sandbox, ".env"), before);
        drop(sandbox.envward(&["generate", "password", "--into", ".env", key, "--replace"]).code(0));
        assert_ne!(read(&sandbox, ".env"), before);
        sandbox.file(".env", 0o600, before);
    }
    // Of a URL only the password is replaced.
    drop(sandbox.envward(&["generate", "password", "--into", ".env", "DATABASE_URL", "--replace"]).code(0));
    let text = read(&sandbox, ".env");
    let url = text.lines().nth(1).unwrap();
    assert!(url.starts_with("DATABASE_URL=postgres://app:") && url.ends_with("@db/app") && url.len() > 90, "{text}");
}

#[test]
fn what_cannot_be_written_into_is_left() {
    const FILES: [&str; 3] = [".env", ".env.example", "crypted.env"];
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "A=\nA=\nB='open\n");
    sandbox.file(".env.example", 0o644, "A=\n");
    sandbox.file("crypted.env", 0o600, "A=encrypted:BE9Y7LKANx77X1\n");
    let cases = [
        (".env", "A", ".env:2: A is here a second time"),
        (".env", "C", "no way to write this value so that it reads back"),
        (".env", "A-B", "some programs cannot read a key of this name"),
        (".env", "1A", "some programs cannot read a key of this name"),
        (".env.example", "A", "this is a template"),
        ("crypted.env", "A", "the file is encrypted"),
        ("no/such/.env", "A", "no such file or directory"),
    ];
    let before = FILES.map(|path| fs::read(sandbox.path(path)).ok());
    for (file, key, message) in cases {
        let output = sandbox.envward(&["generate", "hex", "--into", file, key]).code(2);
        assert!(output.stderr.contains(message), "{file} {key}: {}", output.stderr);
        assert!(output.stdout.is_empty());
    }
    let after = FILES.map(|path| fs::read(sandbox.path(path)).ok());
    assert_eq!(before, after);
}

#[test]
fn a_key_that_looks_like_a_secret_is_not_repeated() {
    let sandbox = Sandbox::new();
    let pasted = crate::common::fill::fill("{password}");
    let output = sandbox.envward(&["generate", "hex", "--into", ".env", &pasted]).code(2);
    assert!(!output.stderr.contains(&pasted), "{}", output.stderr);
}

/// The new value would be in the next commit.
#[test]
fn into_a_file_that_git_tracks() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env.production", 0o600, "SESSION_SECRET=changeme\n");
    let generate = ["generate", "hex", "--into", ".env.production", "SESSION_SECRET"];
    let output = sandbox.envward(&generate).code(0);
    assert!(output.stdout.contains("git does not ignore .env.production; "), "{output:?}");
    sandbox.git(&["add", "."]);
    let output = sandbox.envward(&[&generate[..], &["--replace"]].concat()).code(0);
    assert!(output.stdout.contains("warning: git tracks .env.production"), "{output:?}");
    let command = output.stdout.trim_end().rsplit(": ").next().unwrap();
    drop(sandbox.shell(command).run().code(0));
    assert_eq!(sandbox.git(&["ls-files"]), "");
}
