//! New.

use super::*;

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
        assert_eq!(answer.stdout, format!("match: {} (x)\n", id(&key)));
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
    for (file, why) in [("key", "this file already exists"), ("link", "symbolic link"), ("", "directory")] {
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
    assert!(output.stderr.contains("no terminal that could show the key") && output.stderr.contains("--out"));
    assert_eq!(output.stdout, "");
    assert_eq!(list(&sandbox), [Value::Null; 0]);
}

#[test]
fn a_key_that_cannot_be_handed_over_is_taken_back() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.mkdir("open", 0o777);
    let output = sandbox.envward(&["key", "new", "--prefix", PREFIX, "--name", "x", "--out", "open/key"]).code(2);
    assert!(output.stderr.contains("everyone can write to the directory of this file"), "{}", output.stderr);
    let keys = list(&sandbox);
    assert_eq!((keys.len(), &keys[0]["state"]), (1, &Value::from("revoked")));
    assert_eq!(fs::read_dir(sandbox.path("open")).unwrap().count(), 0);
}
