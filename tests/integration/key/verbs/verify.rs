//! Verify.

use super::*;

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
        assert_eq!(other.stdout, "no match: the key does not belong to this hash\n");
    }
    // Also one that envward did not make.
    let foreign = base62("foreign", 40);
    let hash = sandbox.command(&args).stdin(&foreign).run().code(0).stdout;
    sandbox.file("hash", 0o600, hash);
    drop(verify(&sandbox, &foreign, &["--hash-file", "hash"]).code(0));
    drop(verify(&sandbox, &base62("other", 40), &["--hash-file", "hash"]).code(1));
}

#[test]
fn the_registry_says_what_became_of_a_key() {
    let (sandbox, key) = with_key();
    let id = id(&key);
    assert_eq!(list(&sandbox)[0]["last_verified"], Value::Null);
    drop(verify(&sandbox, &key, &[]).code(0));
    assert_ne!(list(&sandbox)[0]["last_verified"], Value::Null);

    let output = verify(&sandbox, &new_key(), &[]).code(1);
    assert_eq!(output.stdout, "no match: this project has no key with this id\n");

    // Another key's hash under this id.
    let other = new(&sandbox, "other", &["--replaces", &id]);
    let hash_of = |id: &str| format!("(SELECT hash FROM api_key WHERE id = '{id}')");
    plant(&sandbox, &format!("UPDATE api_key SET hash = {} WHERE id = '{id}'", hash_of(&self::id(&other))));
    let output = verify(&sandbox, &key, &[]).code(1);
    assert_eq!(output.stdout, "no match: the key with this id has another secret\n");
    assert_eq!(list(&sandbox)[0]["replaced_by"], Value::from(self::id(&other)));

    plant(&sandbox, &format!("UPDATE api_key SET expires = '2020-01-31' WHERE id = '{}'", self::id(&other)));
    let output = verify(&sandbox, &other, &[]).code(1);
    assert!(output.stdout.contains("expired; its last day was 2020-01-31"), "{}", output.stdout);

    let third = new(&sandbox, "third", &["--expires", "9999-01-31"]);
    let revoke = ["key", "revoke", &self::id(&third), "--reason", "laptop lost"];
    assert!(sandbox.envward(&revoke).code(0).stdout.contains("(ops laptop): revoked"));
    // As `key list` shows it.
    let shown = format!("takumi_admin_{}", self::id(&third));
    let listed = sandbox.envward(&["key", "list"]).code(0).stdout;
    assert!(listed.contains(&shown), "{listed}");
    assert!(sandbox.envward(&["key", "revoke", &shown]).code(0).stdout.contains("already revoked"));
    assert!(verify(&sandbox, &third, &[]).code(1).stdout.contains("was revoked on "));
    let keys = list(&sandbox);
    assert_eq!(
        keys.iter().map(|key| key["state"].as_str().unwrap()).collect::<Vec<_>>(),
        ["current", "expired", "revoked"]
    );
    assert_eq!((&keys[2]["reason"], &keys[2]["expires"]), (&"laptop lost".into(), &"9999-01-31".into()));
    assert!(keys.iter().all(|key| key.get("hash").is_none()));
    let text = sandbox.envward(&["key", "list", "--as-of", "2036-01-01"]).code(0).stdout;
    for word in
        [&id, "ops laptop", "expired", "revoked", "laptop lost", "replaced by", "last day 9999-01-31", " days old)"]
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
    assert!(run(&["key", "revoke", &id(&key)]).code(2).stderr.contains("this project has no key with this id"));
    assert_eq!(
        run(&["key", "list"]).code(0).stdout,
        "no keys; to make one: envward key new --prefix NAME --name WHO\n"
    );
    drop(verify(&sandbox, &key, &[]).code(0));
}
