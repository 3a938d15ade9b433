//! `envward key`: made, handed over once, hashed, verified, listed, taken back.
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::common::fill::base62;
use crate::common::schema::validate;
use crate::common::{Output, Sandbox, skip};
use serde_json::Value;

const SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.schema.json"));
const PREFIX: &str = "takumi_admin";
/// Cheap, where the cost does not matter.
const CHEAP: [&str; 3] = ["--params", "m=8,t=1,p=1", "--allow-weak"];

/// A project, and a key of its own in the file `key`.
fn with_key() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let key = new(&sandbox, "key", &[]);
    (sandbox, key)
}

/// Makes a key; its text.
fn new(sandbox: &Sandbox, file: &str, more: &[&str]) -> String {
    let args = [&["key", "new", "--prefix", PREFIX, "--name", "ops laptop", "--out", file][..], &CHEAP, more].concat();
    let output = sandbox.envward(&args).code(0);
    assert!(output.stdout.starts_with("$argon2id$v=19$m=8,t=1,p=1$") && output.stdout.lines().count() == 1);
    let key = fs::read_to_string(sandbox.path(file)).unwrap();
    key.strip_suffix('\n').unwrap().to_owned()
}

fn id(key: &str) -> String {
    key.strip_prefix(PREFIX).unwrap().split('_').nth(1).unwrap().to_owned()
}

/// `key verify` with this key on standard input.
fn verify(sandbox: &Sandbox, key: &str, more: &[&str]) -> Output {
    sandbox.command(&[&["key", "verify"], more].concat()).stdin(&format!("{key}\n")).run()
}

fn list(sandbox: &Sandbox) -> Vec<Value> {
    let list = sandbox.envward(&["key", "list", "--format", "json"]).code(0);
    validate(SCHEMA, &list.stdout)["keys"].as_array().unwrap().clone()
}

/// Changes the registry behind envward's back.
fn plant(sandbox: &Sandbox, change: &str) {
    let path = sandbox.root().join("state/ledger.sqlite");
    assert!(rusqlite::Connection::open(path).unwrap().execute(change, []).unwrap() > 0);
}

/// The program's own path, for a line of `sh`.
fn program() -> &'static str {
    env!("CARGO_BIN_EXE_envward")
}

/// Runs envward at a terminal of its own, types what is to be typed once it is asked, and gives all that the terminal
/// showed; `None` where that cannot be had.
fn at_a_terminal(sandbox: &Sandbox, line: &str, typed: &str) -> Option<(String, i32)> {
    const SCRIPT: &str = r#"
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execvp("sh", ["sh", "-c", sys.argv[1]])
seen, is_typed = b"", not sys.argv[2]
while True:
    try:
        part = os.read(terminal, 1024)
    except OSError:
        break
    if not part:
        break
    seen += part
    if not is_typed and b"not shown: " in seen:
        os.write(terminal, sys.argv[2].encode() + b"\n")
        is_typed = True
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;
    let mut command = Command::new("python3");
    command.args(["-c", SCRIPT, line, typed]).current_dir(sandbox.path(""));
    command.env("ENVWARD_STATE_DIR", sandbox.root().join("state")).env("TERM", "dumb");
    let Ok(output) = command.stdin(Stdio::null()).output() else {
        skip("python3 is not here to make a terminal");
        return None;
    };
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Some((String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap()))
}

/// A command line without any terminal.
fn without_a_terminal(sandbox: &Sandbox, line: &str) -> Option<Output> {
    let output = sandbox.shell(&format!("command -v setsid >/dev/null || exit 99; setsid -w {line}")).run();
    if output.code == 99 {
        skip("setsid is not here to take the terminal away");
        return None;
    }
    Some(output)
}

#[test]
fn a_key_goes_into_a_file_that_only_its_owner_can_read() {
    for umask in ["0000", "0777", "0022"] {
        let sandbox = Sandbox::new();
        let line = format!("umask {umask}; exec {} key new --prefix {PREFIX} --name x --out key", program());
        let output = sandbox.shell(&line).run().code(0);
        let mode = fs::metadata(sandbox.path("key")).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, 0o600, "umask {umask}");
        let key = fs::read_to_string(sandbox.path("key")).unwrap();
        let secret = &key.trim_end()[key.trim_end().len() - 49..];
        assert!(!output.stdout.contains(secret) && !output.stderr.contains(secret));
        assert!(output.stdout.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", output.stdout);
        let answer = verify(&sandbox, key.trim_end(), &[]).code(0);
        assert_eq!(answer.stdout, format!("match: {}, x\n", id(&key)));
    }
}

