//! Hash.

use super::*;

#[test]
fn a_cheap_hash_is_made_anew_on_a_match() {
    let (sandbox, key) = with_key();
    let output = verify(&sandbox, &key, &[]).code(0);
    assert!(output.stdout.contains("run the command again with --rehash"), "{}", output.stdout);
    let output = verify(&sandbox, &key, &["--rehash"]).code(0);
    assert!(output.stdout.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && output.stdout.lines().count() == 1);
    assert!(output.stderr.contains("its hash was replaced"));
    sandbox.file("hash", 0o600, &output.stdout);
    drop(verify(&sandbox, &key, &["--hash-file", "hash"]).code(0));

    let export = validate(SCHEMA, &sandbox.envward(&["key", "export", "--format", "json"]).code(0).stdout);
    assert_eq!(export["keys"][0]["hash"], Value::from(output.stdout.trim_end()));
    let output = verify(&sandbox, &key, &["--rehash"]).code(0);
    assert_eq!((output.stdout.as_str(), output.stderr.contains("its hash is up to date")), ("", true));
    // Equal by OWASP, and one that is more.
    drop(verify(&sandbox, &key, &["--rehash", "--params", "owasp-46m"]).code(0));
    let output = verify(&sandbox, &key, &["--params", "rfc9106-64m"]).code(0);
    assert!(output.stdout.contains("run the command again with --rehash"));
    // No key, no hash.
    let output = verify(&sandbox, &new_key(), &["--rehash", "--hash-file", "hash"]).code(1);
    assert_eq!(
        (output.stdout.as_str(), output.stderr.as_str()),
        ("", "no match: the key does not belong to this hash\n")
    );
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
        assert!(hash(&["--params", weak]).code(2).stderr.contains("lower than OWASP requires"), "{weak}");
        drop(hash(&["--params", weak, "--allow-weak"]).code(0));
        // A hash that is made anew is never a weak one.
        drop(verify(&sandbox, &key, &["--rehash", "--params", weak]).code(2));
    }
    for (params, why) in [
        ("m=4194304,t=1,p=1", "256 MiB"),
        ("m=19456,t=17,p=1", "256 MiB"),
        ("m=19456,t=2", "not parameters"),
        ("scrypt", "not parameters"),
        ("m=19456,t=0,p=1", "not parameters"),
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
        ("a changed character", damaged, "checksum of the key is wrong"),
        ("a lost character", key[..key.len() - 1].to_owned(), "checksum of the key is wrong"),
        ("no key of envward's", base62("foreign", 40), "this key has no id, so its hash cannot be found"),
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
        ("empty", String::new(), "this is not a hash"),
        ("the key itself", key.clone(), "this is not a hash"),
        ("eaten by Compose", good.replace("$argon2id$v", "").replace("$c29", "=c29"), "this is not a hash"),
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
        (&["--key-file", ".git"], "this is a directory"),
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
        (&["new", "--prefix", "ab", "--name", "", "--out", "k"], "a name or reason must have"),
        (&["new", "--prefix", "ab", "--name", "a\nb", "--out", "k"], "a name or reason must have"),
        (&["new", "--prefix", "ab", "--name", &key, "--out", "k"], "a name or reason must have"),
        (
            &["new", "--prefix", "ab", "--name", "x", "--out", "k", "--expires", "2020-01-01"],
            "expiry date of the key is in the past",
        ),
        (&["new", "--prefix", "ab", "--name", "x", "--out", "k", "--replaces", "AAAAAAAAAA"], "no key with this id"),
        (&["revoke", "short"], "not the id of a key"),
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
        assert!(output.stderr.contains("could guess it") && !output.stderr.contains(weak), "{weak}");
        drop(sandbox.command(&["key", "hash", "--allow-weak"]).stdin(weak).run().code(0));
    }
}

#[test]
fn a_key_that_others_can_read_is_said() {
    let (sandbox, _) = with_key();
    fs::set_permissions(sandbox.path("key"), PermissionsExt::from_mode(0o644)).unwrap();
    let output = sandbox.envward(&["key", "verify", "--key-file", "key"]).code(0);
    assert!(
        output.stderr.contains("other users can read the key in key (mode 0644): chmod 600 key"),
        "{}",
        output.stderr
    );
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
        assert!(output.stderr.contains("is damaged, or is not a ledger"), "{args:?}: {}", output.stderr);
    }
    let output = sandbox.envward(&["key", "new", "--prefix", "ab", "--name", "x", "--out", "k"]).code(2);
    assert!(output.stderr.contains("is damaged, or is not a ledger") && !sandbox.path("k").exists());
    let inside = sandbox.command(&["key", "list"]).env("ENVWARD_STATE_DIR", "state").run().code(2);
    assert!(inside.stderr.contains("inside the project"), "{}", inside.stderr);
}
