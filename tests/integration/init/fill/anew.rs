//! Anew.

use super::*;

/// What is lost is told, and not made anew as on the first day: the files, what is lost of them, and what is named.
#[test]
fn what_was_in_use_is_not_made_anew_without_a_word() {
    let cases = [
        (".env.example", "POSTGRES_PASSWORD=\nJWT_SECRET=\n", "POSTGRES_PASSWORD of "),
        ("api/.env.sample", "ENCRYPTION_KEY=\n", "ENCRYPTION_KEY of "),
        ("prod.env.example", "DATABASE_URL=postgres://app:changeme@db/app\n", "DATABASE_URL of "),
    ];
    for (example, text, named) in cases {
        let sandbox = Sandbox::new();
        sandbox.file(example, 0o644, text);
        drop(sandbox.envward(&["init"]).code(0));
        let file = example.trim_end_matches(".example").trim_end_matches(".sample");
        fs::remove_file(sandbox.path(file)).unwrap();
        for args in [&["init"][..], &["init", "--dry-run"], &["init", example]] {
            let refused = sandbox.envward(args).code(2);
            assert!(refused.stderr.contains("these keys had other values before"), "{}", refused.stderr);
            assert!(refused.stderr.contains(named) && refused.stderr.contains("init --anew"), "{}", refused.stderr);
            assert!(!sandbox.path(file).exists());
        }
        // Also after a look that saw that it is gone.
        drop(sandbox.envward(&["rotation", "status"]));
        drop(sandbox.envward(&["init"]).code(2));
        drop(sandbox.envward(&["init", "--anew"]).code(0));
        assert!(sandbox.path(file).exists());
        drop(sandbox.envward(&["init"]).code(0));
    }
}

#[test]
fn what_nothing_else_keeps_is_made_anew() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\nSESSION_SECRET=\n");
    for _ in 0..2 {
        drop(sandbox.envward(&["init"]).code(0));
        fs::remove_file(sandbox.path(".env")).unwrap();
    }
    // Another file's password is another one; a key that the file has already is not asked about.
    sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
    drop(sandbox.envward(&["init"]).code(0));
    sandbox.file("api/.env.example", 0o644, "REDIS_PASSWORD=\n");
    drop(sandbox.envward(&["init"]).code(0));
    // Without a ledger nothing is known.
    fs::remove_dir_all(sandbox.root().join("state")).unwrap();
    fs::remove_file(sandbox.path(".env")).unwrap();
    drop(sandbox.envward(&["init"]).code(0));
}

#[test]
fn a_key_that_was_emptied_is_not_filled_by_generate_without_a_word() {
    let sandbox = Sandbox::new();
    let into = |more: &[&'static str], key: &'static str| {
        sandbox.envward(&[&["generate", "hex", "--bytes", "32", "--into", ".env", key], more].concat())
    };
    sandbox.file(".env", 0o600, "ENCRYPTION_KEY=\nSESSION_SECRET=\n");
    for key in ["ENCRYPTION_KEY", "SESSION_SECRET"] {
        drop(into(&[], key).code(0));
        let filled = into(&[], key).code(2);
        assert!(!filled.stderr.contains("other values"), "{}", filled.stderr);
    }
    sandbox.file(".env", 0o600, "ENCRYPTION_KEY=\nSESSION_SECRET=\n");
    let refused = into(&[], "ENCRYPTION_KEY").code(2);
    assert!(
        refused.stderr.contains("ENCRYPTION_KEY of ") && refused.stderr.contains("--replace"),
        "{}",
        refused.stderr
    );
    assert_eq!(value(&sandbox, ".env", "ENCRYPTION_KEY"), "");
    drop(into(&[], "SESSION_SECRET").code(0));
    drop(into(&["--replace"], "ENCRYPTION_KEY").code(0));
}