#[test]
fn a_file_that_git_would_take_is_said() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".gitignore", 0o644, "ignored\n");
    let args = ["key", "new", "--prefix", PREFIX, "--name", "x", "--out"];
    for (file, said) in [("key", true), ("ignored", false), ("../beside", false)] {
        let output = sandbox.envward(&[&args[..], &[file], &CHEAP].concat()).code(0);
        assert_eq!(output.stderr.contains("git does not ignore"), said, "{file}: {}", output.stderr);
    }
}

#[test]
fn nothing_is_overwritten() {
    let (sandbox, key) = with_key();
    sandbox.link("link", "elsewhere");
    for (file, why) in [("key", "it exists already"), ("link", "symbolic link"), ("", "directory")] {
        let args =
            ["key", "new", "--prefix", PREFIX, "--name", "x", "--out", if file.is_empty() { ".git" } else { file }];
        let output = sandbox.envward(&args).code(2);
        assert!(output.stderr.contains(why) && output.stdout.is_empty(), "{}", output.stderr);
    }
    assert_eq!(fs::read_to_string(sandbox.path("key")).unwrap(), format!("{key}\n"));
    assert!(!sandbox.path("elsewhere").exists());
    assert_eq!(list(&sandbox).len(), 1, "a key that went nowhere was kept");
}

#[test]
fn a_key_is_shown_on_the_terminal_and_nowhere_else() {
    let sandbox = Sandbox::new();
    let line = format!("{} key new --prefix {PREFIX} --name x >hash 2>errors", program());
    let Some((shown, status)) = at_a_terminal(&sandbox, &line, "") else { return };
    assert_eq!(status, 0, "{shown}");
    let keys: Vec<&str> = shown.split_whitespace().filter(|word| word.len() == PREFIX.len() + 61).collect();
    let [key] = keys[..] else { panic!("not one key, once: {shown}") };
    drop(verify(&sandbox, key, &[]).code(0));
    let (hash, errors) = (sandbox.path("hash"), sandbox.path("errors"));
    let (hash, errors) = (fs::read_to_string(hash).unwrap(), fs::read_to_string(errors).unwrap());
    assert!(hash.starts_with("$argon2id$") && !hash.contains(&key[key.len() - 49..]));
    assert_eq!(errors, "");
}

#[test]
fn without_a_terminal_and_a_file_there_is_no_key() {
    let sandbox = Sandbox::new();
    let line = format!("{} key new --prefix {PREFIX} --name x", program());
    let Some(output) = without_a_terminal(&sandbox, &line) else { return };
    let output = output.code(2);
    assert!(output.stderr.contains("no terminal to show the key on") && output.stderr.contains("--out"));
    assert_eq!(output.stdout, "");
    assert_eq!(list(&sandbox), [Value::Null; 0]);
}

#[test]
fn a_key_that_cannot_be_handed_over_is_taken_back() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.mkdir("open", 0o777);
    let output = sandbox.envward(&["key", "new", "--prefix", PREFIX, "--name", "x", "--out", "open/key"]).code(2);
    assert!(output.stderr.contains("everyone may write its directory"), "{}", output.stderr);
    let keys = list(&sandbox);
    assert_eq!((keys.len(), &keys[0]["state"]), (1, &Value::from("revoked")));
    assert_eq!(fs::read_dir(sandbox.path("open")).unwrap().count(), 0);
}

#[test]
fn a_prompt_takes_a_key_and_does_not_show_it() {
    let (sandbox, key) = with_key();
    let Some((shown, status)) = at_a_terminal(&sandbox, &format!("{} key verify", program()), &key) else { return };
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains("match: ") && !shown.contains(&key[key.len() - 49..]), "{shown}");
    let Some((shown, _)) = at_a_terminal(&sandbox, &format!("{} key hash {}", program(), CHEAP.join(" ")), &key) else {
        return;
    };
    let hash = shown.lines().find(|line| line.starts_with("$argon2id$")).unwrap();
    sandbox.file("hash", 0o600, hash);
    drop(verify(&sandbox, &key, &["--hash-file", "hash"]).code(0));
}

