//! After git has written files.

use super::*;

#[test]
fn a_checkout_a_merge_and_a_rebase_name_loose_modes() {
    let sandbox = with_remote();
    commit(&sandbox, "backend/.env", GOOD);
    sandbox.git(&["checkout", "-qb", "side"]);
    commit(&sandbox, "backend/.env", "DB_PASSWORD={password2}\n");
    fs::set_permissions(sandbox.path("backend/.env"), Permissions::from_mode(0o600)).unwrap();
    // git gives it 0644.
    let said = |args: &[&str]| {
        let output = sandbox.git_command("", args).run().code(0);
        output.stdout + &output.stderr
    };
    for args in [&["checkout", "-q", "main"][..], &["merge", "-q", "side"], &["commit", "-q", "--amend", "-nm", "x"]] {
        let text = said(args);
        assert!(text.contains("chmod 600 backend/.env"), "{args:?}: {text}");
    }
    fs::set_permissions(sandbox.path("backend/.env"), Permissions::from_mode(0o600)).unwrap();
    assert_eq!(said(&["checkout", "-qb", "new"]), "");
}

#[test]
fn a_stash_that_was_popped() {
    let sandbox = with_remote();
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["stash", "-q", "-u"]);
    sandbox.git(&["stash", "pop", "-q"]);
    assert_eq!(fs::metadata(sandbox.path(".env")).unwrap().permissions().mode() & 0o777, 0o644);
    // git runs no hook for it; the next one says it.
    let output = sandbox.git_command("", &["checkout", "-qb", "new"]).run().code(0);
    assert!((output.stdout + &output.stderr).contains("chmod 600 .env"));
}

#[test]
fn a_checkout_ends_as_git_ends_it() {
    let sandbox = with_remote();
    sandbox.file("envward.toml", 0o644, "[[ignroe]]\n");
    let output = sandbox.git_command("", &["checkout", "-qb", "new"]).run().code(0);
    assert!(output.stderr.contains("did you mean"), "{}", output.stderr);
    let hook = sandbox.path(".git/hooks/post-checkout");
    let text = fs::read_to_string(&hook).unwrap();
    fs::write(&hook, text.replace(env!("CARGO_BIN_EXE_envward"), "/nowhere/envward")).unwrap();
    let output = sandbox.git_command("", &["checkout", "-q", "main"]).run().code(0);
    assert!(output.stderr.contains("/nowhere/envward"), "{}", output.stderr);
}
