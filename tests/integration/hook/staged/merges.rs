//! Merges and their kin.

use super::*;

/// A branch `side` with an env file that went past the hook; the current branch has none.
fn with_side(sandbox: &Sandbox) {
    sandbox.git(&["checkout", "-qb", "side"]);
    stage(sandbox, ".env", GOOD);
    sandbox.git(&["commit", "-qnm", "side"]);
    sandbox.git(&["checkout", "-q", "main"]);
    stage(sandbox, "other", "x\n");
    sandbox.git(&["commit", "-qm", "main"]);
}

#[test]
fn a_merge_that_brings_it() {
    let sandbox = guarded();
    with_side(&sandbox);
    let text = is_stopped(&sandbox, "", &["merge", "-q", "--no-edit", "side"]);
    assert!(text.contains("[env-file-staged]"), "{text}");
}

/// git overwrote the ignored env file before any hook ran: whoever reads only the advice loses its values.
#[test]
fn a_merge_that_replaced_the_values_in_use() {
    let sandbox = guarded();
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.git(&["add", ".gitignore"]);
    sandbox.git(&["commit", "-qm", "ignore"]);
    with_side(&sandbox);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    drop(sandbox.envward(&["rotation", "status"]));
    let text = is_stopped(&sandbox, "", &["merge", "-q", "--no-edit", "side"]);
    assert!(text.contains("[env-file-staged]"), "{text}");
    assert!(text.contains("envward: .env: git replaced this file; its secrets were in use."), "{text}");
    assert!(text.contains("docs/hooks.md"), "{text}");
}

#[test]
fn a_merge_of_what_a_remote_has_passes() {
    let sandbox = guarded();
    with_side(&sandbox);
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "side"]);
    drop(passes(&sandbox, &["merge", "-q", "--no-edit", "side"]));
    // What the merge itself adds is another matter.
    sandbox.git(&["reset", "-q", "--hard", "HEAD^"]);
    drop(sandbox.git_command("", &["merge", "-q", "--no-commit", "side"]).run().code(0));
    stage(&sandbox, "prod.env", "DB_PASSWORD={password2}\n");
    assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains("prod.env"));
}

#[test]
fn a_conflict_that_was_resolved() {
    let sandbox = tracked();
    sandbox.git(&["checkout", "-qb", "side"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    sandbox.git(&["commit", "-qnam", "side"]);
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password3}\n"));
    sandbox.git(&["commit", "-qnam", "main"]);
    drop(sandbox.git_command("", &["merge", "-q", "side"]).run().code(1));
    // In favour of HEAD nothing changes; in favour of the other side a secret does.
    sandbox.git(&["checkout", "-q", "--ours", ".env"]);
    sandbox.git(&["add", ".env"]);
    drop(passes(&sandbox, &["commit", "-qm", "ours"]));
    sandbox.git(&["reset", "-q", "--hard", "HEAD^"]);
    drop(sandbox.git_command("", &["merge", "-q", "side"]).run().code(1));
    sandbox.git(&["checkout", "-q", "--theirs", ".env"]);
    sandbox.git(&["add", ".env"]);
    is_stopped(&sandbox, "", &["commit", "-m", "theirs"]);
}

#[test]
fn split_and_sparse_indexes() {
    for setting in
        [&["update-index", "--split-index"][..], &["sparse-checkout", "set", "--cone", "--sparse-index", "a"]]
    {
        let (sandbox, value) = with_values();
        for path in ["a/x", "b/c/y"] {
            stage(&sandbox, path, "x\n");
        }
        sandbox.git(&["commit", "-qm", "more"]);
        sandbox.git(setting);
        sandbox.file("a/new.env", 0o600, fill(GOOD));
        sandbox.git(&["add", "-f", "-N", "a/new.env"]);
        stage(&sandbox, "a/x", "changed\n");
        drop(passes(&sandbox, &["commit", "-qm", "intent alone"]));
        stage(&sandbox, "a/z", &value);
        assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains("a/z:1"), "{setting:?}");
        sandbox.git(&["rm", "-q", "--cached", "a/z"]);
        sandbox.git(&["add", "-f", "a/new.env"]);
        is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    }
}

#[test]
fn a_mode_that_changes_is_no_content() {
    let sandbox = tracked();
    fs::set_permissions(sandbox.path(".env"), fs::Permissions::from_mode(0o700)).unwrap();
    sandbox.git(&["add", ".env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}