#[test]
fn a_hash_is_verified_wherever_the_key_comes_from() {
    let (sandbox, key) = with_key();
    let args = [&["key", "hash"][..], &CHEAP].concat();
    let hash = sandbox.command(&args).stdin(&format!("{key}\n")).run().code(0).stdout;
    let again = sandbox.envward(&[&args[..], &["--key-file", "key"]].concat()).code(0).stdout;
    assert_ne!(hash, again, "the salt is new each time");
    for hash in [&hash, &again, &hash.replace('\n', "\r\n"), hash.trim_end()] {
        sandbox.file("hash", 0o644, hash);
        drop(verify(&sandbox, &key, &["--hash-file", "hash"]).code(0));
        drop(sandbox.envward(&["key", "verify", "--key-file", "key", "--hash-file", "hash"]).code(0));
        let other = verify(&sandbox, &new_key(), &["--hash-file", "hash"]).code(1);
        assert_eq!(other.stdout, "no match: it is not the key of this hash\n");
    }
    // Also one that envward did not make.
    let foreign = base62("foreign", 40);
    let hash = sandbox.command(&args).stdin(&foreign).run().code(0).stdout;
    sandbox.file("hash", 0o600, hash);
    drop(verify(&sandbox, &foreign, &["--hash-file", "hash"]).code(0));
    drop(verify(&sandbox, &base62("other", 40), &["--hash-file", "hash"]).code(1));
}

/// A good key that no registry knows.
fn new_key() -> String {
    new(&Sandbox::new(), "key", &[])
}

#[test]
fn the_registry_says_what_became_of_a_key() {
    let (sandbox, key) = with_key();
    let id = id(&key);
    assert_eq!(list(&sandbox)[0]["last_verified"], Value::Null);
    drop(verify(&sandbox, &key, &[]).code(0));
    assert_ne!(list(&sandbox)[0]["last_verified"], Value::Null);

    let output = verify(&sandbox, &new_key(), &[]).code(1);
    assert_eq!(output.stdout, "no match: this project has no key of this id\n");

    // Another key's hash under this id.
    let other = new(&sandbox, "other", &["--replaces", &id]);
    let hash_of = |id: &str| format!("(SELECT hash FROM api_key WHERE id = '{id}')");
    plant(&sandbox, &format!("UPDATE api_key SET hash = {} WHERE id = '{id}'", hash_of(&self::id(&other))));
    let output = verify(&sandbox, &key, &[]).code(1);
    assert_eq!(output.stdout, "no match: its secret is not that of the key of this id\n");
    assert_eq!(list(&sandbox)[0]["replaced_by"], Value::from(self::id(&other)));

    plant(&sandbox, &format!("UPDATE api_key SET expires = '2020-01-31' WHERE id = '{}'", self::id(&other)));
    let output = verify(&sandbox, &other, &[]).code(1);
    assert!(output.stdout.contains("has expired: its last day was 2020-01-31"), "{}", output.stdout);

    let third = new(&sandbox, "third", &["--expires", "9999-01-31"]);
    let revoke = ["key", "revoke", &self::id(&third), "--reason", "laptop lost"];
    assert!(sandbox.envward(&revoke).code(0).stdout.contains("ops laptop: revoked"));
    // As `key list` shows it.
    let shown = format!("takumi_admin_{}", self::id(&third));
    let listed = sandbox.envward(&["key", "list"]).code(0).stdout;
    assert!(listed.contains(&shown), "{listed}");
    assert!(sandbox.envward(&["key", "revoke", &shown]).code(0).stdout.contains("was revoked already"));
    assert!(verify(&sandbox, &third, &[]).code(1).stdout.contains("was revoked on "));
    let keys = list(&sandbox);
    assert_eq!(
        keys.iter().map(|key| key["state"].as_str().unwrap()).collect::<Vec<_>>(),
        ["current", "expired", "revoked"]
    );
    assert_eq!((&keys[2]["reason"], &keys[2]["expires"]), (&"laptop lost".into(), &"9999-01-31".into()));
    assert!(keys.iter().all(|key| key.get("hash").is_none()));
    let text = sandbox.envward(&["key", "list", "--as-of", "2036-01-01"]).code(0).stdout;
    for word in [&id, "ops laptop", "expired", "revoked", "laptop lost", "replaced by", "last day 9999-01-31", " days)"]
    {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn another_project_has_other_keys() {
    let (sandbox, key) = with_key();
    sandbox.mkdir("other", 0o755);
    sandbox.file("other/envward.toml", 0o644, "[project]\nname = \"other\"\n");
    sandbox.git_in("other", &["init"]);
    let run = |args: &[&str]| sandbox.command(args).dir("other").stdin(&key).run();
    assert!(run(&["key", "verify"]).code(2).stderr.contains("no key is registered for this project"));
    assert!(run(&["key", "export", "--format", "json"]).code(2).stderr.contains("no key is registered"));
    assert!(run(&["key", "revoke", &id(&key)]).code(2).stderr.contains("no key of this id"));
    assert_eq!(run(&["key", "list"]).code(0).stdout, "no keys: envward key new makes one\n");
    drop(verify(&sandbox, &key, &[]).code(0));
}

#[test]
fn a_cheap_hash_is_made_anew_on_a_match() {
    let (sandbox, key) = with_key();
    let output = verify(&sandbox, &key, &[]).code(0);
    assert!(output.stdout.contains("run this again with --rehash"), "{}", output.stdout);
    let output = verify(&sandbox, &key, &["--rehash"]).code(0);
    assert!(output.stdout.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && output.stdout.lines().count() == 1);
    assert!(output.stderr.contains("its hash was made anew"));
    sandbox.file("hash", 0o600, &output.stdout);
    drop(verify(&sandbox, &key, &["--hash-file", "hash"]).code(0));

    let export = validate(SCHEMA, &sandbox.envward(&["key", "export", "--format", "json"]).code(0).stdout);
    assert_eq!(export["keys"][0]["hash"], Value::from(output.stdout.trim_end()));
    let output = verify(&sandbox, &key, &["--rehash"]).code(0);
    assert_eq!((output.stdout.as_str(), output.stderr.contains("need not be made anew")), ("", true));
    // Equal by OWASP, and one that is more.
    drop(verify(&sandbox, &key, &["--rehash", "--params", "owasp-46m"]).code(0));
    let output = verify(&sandbox, &key, &["--params", "rfc9106-64m"]).code(0);
    assert!(output.stdout.contains("run this again with --rehash"));
    // No key, no hash.
    let output = verify(&sandbox, &new_key(), &["--rehash", "--hash-file", "hash"]).code(1);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("", "no match: it is not the key of this hash\n"));
}

#[test]
fn parameters_have_names_and_a_floor() {
    let sandbox = Sandbox::new();
    let key = base62("key", 43);
    let hash = |more: &[&str]| sandbox.command(&[&["key", "hash"], more].concat()).stdin(&key).run();
    for (name, written) in [
        ("owasp-46m", "m=47104,t=1,p=1"),
        ("owasp-19m", "m=19456,t=2,p=1"),
        ("owasp-12m", "m=12288,t=3,p=1"),
        ("owasp-9m", "m=9216,t=4,p=1"),
        ("owasp-7m", "m=7168,t=5,p=1"),
        ("rfc9106-64m", "m=65536,t=3,p=4"),
    ] {
        for params in [name, written] {
            let output = hash(&["--params", params]).code(0);
            assert!(output.stdout.starts_with(&format!("$argon2id$v=19${written}$")), "{}", output.stdout);
        }
    }
    for weak in ["m=19456,t=1,p=1", "m=8,t=1,p=1", "m=7168,t=4,p=4"] {
        assert!(hash(&["--params", weak]).code(2).stderr.contains("below what OWASP asks for"), "{weak}");
        drop(hash(&["--params", weak, "--allow-weak"]).code(0));
        // A hash that is made anew is never a weak one.
        drop(verify(&sandbox, &key, &["--rehash", "--params", weak]).code(2));
    }
    for (params, why) in [
        ("m=4194304,t=1,p=1", "256 MiB"),
        ("m=19456,t=17,p=1", "256 MiB"),
        ("m=19456,t=2", "no parameters"),
        ("scrypt", "no parameters"),
        ("m=19456,t=0,p=1", "no parameters"),
    ] {
        assert!(hash(&["--params", params, "--allow-weak"]).code(2).stderr.contains(why), "{params}");
    }
}

#[test]
fn each_kind_of_bad_input_has_its_own_error() {
    let (sandbox, key) = with_key();
    let good = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let damaged = key.replace(&id(&key), "AAAAAAAAAA");
    let long = "a".repeat(4097);
    let inputs: [(&str, String, &str); 8] = [
        ("empty", String::new(), "the key is empty"),
        ("a line break", "\n".into(), "the key is empty"),
        ("two lines", format!("{key}\n{key}\n"), "more than one line"),
        ("a blank", format!(" {key}\n"), "a blank before or behind the key"),
        ("longer than a key", long, "longer than any key"),
        ("a changed character", damaged, "checksum is wrong"),
        ("a lost character", key[..key.len() - 1].to_owned(), "checksum is wrong"),
        ("no key of envward's", base62("foreign", 40), "no id by which to find its hash"),
    ];
    for (name, text, why) in inputs {
        for args in [&["key", "verify"][..], &["key", "hash"]] {
            if name.starts_with("no key") && args[1] == "hash" {
                continue;
            }
            let output = sandbox.command(args).stdin(&text).run().code(2);
            assert!(output.stderr.contains(why) && output.stderr.contains("hint: "), "{name}: {}", output.stderr);
            assert_eq!(output.stdout, "", "{name}");
            // The same in a file.
            sandbox.file("text", 0o600, &text);
            let output = sandbox.envward(&[args, &["--key-file", "text"]].concat()).code(2);
            assert!(output.stderr.contains(why), "{name} in a file: {}", output.stderr);
        }
    }
    let hashes: [(&str, String, &str); 12] = [
        ("empty", String::new(), "this is no hash"),
        ("the key itself", key.clone(), "this is no hash"),
        ("eaten by Compose", good.replace("$argon2id$v", "").replace("$c29", "=c29"), "this is no hash"),
        ("cut off", good[..good.len() - 3].to_owned(), "the hash is cut off"),
        ("cut off early", good[..20].to_owned(), "the hash is cut off"),
        ("damaged", good.replace("m=8", "m=x"), "the hash is damaged"),
        ("two", format!("{good}\n{good}"), "the hash is damaged"),
        ("argon2i", good.replace("argon2id", "argon2i"), "an argon2i hash"),
        ("argon2d", good.replace("argon2id", "argon2d"), "an argon2d hash"),
        ("bcrypt", "$2b$12$".to_owned() + &"a".repeat(53), "a bcrypt hash"),
        ("4 GiB", good.replace("m=8", "m=4194304"), "ask for more than 256 MiB"),
        ("a novel", "$argon2id$".to_owned() + &"a".repeat(600), "longer than 512 bytes"),
    ];
    for (name, text, why) in hashes {
        sandbox.file("hash", 0o600, &text);
        let output = verify(&sandbox, &key, &["--hash-file", "hash"]).code(2);
        assert!(output.stderr.contains(why) && output.stderr.contains("hint: "), "{name}: {}", output.stderr);
        assert_eq!(output.stdout, "", "{name}");
    }
    let files: [(&[&str], &str); 6] = [
        (&["--key-file", "nowhere"], "no such file"),
        (&["--key-file", "nowhere/key"], "no such file"),
        (&["--key-file", ".git"], "a directory stands there"),
        (&["--key-file", "key", "--hash-file", "nowhere"], "no such file"),
        (&["--key-file", "link"], "symbolic link"),
        (&["--key-file", "pipe"], "not a regular file"),
    ];
    sandbox.link("link", "key");
    sandbox.fifo("pipe");
    for (args, why) in files {
        let output = sandbox.envward(&[&["key", "verify"], args].concat()).code(2);
        assert!(output.stderr.contains(why), "{args:?}: {}", output.stderr);
    }
    let flags: [(&[&str], &str); 8] = [
        (&["new", "--prefix", "No Prefix", "--name", "x", "--out", "k"], "a prefix has"),
        (&["new", "--prefix", "ab_", "--name", "x", "--out", "k"], "a prefix has"),
        (&["new", "--prefix", "ab", "--name", "", "--out", "k"], "a name or reason has"),
        (&["new", "--prefix", "ab", "--name", "a\nb", "--out", "k"], "a name or reason has"),
        (&["new", "--prefix", "ab", "--name", &key, "--out", "k"], "a name or reason has"),
        (&["new", "--prefix", "ab", "--name", "x", "--out", "k", "--expires", "2020-01-01"], "expired already"),
        (&["new", "--prefix", "ab", "--name", "x", "--out", "k", "--replaces", "AAAAAAAAAA"], "no key of this id"),
        (&["revoke", "short"], "no id of a key"),
    ];
    for (args, why) in flags {
        let output = sandbox.envward(&[&["key"], args].concat()).code(2);
        assert!(output.stderr.contains(why), "{args:?}: {}", output.stderr);
        assert!(!sandbox.path("k").exists(), "{args:?}");
    }
    assert_eq!(list(&sandbox).len(), 1);
}

#[test]
fn a_planted_row_is_refused_before_it_is_hashed() {
    let (sandbox, key) = with_key();
    plant(&sandbox, "UPDATE api_key SET hash = replace(hash, 'm=8,t=1', 'm=4194304,t=16')");
    // With less memory than it asks for: had it begun, that would be the error.
    let line = format!("ulimit -v 1000000; exec {} key verify --key-file key", program());
    let output = sandbox.shell(&line).run().code(2);
    assert!(output.stderr.contains("ask for more than 256 MiB"), "{}", output.stderr);
    // And one that is allowed, where the memory is not there.
    plant(&sandbox, "UPDATE api_key SET hash = replace(hash, 'm=4194304,t=16', 'm=262144,t=1')");
    let line = format!("ulimit -v 200000; exec {} key verify --key-file key", program());
    let output = sandbox.shell(&line).run().code(2);
    assert!(output.stderr.contains("not enough memory"), "{}", output.stderr);
    drop(key);
}

#[test]
fn a_weak_key_is_not_hashed() {
    let sandbox = Sandbox::new();
    for weak in ["changeme", "admin", "Password123!", "aaaaaaaaaaaaaaaaaaaaaaaa", "x7Kp2mQ9", "correct horse"] {
        let output = sandbox.command(&["key", "hash"]).stdin(weak).run().code(2);
        assert!(output.stderr.contains("could be guessed") && !output.stderr.contains(weak), "{weak}");
        drop(sandbox.command(&["key", "hash", "--allow-weak"]).stdin(weak).run().code(0));
    }
}

#[test]
fn a_key_that_others_can_read_is_said() {
    let (sandbox, _) = with_key();
    fs::set_permissions(sandbox.path("key"), PermissionsExt::from_mode(0o644)).unwrap();
    let output = sandbox.envward(&["key", "verify", "--key-file", "key"]).code(0);
    assert!(output.stderr.contains("others can read the key in key (mode 0644)"), "{}", output.stderr);
}

#[test]
fn output_that_goes_nowhere_is_an_error() {
    let (sandbox, _) = with_key();
    let lines = ["key hash --key-file key", "key verify --key-file key", "key list", "key export --format sql"];
    for line in lines {
        let output = sandbox.shell(&format!("exec {} {line} >/dev/full", program())).run().code(2);
        assert!(output.stderr.contains("cannot write"), "{line}: {}", output.stderr);
    }
}

#[test]
fn a_ledger_that_cannot_be_used_is_an_error_and_no_answer() {
    let (sandbox, key) = with_key();
    let ledger = sandbox.root().join("state/ledger.sqlite");
    fs::set_permissions(&ledger, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(verify(&sandbox, &key, &[]).code(2).stderr.contains("open to others"));
    fs::set_permissions(&ledger, PermissionsExt::from_mode(0o600)).unwrap();
    fs::write(&ledger, "no ledger").unwrap();
    for args in
        [&["list"][..], &["export", "--format", "sql"], &["revoke", &id(&key)], &["verify", "--key-file", "key"]]
    {
        let output = sandbox.envward(&[&["key"], args].concat()).code(2);
        assert!(output.stderr.contains("damaged or no ledger"), "{args:?}: {}", output.stderr);
    }
    let output = sandbox.envward(&["key", "new", "--prefix", "ab", "--name", "x", "--out", "k"]).code(2);
    assert!(output.stderr.contains("damaged or no ledger") && !sandbox.path("k").exists());
    let inside = sandbox.command(&["key", "list"]).env("ENVWARD_STATE_DIR", "state").run().code(2);
    assert!(inside.stderr.contains("inside the project"), "{}", inside.stderr);
}

#[test]
fn check_knows_a_key_under_any_name() {
    let (sandbox, key) = with_key();
    let found = |text: &str| -> Vec<String> {
        sandbox.file(".env.production", 0o600, text);
        let report = sandbox.envward(&["check", "--no-history", "--format", "json"]).json();
        let findings = report["findings"].as_array().unwrap().iter();
        // Not the notes: no look has told the ledger of this project yet.
        let about = findings.filter(|finding| finding["line"] == 1 && finding["severity"] != "note");
        about
            .map(|finding| format!("{} {}", finding["severity"].as_str().unwrap(), finding["check"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(found(&format!("LOGIN={key}\n")), ["error plain-admin-key"]);
    // One character off is no key, and under this name no secret.
    assert_eq!(found(&format!("LOGIN={}\n", key.replace(&id(&key), "AAAAAAAAAA"))), [""; 0]);
    assert_eq!(found("LOGIN=\n"), [""; 0]);
}

#[test]
fn rotation_counts_the_age_and_the_end_of_a_key() {
    let (sandbox, key) = with_key();
    let id = id(&key);
    let status = |more: &[&str], code| sandbox.envward(&[&["rotation", "status"], more].concat()).code(code);
    let table = status(&[], 0).stdout;
    assert!(
        table.contains("admin keys") && table.contains(&format!("{PREFIX}_{id} (ops laptop): 0 days old")),
        "{table}"
    );
    assert_eq!(status(&["--due"], 0).stdout, "");

    plant(&sandbox, "UPDATE api_key SET made_at = '2020-01-05T09:00:00Z'");
    let due = status(&["--due"], 1).stdout;
    let command = format!("-> envward key new --prefix {PREFIX} --name WHO --replaces {id}");
    assert!(due.contains("overdue since 2020-07-03") && due.contains(&command), "{due}");
    let json = status(&["--format", "json"], 1).json();
    let one = &json["keys"][0];
    assert_eq!(
        (&one["id"], &one["urgency"], &one["soft_due"]),
        (&id.as_str().into(), &"overdue".into(), &"2020-04-04".into())
    );
    // A reminder a day, and no second one.
    assert!(status(&["--remind"], 1).stdout.contains(&id));
    assert_eq!(status(&["--remind"], 0).stdout, "");

    // Another one took its place: what is left is to revoke it.
    let other = self::id(&new(&sandbox, "other", &["--replaces", &id]));
    let due = status(&["--due"], 1).stdout;
    assert!(due.contains(&format!("{other} took its place -> envward key revoke {id}")), "{due}");
    drop(sandbox.envward(&["key", "revoke", &id]).code(0));
    assert_eq!(status(&["--due"], 0).stdout, "");
    // Two weeks before its last day a key is due.
    let soon = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date() + jiff::Span::new().days(7);
    let third = self::id(&new(&sandbox, "third", &["--expires", &soon.to_string()]));
    let due = status(&["--due"], 1).stdout;
    assert!(due.contains(&third) && !due.contains(&other), "{due}");
}

/// As a job asks that runs in `/`, or a service in its own directory.
#[test]
fn every_verb_takes_the_project_from_elsewhere() {
    let (sandbox, key) = with_key();
    let second = new(&sandbox, "second", &[]);
    let root = sandbox.path("").canonicalize().unwrap();
    let root = root.to_str().unwrap();
    sandbox.mkdir("../elsewhere", 0o755);
    let elsewhere = |args: &[&str]| {
        let args = [&["key"], args, &["--project", root]].concat();
        sandbox.command(&args).dir("../elsewhere").stdin(&format!("{key}\n")).run()
    };
    let list = elsewhere(&["list"]).code(0).stdout;
    assert!(list.contains(&id(&key)) && list.contains(&id(&second)), "{list}");
    let answer = elsewhere(&["verify"]).code(0).stdout;
    assert!(answer.starts_with(&format!("match: {}, ops laptop\n", id(&key))), "{answer}");
    assert!(elsewhere(&["export", "--format", "sql"]).code(0).stdout.contains(&id(&second)));
    drop(elsewhere(&["revoke", &id(&key)]).code(0));
    assert!(elsewhere(&["verify"]).code(1).stdout.contains("was revoked"));
    let made = elsewhere(&[&["new", "--prefix", PREFIX, "--name", "third", "--out", "third"][..], &CHEAP].concat());
    assert!(made.code(0).stdout.starts_with("$argon2id$"));
    let third = fs::read_to_string(sandbox.path("../elsewhere/third")).unwrap();
    let answer = sandbox.command(&["key", "verify", "--project", "."]).stdin(&third).run().code(0);
    assert!(answer.stdout.starts_with(&format!("match: {}, third\n", id(third.trim_end()))), "{}", answer.stdout);
    // Without it, the project is where one stands: that one has no keys.
    let answer = sandbox.command(&["key", "verify"]).dir("../elsewhere").stdin(&third).run().code(2);
    assert!(answer.stderr.contains("--project"), "{}", answer.stderr);
}
